//! The first tasks of a process, and the body of the first loop's thread: opens the run, drives
//! its runtime, shuts it down.

use std::os::fd::OwnedFd;
use std::os::unix::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use loopscope_probe::{Announcement, Recorder, TaskCell, console, set_thread_role, spawn};
use loopscope_trace::{EventKind, Flavor, Nanos, TaskRole, ThreadRole};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use crate::engine::clock::host::polled;
use crate::engine::requests::shared_listener::lacking;
use crate::engine::requests::{accept, shared_listener};
use crate::engine::run::loops;
use crate::engine::run::runtime::{Counters, SHUTDOWN, counters};
use crate::engine::state::incoming::{Command, Incoming, WireRequest, connect, read_answer};
use crate::engine::state::open::Open;
use crate::engine::state::run_state::RunState;
use crate::engine::state::unwoken::telling;
use crate::engine::steps::interpret::play;
use crate::engine::steps::launch;

/// Beats at zero and then every `period`, on the grid while it keeps up. Beats that it missed are
/// gone: after a block it beats once, and the next one comes a whole period later.
pub(crate) async fn beat(state: Arc<RunState>, me: Arc<TaskCell>, period: Nanos) {
    let mut due = Nanos::ZERO;
    loop {
        state.recorder.record(EventKind::Beat { task: me.id() });
        let now = state.host.now();
        due += period;
        if due <= now {
            due = now + period;
        }
        me.waits_for_timer(due);
        state.host.sleep(due.since(now)).await;
    }
}

/// What the first tasks are made of.
#[derive(Debug)]
pub(crate) struct FirstTasks {
    backlog: Backlog,
    _open: Open,
}

/// Where requests wait.
#[derive(Debug)]
pub(crate) enum Backlog {
    /// In this process.
    Here(UnboundedReceiver<Incoming>),
    /// In the kernel, behind a listener that several processes share.
    Listener(OwnedFd),
}

impl Backlog {
    async fn accept(self, state: Arc<RunState>, me: Arc<TaskCell>) {
        match self {
            Self::Here(backlog) => accept::accept(state, me, backlog).await,
            Self::Listener(listener) => shared_listener::accept_shared(state, me, listener).await,
        }
    }
}

impl FirstTasks {
    /// What the first tasks of a process will be made of.
    pub(crate) const fn new(backlog: Backlog, open: Open) -> Self {
        Self {
            backlog,
            _open: open,
        }
    }

    /// Time starts; the loop gets its first tasks.
    pub(crate) fn begin(self, state: &Arc<RunState>) {
        let (recorder, runtime) = (&state.recorder, &state.runtime);
        let story = &state.scenario.story;
        recorder.start();
        if let Some(children) = &state.children {
            children.begin();
        }
        let announced = |role, name| Announcement {
            on: state.thread_of(0),
            ..Announcement::new(role, recorder.intern(name))
        };
        let (own, gil) = (Arc::clone(state), state.gil.clone());
        if story.heartbeat > Nanos::ZERO {
            let (own, gil, period) = (Arc::clone(&own), gil.clone(), story.heartbeat);
            let announcement = announced(TaskRole::Heartbeat, "heartbeat");
            let _ = spawn(recorder, runtime, announcement, "heartbeat", |me| {
                polled(gil, beat(own, me, period))
            });
        }
        if story.is_server() {
            let announcement = announced(TaskRole::Accept, "accept");
            let _ = spawn(recorder, runtime, announcement, "accept", |me| {
                let unwoken = own.loops.first().and_then(|own| own.unwoken.clone());
                polled(gil, telling(unwoken, self.backlog.accept(own, me)))
            });
        }
        for start in &state.scenario.starts {
            if start.at == Nanos::ZERO {
                launch::start(state, start, state.open.begin(), play);
            }
        }
    }
}

