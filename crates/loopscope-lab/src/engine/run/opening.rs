//! The first tasks of a process: heartbeat, accept, and the programs that start at zero.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use loopscope_probe::{Announcement, TaskCell, spawn};
use loopscope_trace::{EventKind, Nanos, TaskRole};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::clock::gil;
use crate::engine::requests::command::Open;
use crate::engine::requests::incoming::Incoming;
use crate::engine::server::accept;
use crate::engine::state::run_state::RunState;
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
pub(crate) struct Opening {
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
            Self::Listener(listener) => accept::accept_shared(state, me, listener).await,
        }
    }
}

impl Opening {
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
        if story.heartbeat > Nanos::ZERO {
            let own = Arc::clone(state);
            let period = story.heartbeat;
            let announcement = Announcement {
                on: state.thread_of(0),
                ..Announcement::new(TaskRole::Heartbeat, recorder.intern("heartbeat"))
            };
            let _ = spawn(recorder, runtime, announcement, "heartbeat", |me| {
                gil::polled(own.gil.clone(), beat(own, me, period))
            });
        }
        if story.is_server() {
            let own = Arc::clone(state);
            let announcement = Announcement {
                on: state.thread_of(0),
                ..Announcement::new(TaskRole::Accept, recorder.intern("accept"))
            };
            let gil = own.gil.clone();
            let _ = spawn(recorder, runtime, announcement, "accept", |me| {
                gil::polled(gil, self.backlog.accept(own, me))
            });
        }
        for start in &state.scenario.starts {
            if start.at == Nanos::ZERO {
                launch::start(state, start, state.open.begin(), play);
            }
        }
    }
}
