//! One thread for all tasks, and one that holds it: the ticks come late.
//!
//! ```sh
//! loopscope watch -- cargo run -p loopscope-probe --example current_thread
//! ```

use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

fn main() -> std::io::Result<()> {
    loopscope_probe::install();
    let mut builder = Builder::new_current_thread();
    builder.enable_time();
    loopscope_probe::watch_threads(&mut builder);
    builder.build()?.block_on(async {
        let ticks = tokio::spawn(async {
            for _ in 0..40 {
                sleep(Duration::from_millis(20)).await;
            }
        });
        let blocks = tokio::spawn(async {
            sleep(Duration::from_millis(100)).await;
            thread::sleep(Duration::from_millis(300));
        });
        for task in [ticks, blocks] {
            let _ = task.await;
        }
    });
    Ok(())
}
