//! A small tokio program with the one line:
//!
//! ```sh
//! loopscope watch -- cargo run -p loopscope-probe --example plain
//! ```

use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::sleep;

fn main() -> std::io::Result<()> {
    loopscope_probe::install();
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_time();
    // Besides, when the workers sleep.
    loopscope_probe::watch_threads(&mut builder);
    builder.build()?.block_on(program());
    Ok(())
}

/// Ticks, a job on the pool, and a task that blocks its worker.
async fn program() {
    let ticks = tokio::spawn(async {
        for _ in 0..40 {
            sleep(Duration::from_millis(20)).await;
        }
    });
    let busy = tokio::spawn(async {
        for _ in 0..1_000 {
            yield_now().await;
        }
    });
    let job = spawn_blocking(|| thread::sleep(Duration::from_millis(100)));
    let waits = tokio::spawn(async { drop(job.await) });
    let blocks = tokio::spawn(async {
        sleep(Duration::from_millis(100)).await;
        thread::sleep(Duration::from_millis(300));
    });
    for task in [ticks, busy, waits, blocks] {
        let _ = task.await;
    }
}
