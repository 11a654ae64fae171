//! The body of the first loop's thread: opens the run, drives its runtime, shuts it down.

use std::os::unix::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use loopscope_probe::{Recorder, console};
use loopscope_trace::{Flavor, ThreadRole};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use crate::engine::clock::participants::enter_run_thread;
use crate::engine::requests::command::{Command, Open};
use crate::engine::requests::incoming::{Incoming, WireRequest, connect, read_answer};
use crate::engine::run::counters::{Counters, counters};
use crate::engine::run::loops;
use crate::engine::run::opening::{Backlog, Opening};
use crate::engine::run::runtime::SHUTDOWN;
use crate::engine::state::run_state::RunState;

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
            // No server listens any more.
            Err(_) => drop(clients.send(Command::Lost(promise, open))),
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
    enter_run_thread(ThreadRole::Loop);
    let halted = drive.halted;
    let opening = Opening::new(Backlog::Here(drive.backlog), drive.open);
    if drive.state.scenario.story.runtime.flavor == Flavor::MultiThread {
        // This thread polls nothing and has no lane, so the clients' thread spawns.
        let state = drive.state;
        let open = Box::new(move || opening.begin(&state));
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
            opening.begin(&drive.state);
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
    enter_run_thread(ThreadRole::Loop);
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
