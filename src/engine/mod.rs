//! 2 RUN IT: plays a [`Scenario`] on a real tokio runtime that the probe watches.
//!
//! *In:* a scenario and a pace. *Out:* [`Batch`]es of events. *Invariant:* a stopped run leaves no
//! thread behind after 50 ms. *Absent on purpose:* what the events mean, and how they are drawn.

mod agenda;
mod channels;
mod client;
mod composite;
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
use std::os::unix::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

pub use self::cpu::cpu_rate;
pub use self::runtime::{Counters, is_run_thread};
pub use self::supervise::Summary;
pub use crate::probe::detail;

use self::agenda::Agenda;
use self::client::{Command, Ways};
use self::process::Children;
use self::runtime::{Drive, Place};
use self::setup::Set;
use self::signal::Signal;
use self::stage::{OpenCount, Stage};
use self::supervise::Supervisor;
use crate::probe::{Collector, Inbox, Recorder};
use crate::scenario::Scenario;
use crate::trace::{Batch, ClientId, Flavor, FunctionId};

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
    #[error("the runtime could not be started: {0}")]
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
    let recorder = Recorder::new(options.speed);
    let inbox = Inbox::default();
    let (children, door) = if scenario.story.runtime.processes > 1 {
        let (children, door) = Children::servers(&scenario, options, &recorder, &inbox)?;
        (Some(children), Some(door))
    } else {
        (Children::pool(&scenario, options, &recorder, &inbox)?, None)
    };
    // Whatever fails from here on, no child is left behind.
    let started = children.clone();
    let place = door.as_ref().map_or(Place::Alone, |_| Place::Fleet);
    let run = setup::stage(scenario, options, extras, recorder, children, place)
        .map_err(StartError::from)
        .and_then(|set| launch(set, door, extras, inbox));
    if let (Err(_), Some(children)) = (&run, started) {
        children.close();
    }
    run
}

/// Starts the run's own threads: the loops, the clients, and the supervisor.
fn launch(
    set: Set,
    door: Option<SocketAddr>,
    extras: Extras,
    inbox: Inbox,
) -> Result<Run, StartError> {
    let (clients, commands) = mpsc::channel();
    let launched = threads(set, door, extras, inbox, (&clients, commands));
    if launched.is_err() {
        // Where a thread is missing, those that are there must not wait for it.
        let _ = clients.send(Command::End);
    }
    launched
}

fn threads(
    set: Set,
    door: Option<SocketAddr>,
    extras: Extras,
    inbox: Inbox,
    (clients, commands): (&Sender<Command>, Receiver<Command>),
) -> Result<Run, StartError> {
    let Set {
        stage,
        runtime,
        further,
    } = set;
    let (requests, backlog) = tokio::sync::mpsc::unbounded_channel();
    let (halt_loop, halted) = oneshot::channel();
    let drive = Drive {
        stage: Arc::clone(&stage),
        backlog,
        clients: clients.clone(),
        halted,
        open: stage.open.begin(),
    };
    let further = further.drive(&stage)?;
    let ways = Ways {
        commands,
        tell: clients.clone(),
        backlog: requests,
    };
    let client_thread = play_clients(&stage, ways)?;
    let loop_thread = drive_loop(runtime, drive, door)?;
    let (sender, batches) = mpsc::channel();
    let asked = Arc::new(Signal::default());
    let summary = Arc::default();
    let over = Arc::new(AtomicBool::new(false));
    let supervisor = Supervisor {
        collector: Collector::joining(stage.recorder.clone(), inbox),
        children: stage.children.clone(),
        batches: sender,
        asked: Arc::clone(&asked),
        halt: Arc::clone(&stage.halt),
        halt_loop,
        open: stage.open.clone(),
        limit: stage.scenario.story.limit,
        clients: clients.clone(),
        client_thread,
        loop_thread,
        further,
        stopped: Arc::clone(&stage.stopping.over),
        summary: Arc::clone(&summary),
        over: Arc::clone(&over),
        hold: extras.hold,
        sampler: extras.metrics.then(|| stage.sampler()),
    };
    let first = stage.scenario.story.planned.first();
    let run = Run {
        batches,
        clients: clients.clone(),
        asked,
        open: stage.open.clone(),
        first: first.map(|planned| (planned.client, planned.function)),
        summary,
        over,
    };
    thread::Builder::new()
        .name("collector".to_owned())
        .spawn(move || supervisor.run())?;
    Ok(run)
}

fn play_clients(stage: &Arc<Stage>, ways: Ways) -> io::Result<JoinHandle<()>> {
    let agenda = Agenda::new(stage);
    let own = Arc::clone(stage);
    thread::Builder::new()
        .name("clients".to_owned())
        .spawn(move || {
            runtime::enter_run_thread();
            client::play(&own, agenda, &ways);
        })
}

fn drive_loop(
    runtime: Runtime,
    drive: Drive,
    door: Option<SocketAddr>,
) -> io::Result<JoinHandle<Counters>> {
    // Several workers poll on threads of their own; then this one only waits for the end.
    let name = match drive.stage.scenario.story.runtime.flavor {
        Flavor::CurrentThread => "loop",
        Flavor::MultiThread => "root",
    };
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || match door {
            Some(door) => process::drive(runtime, drive, door),
            None => runtime::drive(runtime, drive),
        })
}
