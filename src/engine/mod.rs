//! 2 RUN IT: plays a [`Scenario`] on a real tokio runtime that the probe watches.
//!
//! *In:* a scenario and a pace. *Out:* [`Batch`]es of events. *Invariant:* a stopped run leaves no
//! thread behind after 50 ms. *Absent on purpose:* what the events mean, and how they are drawn.

mod client;
mod cpu;
mod gil;
mod heartbeat;
mod host;
mod pool;
mod program;
mod runtime;
mod server;
mod signal;
mod stage;
mod supervise;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

pub use self::cpu::cpu_rate;
pub use self::runtime::{Counters, is_run_thread};
pub use self::supervise::Summary;
pub use crate::probe::detail;

use self::client::{Agenda, Command};
use self::gil::Gil;
use self::host::Real;
use self::runtime::Drive;
use self::signal::Signal;
use self::stage::{OpenCount, Stage, Texts};
use self::supervise::Supervisor;
use crate::probe::metrics::Meter;
use crate::probe::{Collector, Recorder};
use crate::scenario::{Action, Scenario, Step, Work};
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
    if uses_cpu(&scenario) {
        // Now, so that the first computation does not pay for it.
        cpu_rate();
    }
    let recorder = Recorder::new(options.speed);
    let story = &scenario.story;
    let runtime = runtime::build(&story.runtime, options.seed, &recorder, extras)?;
    let functions = if extras.metrics {
        scenario.functions.len()
    } else {
        0
    };
    let halt = Arc::new(Signal::default());
    let gil = story
        .runtime
        .gil
        .then(|| Arc::new(Gil::new(recorder.clone(), Arc::clone(&halt), options.speed)));
    let stage = Arc::new(Stage {
        texts: Texts::new(&scenario, &recorder),
        host: Box::new(Real {
            recorder: recorder.clone(),
            speed: options.speed,
            halt: Arc::clone(&halt),
            gil: gil.clone(),
        }),
        gil,
        runtime: runtime.handle().clone(),
        speed: options.speed,
        halt,
        open: OpenCount::default(),
        meters: (0..functions).map(|_| Meter::default()).collect(),
        recorder,
        scenario,
    });
    launch(&stage, runtime, extras)
}

/// The run's own threads: the loop, the clients, and the supervisor.
fn launch(
    stage: &Arc<Stage>,
    runtime: tokio::runtime::Runtime,
    extras: Extras,
) -> Result<Run, StartError> {
    let story = &stage.scenario.story;
    let (requests, backlog) = tokio::sync::mpsc::unbounded_channel();
    let (clients, commands) = mpsc::channel();
    let (halt_loop, halted) = oneshot::channel();
    let drive = Drive {
        stage: Arc::clone(stage),
        backlog,
        clients: clients.clone(),
        halted,
        open: stage.open.begin(),
    };
    let agenda = Agenda::new(stage);
    let own = Arc::clone(stage);
    let client_thread = thread::Builder::new()
        .name("clients".to_owned())
        .spawn(move || {
            runtime::enter_run_thread();
            client::play(&own, agenda, &commands, &requests);
        })?;
    // Several workers poll on threads of their own; then this one only waits for the end.
    let name = match story.runtime.flavor {
        Flavor::CurrentThread => "loop",
        Flavor::MultiThread => "root",
    };
    let loop_thread = thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || runtime::drive(runtime, drive))?;
    let (sender, batches) = mpsc::channel();
    let asked = Arc::new(Signal::default());
    let summary = Arc::default();
    let over = Arc::new(AtomicBool::new(false));
    let supervisor = Supervisor {
        collector: Collector::new(stage.recorder.clone()),
        batches: sender,
        asked: Arc::clone(&asked),
        halt: Arc::clone(&stage.halt),
        halt_loop,
        open: stage.open.clone(),
        limit: story.limit,
        clients: clients.clone(),
        client_thread,
        loop_thread,
        summary: Arc::clone(&summary),
        over: Arc::clone(&over),
        hold: extras.hold,
        sampler: extras.metrics.then(|| stage.sampler()),
    };
    let first = story.planned.first();
    let run = Run {
        batches,
        clients,
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

fn uses_cpu(scenario: &Scenario) -> bool {
    fn any(body: &[Step]) -> bool {
        body.iter().any(|step| match &step.action {
            Action::Cpu(_) => true,
            Action::Repeat { body, .. }
            | Action::SpawnBlocking {
                work: Work::Inline(body),
                ..
            } => any(body),
            _ => false,
        })
    }
    scenario
        .functions
        .iter()
        .any(|function| any(&function.body))
}
