//! A small tokio program that is watched, and blocks its loop once. It writes a recording that
//! `loopscope replay FILE` opens:
//!
//! ```sh
//! cargo run -p loopscope-probe --example watch -- FILE
//! ```

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use loopscope_probe::{Collector, Recorder, detail, spawn_blocking, spawn_here, watch};
use loopscope_trace::recording::Writer;
use loopscope_trace::{EndReason, Story};
use tokio::runtime::Builder;

/// Between two looks at what the threads have noted.
const PERIOD: Duration = Duration::from_millis(2);

fn main() -> io::Result<()> {
    let target = std::env::args_os().nth(1);
    let target = target.unwrap_or_else(|| "watch.jsonl".into());
    record(Path::new(&target))?;
    println!("loopscope replay {}", target.display());
    Ok(())
}

/// Runs the program, watched, and writes what happened to `target`.
pub fn record(target: &Path) -> io::Result<()> {
    let recorder = Recorder::new(1.0);
    let mut builder = Builder::new_current_thread();
    builder.enable_time();
    watch(&mut builder, &recorder);
    let runtime = builder.build()?;

    let story = Story {
        id: "watch".to_owned(),
        title: "A small program".to_owned(),
        speed: 1.0,
        detail: detail(),
        ..Story::default()
    };
    let mut writer = Writer::new(BufWriter::new(File::create(target)?), &story)?;
    let mut collector = Collector::new(recorder.clone());
    let over = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&over);
    // On a thread of its own, so that a blocked loop does not hold it up.
    let writing = thread::spawn(move || {
        while !stop.load(Ordering::Acquire) {
            writer.batch(&collector.scan())?;
            thread::sleep(PERIOD);
        }
        collector.run_ended(EndReason::Finished);
        writer.batch(&collector.finish())?;
        writer.finish()
    });

    recorder.start();
    runtime.block_on(program(&recorder));
    drop(runtime);
    over.store(true, Ordering::Release);
    let written = writing.join();
    written.unwrap_or_else(|_| Err(io::Error::other("the writing thread has panicked")))
}

/// What is watched: three tasks and a job. Where nothing is spawned by name, the names are places.
async fn program(recorder: &Recorder) {
    let ticks = spawn_here(recorder, async {
        for _ in 0..15 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let job = spawn_blocking(recorder, || thread::sleep(Duration::from_millis(60)));
    let reports = spawn_here(recorder, async { drop(job.await) });
    let blocks = spawn_here(recorder, async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        // Blocks the loop: nothing else runs, and the ticks come late.
        thread::sleep(Duration::from_millis(80));
    });
    for task in [ticks, reports, blocks] {
        let _ = task.await;
    }
}