/// Sends each request on a connection of its own, and waits for its answer there.
pub(crate) async fn carry(
    mut requests: UnboundedReceiver<Incoming>,
    address: SocketAddr,
    clients: Sender<Command>,
    recorder: Recorder,
) {
    while let Some(incoming) = requests.recv().await {
        let Incoming {
            request,
            open,
            promise,
            ..
        } = incoming;
        let Some(promise) = promise else { continue };
        let wire = WireRequest {
            request,
            function: incoming.function,
            name: incoming.name,
        };
        let (clients, recorder) = (clients.clone(), recorder.clone());
        match connect(&address, &wire) {
            Ok(stream) => drop(tokio::spawn(async move {
                match read_answer(&stream).await {
                    None => drop(clients.send(Command::Lost(promise, open))),
                    // Recorded by the server already; here it only reaches the client.
                    Some(text) if promise.settle() => promise.notify(recorder.intern(&text)),
                    Some(_) => {}
                }
            })),
            Err(error) => drop(clients.send(match lacking(&error) {
                Some(what) => Command::Refused(promise, recorder.intern(&what), open),
                // No server listens any more.
                None => Command::Lost(promise, open),
            })),
        }
    }
}

/// What the loop's thread is given.
pub(crate) struct Drive {
    pub(crate) state: Arc<RunState>,
    pub(crate) backlog: UnboundedReceiver<Incoming>,
    pub(crate) clients: Sender<Command>,
    pub(crate) halted: oneshot::Receiver<()>,
    /// The run itself, until its first tasks are there.
    pub(crate) open: Open,
}

/// The body of the loop's thread: starts the run, drives it until it is halted, shuts it down
/// without waiting for more than [`SHUTDOWN`], and returns tokio's counters.
pub(crate) fn drive(runtime: Runtime, drive: Drive) -> Counters {
    set_thread_role(ThreadRole::Loop);
    let halted = drive.halted;
    let first_tasks = FirstTasks::new(Backlog::Here(drive.backlog), drive.open);
    if drive.state.scenario.story.runtime.flavor == Flavor::MultiThread {
        // This thread polls nothing and has no lane, so the clients' thread spawns.
        let state = drive.state;
        let open = Box::new(move || first_tasks.begin(&state));
        let _ = drive.clients.send(Command::Open(open));
        drop(drive.clients);
        let hidden = console::hide();
        runtime.block_on(async move {
            drop(hidden);
            drop(halted.await);
        });
    } else {
        let clock = drive.state.clock.clone();
        loops::take_place(&drive.state, 0);
        let hidden = console::hide();
        runtime.block_on(async move {
            // The root's own row has been hidden; its tasks' must not be.
            drop(hidden);
            first_tasks.begin(&drive.state);
            if let Some(clock) = &drive.state.clock {
                clock.iterate(0);
            }
            // The first turns are over before the first request.
            tokio::task::yield_now().await;
            let _ = drive.clients.send(Command::Begin);
            drop((drive.state, drive.clients));
            loops::until(clock, 0, halted).await;
        });
    }
    let metrics = runtime.metrics();
    runtime.shutdown_timeout(SHUTDOWN);
    counters(&metrics)
}

/// The body of the thread of a server with several processes: it has no loop of its own, and only
/// carries requests to them and answers back.
pub(crate) fn drive_parent(runtime: Runtime, drive: Drive, address: SocketAddr) -> Counters {
    set_thread_role(ThreadRole::Loop);
    // No part of the story: neither watched nor listed.
    let _hidden = console::hide();
    runtime.block_on(async move {
        let (clients, recorder) = (drive.clients.clone(), drive.state.recorder.clone());
        tokio::spawn(carry(drive.backlog, address, clients, recorder));
        drive.state.recorder.start();
        if let Some(children) = &drive.state.children {
            children.begin();
        }
        let _ = drive.clients.send(Command::Begin);
        drop((drive.state, drive.clients, drive.open));
        drop(drive.halted.await);
    });
    runtime.shutdown_background();
    Counters::default()
}
