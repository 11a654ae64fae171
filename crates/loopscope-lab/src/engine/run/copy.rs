//! A copy of the program in a child process: what it plays, and the frames that it writes.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

use loopscope_probe::{Collector, Inbox, console, set_thread_role};
use loopscope_trace::{Nanos, ThreadRole};
use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::engine::children::child::{self, ToChild, ToParent};
use crate::engine::run::drive::{Backlog, FirstTasks};
use crate::engine::run::loops;
use crate::engine::run::setup::Prepared;
use crate::engine::state::run_state::RunState;
use crate::engine::steps::interpret::play;
use crate::engine::steps::launch;

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
        if child::write(&mut *self.0.lock(), frame).is_err() {
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

/// Serves until the process ends.
pub(crate) fn serve(
    set: Prepared,
    listener: OwnedFd,
    frames: &Receiver<ToChild>,
    writer: &Writer,
    inbox: Inbox,
) {
    let Prepared {
        state,
        runtime,
        loops: further,
    } = set;
    // Its other loops and pools live as long as this process.
    let Ok(_driven) = further.drive(&state) else {
        std::process::exit(1);
    };
    let first_tasks = FirstTasks::new(Backlog::Listener(listener), state.open.begin());
    let (begin, begun) = oneshot::channel::<()>();
    let own = Arc::clone(&state);
    let looping = thread::Builder::new()
        .name("loop".to_owned())
        .spawn(move || {
            set_thread_role(ThreadRole::Loop);
            loops::take_place(&own, 0);
            let hidden = console::hide();
            runtime.block_on(async move {
                drop(hidden);
                // Ready to go before the moment, so that the start of a thread delays nothing.
                if begun.await.is_ok() {
                    first_tasks.begin(&own);
                }
                std::future::pending::<()>().await;
            });
        });
    if looping.is_err() {
        std::process::exit(1);
    }
    let mut begin = Some(begin);
    let mut inbox = Some(inbox);
    while let Ok(frame) = frames.recv() {
        let ToChild::Begin { origin } = frame else {
            continue;
        };
        state.recorder.start_at(origin);
        if let (Some(begin), Some(inbox)) = (begin.take(), inbox.take()) {
            let _ = begin.send(());
            later(&state);
            report(Arc::clone(&state), inbox, writer.clone());
        }
    }
}

/// Puts the programs on the loop that start after zero, each at its moment.
fn later(state: &Arc<RunState>) {
    let starts = state.scenario.starts.iter();
    let mut starts: Vec<_> = starts
        .filter(|start| start.at > Nanos::ZERO)
        .map(|start| (start.clone(), state.open.begin()))
        .collect();
    if starts.is_empty() {
        return;
    }
    starts.sort_by_key(|(start, _)| start.at);
    let own = Arc::clone(state);
    let started = thread::Builder::new()
        .name("clients".to_owned())
        .spawn(move || {
            set_thread_role(ThreadRole::Client);
            for (start, open) in starts {
                let left = start.at.since(own.host.now());
                thread::sleep(left.wall(own.speed));
                launch::start(&own, &start, open, play);
            }
        });
    if started.is_err() {
        std::process::exit(1);
    }
}
