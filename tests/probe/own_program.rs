//! A program of somebody's own, watched by the library alone: the example is run, and its recording
//! read back.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::Command;

use loopscope::trace::{EventKind, Nanos, TaskId, ThreadRole, Trace, WakeCause, recording};

#[path = "../../crates/loopscope-probe/examples/watch.rs"]
#[allow(dead_code, reason = "its main is not called here")]
mod watch;

fn recorded(target: &Path) -> Trace {
    watch::record(target).unwrap();
    let reading = recording::read(BufReader::new(File::open(target).unwrap())).unwrap();
    reading.trace
}

/// The task whose poll lasted longest, and how long.
fn longest_poll(trace: &Trace) -> (TaskId, Nanos) {
    let mut began = None;
    let mut longest = (TaskId::NONE, Nanos::ZERO);
    for event in &trace.events {
        match event.kind {
            EventKind::PollStarted { task, .. } => began = Some((task, event.at)),
            EventKind::PollEnded { task, .. } => {
                let Some((of, at)) = began.take() else {
                    continue;
                };
                assert_eq!(of, task, "one loop polls one task at a time");
                if event.at.since(at) > longest.1 {
                    longest = (task, event.at.since(at));
                }
            }
            _ => {}
        }
    }
    longest
}

#[test]
fn a_blocked_poll_shows_under_the_place_of_its_spawn() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("watch.jsonl");
    let trace = recorded(&target);
    let (task, length) = longest_poll(&trace);
    assert!(length >= Nanos::from_millis(75), "only {length:?}");
    let name = trace.events.iter().find_map(|event| match event.kind {
        EventKind::TaskSpawned { task: of, name, .. } if of == task => Some(trace.text(name)),
        _ => None,
    });
    let line = include_str!("../../crates/loopscope-probe/examples/watch.rs")
        .lines()
        .position(|line| line.contains("let blocks = spawn_here("))
        .unwrap()
        + 1;
    let name = name.unwrap();
    assert!(name.ends_with(&format!("watch.rs:{line}")), "{name}");

    let program = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(["replay", "--plain"])
        .arg(&target)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&program.stderr);
    assert!(program.status.success(), "{said}");
}

#[test]
fn a_job_is_seen_on_a_thread_of_the_pool_and_wakes_the_task_that_awaits_it() {
    let folder = tempfile::tempdir().unwrap();
    let trace = recorded(&folder.path().join("watch.jsonl"));
    let kinds = || trace.events.iter().map(|event| event.kind);
    let (job, thread) = kinds()
        .find_map(|kind| match kind {
            EventKind::JobStarted { job, thread } => Some((job, thread)),
            _ => None,
        })
        .unwrap();
    let role = kinds().find_map(|kind| match kind {
        EventKind::ThreadStarted {
            thread: of, role, ..
        } if of == thread => Some(role),
        _ => None,
    });
    assert_eq!(role, Some(ThreadRole::Pool));
    let woken = |kind| matches!(kind, EventKind::Woken { by, .. } if by == WakeCause::Job(job));
    assert!(kinds().any(woken));
}
