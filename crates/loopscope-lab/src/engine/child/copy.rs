//! A copy of the server in a child process: its loop, on the inherited listener.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;

use tokio::sync::oneshot;

use crate::engine::child::writer::{Writer, report};
use crate::engine::children::protocol::ToChild;
use crate::engine::clock::run_thread::enter_run_thread;
use crate::engine::run::loops;
use crate::engine::run::opening::{Backlog, Opening};
use crate::engine::run::setup::Set;
use crate::engine::state::run_state::RunState;
use crate::engine::steps::interpret::play;
use crate::engine::steps::launch;
use loopscope_probe::{Inbox, console, set_thread_role};
use loopscope_trace::{Nanos, ThreadRole};

/// Serves until the process ends.
pub(crate) fn serve(
    set: Set,
    listener: OwnedFd,
    frames: &Receiver<ToChild>,
    writer: &Writer,
    inbox: Inbox,
) {
    let Set {
        state,
        runtime,
        loops: further,
    } = set;
    // Its other loops and pools live as long as this process.
    let Ok(_driven) = further.drive(&state) else {
        std::process::exit(1);
    };
    let opening = Opening::new(Backlog::Listener(listener), state.open.begin());
    let (begin, begun) = oneshot::channel::<()>();
    let own = Arc::clone(&state);
    let looping = thread::Builder::new()
        .name("loop".to_owned())
        .spawn(move || {
            enter_run_thread(ThreadRole::Loop);
            loops::take_place(&own, 0);
            let hidden = console::hide();
            runtime.block_on(async move {
                drop(hidden);
                // Ready to go before the moment, so that the start of a thread delays nothing.
                if begun.await.is_ok() {
                    opening.begin(&own);
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
