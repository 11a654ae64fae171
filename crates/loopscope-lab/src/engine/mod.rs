//! 2 RUN IT: plays a [`Scenario`] on a real tokio runtime that the probe watches.
//!
//! *In:* a scenario and a pace. *Out:* [`Batch`]es of events. *Invariant:* a stopped run leaves no
//! thread behind after 50 ms. *Absent on purpose:* what the events mean, and how they are drawn.

mod agenda;
mod channels;
mod client;
mod composite;
mod computed;
mod connections;
mod cpu;
mod cx;
mod files;
mod flow;
mod frame;
mod further;
mod gil;
mod handler;
mod heartbeat;
mod host;
mod interpret;
mod jobs;
mod launch;
mod locks;
pub mod process;
mod promise;
mod runtime;
mod server;
mod setup;
mod signal;
mod stage;
mod state;
mod stop;
mod streams;
mod supervise;
mod tasks;
mod values;
mod waits;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

pub use self::cpu::cpu_rate;
pub use self::runtime::{Counters, is_run_thread};
pub use self::supervise::Summary;
pub use loopscope_probe::detail;

use self::client::Command;
use self::launch::launch;
use self::process::Children;
use self::runtime::Place;
use self::setup::Time;
use self::signal::Signal;
use self::stage::OpenCount;
use crate::scenario::Scenario;
use loopscope_probe::Inbox;
use loopscope_trace::{Batch, ClientId, Flavor, FunctionId, Story};

/// At what pace, and with which random choices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Scenario seconds in a wall second.
    pub speed: f64,
    /// Seeds tokio's own random choices.
    pub seed: u64,
}

/// What is asked of a run besides its pace; nothing unless told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Keep the runtime alive after the story's end, until [`Run::stop`]: the batch with the end
    /// is handed on at once, and nothing after it.
    pub hold: bool,
    /// Let tokio-metrics count too, and record its samples. It costs more than our recorder.
    pub metrics: bool,
}

/// Why a run could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The operating system refused a thread or a runtime.
    #[error("the runtime could not be started: {0}{cure}", cure = cure(.0))]
    Runtime(#[from] io::Error),
    /// The operating system refused a child process, or it did not get ready.
    #[error("a child process could not be started: {reason}: {cure}")]
    Child {
        /// What went wrong.
        reason: String,
        /// What helps.
        cure: &'static str,
    },
    /// The pace is no pace.
    #[error("the speed must be a number above zero, not {0}")]
    Speed(f64),
}

/// What helps where the system has refused a thread.
fn cure(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::WouldBlock => {
            ": raise the limit on processes and threads (`ulimit -u`), or ask for fewer"
        }
        _ => "",
    }
}

/// A run that goes on; dropping it stops it.
#[derive(Debug)]
pub struct Run {
    batches: Receiver<Batch>,
    clients: Sender<Command>,
    asked: Arc<Signal>,
    open: OpenCount,
    first: Option<(ClientId, FunctionId)>,
    summary: Arc<Mutex<Option<Summary>>>,
    over: Arc<AtomicBool>,
}

impl Run {
    /// What happens, in order: a batch every few milliseconds, also when nothing happened, so that
    /// `upto` goes on. Closed after the run's end and its shutdown.
    pub fn batches(&self) -> &Receiver<Batch> {
        &self.batches
    }

    /// Sends one more real request, now, to the first route that the scenario's clients use.
    /// False where there is no server, or the run is over.
    pub fn send_request(&self, client: Option<ClientId>) -> bool {
        let Some((first, function)) = self.first else {
            return false;
        };
        let open = self.open.begin();
        if self.asked.given() || self.over.load(Ordering::Acquire) {
            return false;
        }
        let command = Command::Live(client.unwrap_or(first), function, open);
        self.clients.send(command).is_ok()
    }

    /// Ends the run; returns at once.
    pub fn stop(&self) {
        self.asked.give();
    }

    /// What the run counted, once it is over.
    pub fn tally(&self) -> Option<Summary> {
        *self.summary.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Starts a run.
///
/// # Errors
/// A speed that is no pace, or an operating system that refuses a thread.
pub fn start(scenario: Arc<Scenario>, options: &Options) -> Result<Run, StartError> {
    start_with(scenario, options, Extras::default())
}

/// Like [`start`], with extras.
///
/// # Errors
/// As those of [`start`].
pub fn start_with(
    scenario: Arc<Scenario>,
    options: &Options,
    extras: Extras,
) -> Result<Run, StartError> {
    if !(options.speed.is_finite() && options.speed > 0.0) {
        return Err(StartError::Speed(options.speed));
    }
    let time = Time::of(&scenario.story, options.speed);
    let recorder = &time.recorder;
    let inbox = Inbox::default();
    let (children, door) = if scenario.story.runtime.processes > 1 {
        let (children, door) = Children::servers(&scenario, options, recorder, &inbox)?;
        (Some(children), Some(door))
    } else {
        (Children::pool(&scenario, options, recorder, &inbox)?, None)
    };
    // Whatever fails from here on, no child is left behind.
    let started = children.clone();
    let place = door.as_ref().map_or(Place::Alone, |_| Place::Fleet);
    let run = setup::stage(scenario, options, extras, time, children, place)
        .map_err(StartError::from)
        .and_then(|set| launch(set, door, extras, inbox));
    if let (Err(_), Some(children)) = (&run, started) {
        children.close();
    }
    run
}

/// Whether time can be computed for this story: on loops of one thread each, in one process, and
/// where tokio's hooks are there.
pub fn can_be_computed(story: &Story) -> bool {
    cfg!(tokio_unstable)
        && story.runtime.flavor == Flavor::CurrentThread
        && story.runtime.processes <= 1
        && story.steps.iter().all(|step| step.key != "process")
}
