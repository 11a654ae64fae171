//! The child's way to its parent: frames, and batches of what it records.

use std::fs::File;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::engine::children::protocol;
use crate::engine::children::protocol::ToParent;
use crate::engine::state::run_state::RunState;
use loopscope_probe::{Collector, Inbox};

/// Between two looks at the rings.
const PERIOD: Duration = Duration::from_millis(2);

/// The longest silence of a child that is well.
const SIGN_OF_LIFE: Duration = Duration::from_millis(20);

/// Where frames to the parent are written.
#[derive(Clone, Debug)]
pub(crate) struct Writer(Arc<Mutex<File>>);

impl From<File> for Writer {
    fn from(out: File) -> Self {
        Self(Arc::new(Mutex::new(out)))
    }
}

impl Writer {
    /// Writes a frame. Where that fails the parent is gone, and then so is this process.
    pub(crate) fn write(&self, frame: &ToParent) {
        if protocol::write(&mut *self.0.lock(), frame).is_err() {
            std::process::exit(0);
        }
    }
}

/// Hands on what this process records, for ever.
pub(crate) fn report(state: Arc<RunState>, inbox: Inbox, writer: Writer) {
    let started = thread::Builder::new()
        .name("report".to_owned())
        .spawn(move || {
            let mut collector = Collector::in_child(state.recorder.clone(), inbox);
            let mut written = Instant::now();
            loop {
                let batch = collector.scan();
                // After the scan: nothing that is open now can have been closed before it.
                let open = state.open.get();
                if !batch.events.is_empty() || written.elapsed() >= SIGN_OF_LIFE {
                    written = Instant::now();
                    writer.write(&ToParent::Batch { batch, open });
                }
                thread::sleep(PERIOD);
            }
        });
    if started.is_err() {
        std::process::exit(1);
    }
}
