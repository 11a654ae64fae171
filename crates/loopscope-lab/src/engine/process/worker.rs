//! A copy of the server in a child process: its loop, on the inherited listener.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;

use tokio::sync::oneshot;

use super::frame::ToChild;
use super::guest::{Mouth, report};
use crate::engine::further;
use crate::engine::runtime::{self, Backlog, Opening};
use crate::engine::setup::Set;
use crate::engine::stage::Stage;
use crate::engine::tasks;
use loopscope_probe::{Inbox, console, set_thread_role};
use loopscope_trace::{Nanos, ThreadRole};

/// Serves until the process ends.
pub(super) fn serve(
    set: Set,
    door: OwnedFd,
    frames: &Receiver<ToChild>,
    mouth: &Mouth,
    inbox: Inbox,
) {
    let Set {
        stage,
        runtime,
        further,
    } = set;
    // Its other loops and pools live as long as this process.
    let Ok(_driven) = further.drive(&stage) else {
        std::process::exit(1);
    };
    let opening = Opening::new(Backlog::Door(door), stage.open.begin());
    let (begin, begun) = oneshot::channel::<()>();
    let own = Arc::clone(&stage);
    let looping = thread::Builder::new()
        .name("loop".to_owned())
        .spawn(move || {
            runtime::enter_run_thread(ThreadRole::Loop);
            further::sit(&own, 0);
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
        stage.recorder.start_at(origin);
        if let (Some(begin), Some(inbox)) = (begin.take(), inbox.take()) {
            let _ = begin.send(());
            later(&stage);
            report(Arc::clone(&stage), inbox, mouth.clone());
        }
    }
}

/// Puts the programs on the loop that start after zero, each at its moment.
fn later(stage: &Arc<Stage>) {
    let starts = stage.scenario.starts.iter();
    let mut starts: Vec<_> = starts
        .filter(|start| start.at > Nanos::ZERO)
        .map(|start| (start.clone(), stage.open.begin()))
        .collect();
    if starts.is_empty() {
        return;
    }
    starts.sort_by_key(|(start, _)| start.at);
    let own = Arc::clone(stage);
    let started = thread::Builder::new()
        .name("clients".to_owned())
        .spawn(move || {
            set_thread_role(ThreadRole::Client);
            for (start, open) in starts {
                let left = start.at.since(own.host.now());
                thread::sleep(left.wall(own.speed));
                tasks::start(&own, &start, open);
            }
        });
    if started.is_err() {
        std::process::exit(1);
    }
}
