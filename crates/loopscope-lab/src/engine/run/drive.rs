//! The body of the first loop's thread: opens the run, drives its runtime, shuts it down.

use std::os::unix::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use tokio::runtime::Runtime;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use crate::engine::clients::carry;
use crate::engine::clock::run_thread::enter_run_thread;
use crate::engine::requests::command::Command;
use crate::engine::requests::incoming::Incoming;
use crate::engine::requests::open::Open;
use crate::engine::run::counters::{Counters, counters};
use crate::engine::run::loops;
use crate::engine::run::opening::{Backlog, Opening};
use crate::engine::run::runtime::SHUTDOWN;
use crate::engine::state::run_state::RunState;
use loopscope_probe::console;
use loopscope_trace::{Flavor, ThreadRole};

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
        tokio::spawn(carry::carry(drive.backlog, address, clients, recorder));
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
