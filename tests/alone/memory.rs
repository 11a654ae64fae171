//! What is watched for long must not fill the memory.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::time::Duration;

use crate::common::alone::{in_a_process_of_its_own, one_at_a_time};
use loopscope::probe::{Collector, Recorder, spawn_blocking, spawn_here, watch};
use tokio::runtime::Builder;

/// The memory that this process has in use, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.unwrap().parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn ended_tasks_and_jobs_leave_nothing_behind() {
    let _turn = one_at_a_time();
    in_a_process_of_its_own("memory::ended_tasks_and_jobs_leave_nothing_behind", || {
        let recorder = Recorder::new(1.0);
        let mut builder = Builder::new_current_thread();
        watch(&mut builder, &recorder);
        let runtime = builder.max_blocking_threads(1).build().unwrap();
        recorder.start();
        let mut collector = Collector::new(recorder.clone());
        let mut round = |tasks: u32| {
            for number in 0..tasks {
                runtime.block_on(async {
                    spawn_here(&recorder, async {}).await.unwrap();
                    tokio::spawn(async {}).await.unwrap();
                    spawn_blocking(&recorder, || {}).await.unwrap();
                });
                if number % 1_000 == 0 {
                    collector.scan();
                }
            }
            // What was noted within the last moment is handed on by a later look.
            std::thread::sleep(Duration::from_millis(5));
            collector.scan();
            assert_eq!(collector.open_tasks(), 0);
            assert_eq!(collector.tally().dropped, 0);
            resident()
        };
        // The rings are filled first, and the ids that are kept for a while.
        let mut last = round(20_000);
        let mut grown: Vec<u64> = (0..9)
            .map(|_| {
                let before = std::mem::replace(&mut last, round(12_000));
                last.saturating_sub(before)
            })
            .collect();
        // The allocator takes memory in steps; four bytes an id would be 140 KiB in each round.
        grown.sort_unstable();
        assert!(grown[4] < 64, "{grown:?} KiB, each for 24,000 tasks");
    });
}
