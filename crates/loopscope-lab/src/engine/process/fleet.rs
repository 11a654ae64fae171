//! The parent of a server with several processes: it has no loop of its own, only the clients.

use std::os::unix::net::SocketAddr;

use tokio::runtime::Runtime;

use super::door;
use crate::engine::client::Command;
use crate::engine::runtime::{self, Counters, Drive};
use loopscope_probe::console;
use loopscope_trace::ThreadRole;

/// The body of the thread that carries requests to the door and waits for answers.
pub(in crate::engine) fn drive(runtime: Runtime, drive: Drive, door: SocketAddr) -> Counters {
    runtime::enter_run_thread(ThreadRole::Loop);
    // No part of the story: neither watched nor listed.
    let _hidden = console::hide();
    runtime.block_on(async move {
        let (clients, recorder) = (drive.clients.clone(), drive.stage.recorder.clone());
        tokio::spawn(door::carry(drive.backlog, door, clients, recorder));
        drive.stage.recorder.start();
        if let Some(children) = &drive.stage.children {
            children.begin();
        }
        let _ = drive.clients.send(Command::Begin);
        drop((drive.stage, drive.clients, drive.open));
        drop(drive.halted.await);
    });
    runtime.shutdown_background();
    Counters::default()
}
