//! Starts a run: its child processes, then its own threads.

use std::os::unix::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::{io, thread};

use loopscope_probe::{Collector, Inbox, set_thread_role};
use loopscope_trace::{Batch, ClientId, Flavor, FunctionId, ThreadRole};
use parking_lot::Mutex;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::engine::children::pool::Children;
use crate::engine::clock::participants::Signal;
use crate::engine::options::{Extras, Options, StartError};
use crate::engine::requests::clients::{self, Channels};
use crate::engine::requests::connections::Schedule;
use crate::engine::run::drive::{Drive, drive, drive_parent};
use crate::engine::run::runtime::{Counters, Place, Summary};
use crate::engine::run::setup::{self, Prepared, Time};
use crate::engine::run::supervise::Supervisor;
use crate::engine::state::incoming::Command;
use crate::engine::state::open::OpenCount;
use crate::engine::state::run_state::RunState;
use crate::scenario::model::scenario::Scenario;

/// A run that goes on; dropping it stops it.
#[derive(Debug)]
pub struct Run {
    pub(crate) batches: Receiver<Batch>,
    pub(crate) clients: Sender<Command>,
    pub(crate) asked: Arc<Signal>,
    pub(crate) open: OpenCount,
    pub(crate) first: Option<(ClientId, FunctionId)>,
    pub(crate) summary: Arc<Mutex<Option<Summary>>>,
    pub(crate) over: Arc<AtomicBool>,
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
        *self.summary.lock()
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
    let given = (options, extras.program.as_ref());
    let (children, address) = if scenario.story.runtime.processes > 1 {
        raise_descriptors();
        let (children, address) = Children::servers(&scenario, given, recorder, &inbox)?;
        (Some(children), Some(address))
    } else {
        (Children::pool(&scenario, given, recorder, &inbox)?, None)
    };
    // Whatever fails from here on, no child is left behind.
    let started = children.clone();
    let place = address.as_ref().map_or(Place::Alone, |_| Place::Parent);
    let run = setup::build(scenario, options, &extras, time, children, place)
        .map_err(StartError::from)
        .and_then(|set| launch(set, address, &extras, inbox));
    if let (Err(_), Some(children)) = (&run, started) {
        children.close();
    }
    run
}

/// Starts the run's own threads: the loops, the clients, and the supervisor.
fn launch(
    set: Prepared,
    address: Option<SocketAddr>,
    extras: &Extras,
    inbox: Inbox,
) -> Result<Run, StartError> {
    let (clients, commands) = mpsc::channel();
    let launched = threads(set, address, extras, inbox, (&clients, commands));
    if launched.is_err() {
        // Where a thread is missing, those that are there must not wait for it.
        let _ = clients.send(Command::End);
    }
    launched
}

fn threads(
    set: Prepared,
    address: Option<SocketAddr>,
    extras: &Extras,
    inbox: Inbox,
    (clients, commands): (&Sender<Command>, Receiver<Command>),
) -> Result<Run, StartError> {
    let (state, runtime) = (set.state, set.runtime);
    state.tell_its_end();
    let (requests, backlog) = tokio::sync::mpsc::unbounded_channel();
    let (halt_loop, halted) = oneshot::channel();
    let (sender, batches) = mpsc::channel();
    let drive = Drive {
        state: Arc::clone(&state),
        backlog,
        clients: clients.clone(),
        halted,
        open: state.open.begin(),
    };
    let channels = Channels {
        commands,
        sender: clients.clone(),
        backlog: requests,
    };
    let run = Run {
        batches,
        clients: clients.clone(),
        asked: Arc::default(),
        open: state.open.clone(),
        first: state.first_planned(),
        summary: Arc::default(),
        over: Arc::default(),
    };
    let supervisor = Supervisor {
        collector: Collector::joining(state.recorder.clone(), inbox),
        batches: sender,
        asked: Arc::clone(&run.asked),
        halt_loop,
        clients: clients.clone(),
        further: set.loops.drive(&state)?,
        client_thread: play_clients(&state, channels)?,
        loop_thread: drive_loop(runtime, drive, address)?,
        summary: Arc::clone(&run.summary),
        over: Arc::clone(&run.over),
        hold: extras.hold,
        sampler: extras.metrics.then(|| state.sampler()),
        state,
    };
    supervise(supervisor)?;
    Ok(run)
}

fn supervise(supervisor: Supervisor) -> io::Result<()> {
    let room = room_for_a_job()?;
    thread::Builder::new()
        .name("collector".to_owned())
        .spawn(move || supervisor.run())?;
    drop(room);
    Ok(())
}

/// A thread that is there until the sender is dropped. A pool that gets not even one thread would
/// never do a job, and the run never end: better not to begin.
fn room_for_a_job() -> io::Result<Sender<()>> {
    let (sender, dropped) = mpsc::channel::<()>();
    thread::Builder::new().spawn(move || dropped.recv())?;
    Ok(sender)
}

fn play_clients(state: &Arc<RunState>, channels: Channels) -> io::Result<JoinHandle<()>> {
    let schedule = Schedule::new(state);
    let own = Arc::clone(state);
    thread::Builder::new()
        .name("clients".to_owned())
        .spawn(move || {
            set_thread_role(ThreadRole::Client);
            clients::play(&own, schedule, &channels);
        })
}

fn drive_loop(
    runtime: Runtime,
    given: Drive,
    address: Option<SocketAddr>,
) -> io::Result<JoinHandle<Counters>> {
    // Several workers poll on threads of their own; then this one only waits for the end.
    let name = match given.state.scenario.story.runtime.flavor {
        Flavor::CurrentThread => "loop",
        Flavor::MultiThread => "root",
    };
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || match address {
            Some(address) => drive_parent(runtime, given, address),
            None => drive(runtime, given),
        })
}

/// Lets this process, and the children that it starts, open as many files as the system allows.
fn raise_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = Rlimit {
            current: limit.maximum,
            ..limit
        };
        // Where it is refused, a request that finds none free says so.
        let _ = setrlimit(Resource::Nofile, raised);
    }
}
