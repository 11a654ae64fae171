//! Two runtimes in one program: tasks of both are seen, each on its own threads.
//!
//! ```sh
//! loopscope watch -- cargo run -p loopscope-probe --example several_runtimes
//! ```

use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::time::sleep;

fn main() -> std::io::Result<()> {
    loopscope_probe::install();
    let (sender, mut receiver) = mpsc::channel::<u32>(4);
    let measures = thread::spawn(move || -> std::io::Result<()> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        runtime.block_on(async {
            for measure in 0..20 {
                sleep(Duration::from_millis(25)).await;
                let _ = sender.send(measure).await;
            }
        });
        Ok(())
    });
    let runtime = Builder::new_multi_thread().worker_threads(2).build()?;
    runtime.block_on(async {
        while let Some(measure) = receiver.recv().await {
            // A task a measure; every fifth holds its worker.
            tokio::spawn(async move {
                if measure % 5 == 4 {
                    thread::sleep(Duration::from_millis(80));
                }
            });
        }
    });
    measures
        .join()
        .unwrap_or_else(|_| Err(std::io::Error::other("the measuring thread has panicked")))
}
