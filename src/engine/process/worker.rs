//! A copy of the server in a child process: its loop, on the inherited listener.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::thread;

use tokio::sync::oneshot;

use super::frame::ToChild;
use super::guest::{Mouth, report};
use crate::engine::runtime::{self, Backlog, Opening};
use crate::engine::setup::Set;
use crate::probe::{Inbox, console};

/// Serves until the process ends.
pub(super) fn serve(
    set: Set,
    door: OwnedFd,
    frames: &Receiver<ToChild>,
    mouth: &Mouth,
    inbox: Inbox,
) {
    let Set { stage, runtime, .. } = set;
    let opening = Opening::new(Backlog::Door(door), stage.open.begin());
    let (begin, begun) = oneshot::channel::<()>();
    let own = Arc::clone(&stage);
    let looping = thread::Builder::new()
        .name("loop".to_owned())
        .spawn(move || {
            runtime::enter_run_thread();
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
            report(Arc::clone(&stage), inbox, mouth.clone());
        }
    }
}
