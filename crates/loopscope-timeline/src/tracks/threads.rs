//! Builds the threads' rows, one stretch for each turn, and the row that shows who has CPython's lock.

use crate::world::world::World;
use loopscope_trace::{Actor, BlockKind, Nanos, ProcessId, StepId, ThreadId};

/// A thread's row.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadTrack {
    /// The thread.
    pub thread: ThreadId,
    /// What it did, gaps are idle.
    pub spans: Vec<ThreadSpan>,
}

/// A stretch of one actor's turn on a thread; a new one begins where a block begins or ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThreadSpan {
    /// Its first moment.
    pub from: Nanos,
    /// Its end; `None` while it goes on.
    pub to: Option<Nanos>,
    /// Whose turn.
    pub actor: Actor,
    /// How the thread is held.
    pub blocking: Option<BlockKind>,
    /// The step.
    pub step: Option<StepId>,
}

/// Who had CPython's lock of one process over time.
#[derive(Clone, Debug, PartialEq)]
pub struct GilTrack {
    /// The child process; `None` for the one that loopscope runs in.
    pub process: Option<ProcessId>,
    /// Which thread had it; in gaps none did.
    pub spans: Vec<GilSpan>,
}

/// A stretch in which one thread had the lock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GilSpan {
    /// Its first moment.
    pub from: Nanos,
    /// Its end; `None` while it goes on.
    pub to: Option<Nanos>,
    /// Which thread.
    pub thread: ThreadId,
    /// Whose turn it was on that thread.
    pub actor: Option<Actor>,
}

/// Shows what a thread does now in its row.
pub(crate) fn show_thread(tracks: &mut Vec<ThreadTrack>, world: &World, id: ThreadId) {
    let Some(thread) = world.thread(id) else {
        return;
    };
    // Ids are dense, so this adds one row at most.
    while tracks.len() <= id.index() {
        tracks.push(ThreadTrack {
            thread: ThreadId::from(tracks.len()),
            spans: Vec::new(),
        });
    }
    let spans = &mut tracks[id.index()].spans;
    let now = world.now;
    let blocking = |held: Option<(_, _)>| held.map(|(kind, _)| kind);
    if let Some(last) = spans.last_mut()
        && last.to.is_none()
    {
        let goes_on = thread.doing.is_some_and(|doing| {
            doing.actor == last.actor && blocking(doing.blocking) == last.blocking
        });
        if goes_on {
            return;
        }
        if last.from == now {
            spans.pop();
        } else {
            last.to = Some(now);
        }
    }
    if let Some(doing) = thread.doing {
        spans.push(ThreadSpan {
            from: now,
            to: None,
            actor: doing.actor,
            blocking: blocking(doing.blocking),
            step: world.step_of(doing.actor),
        });
    }
}

/// Shows who has the lock now in the row of the thread's process.
pub(crate) fn show_gil(tracks: &mut Vec<GilTrack>, world: &World, id: ThreadId) {
    let Some(thread) = world.thread(id) else {
        return;
    };
    let process = thread.process;
    let place = tracks.iter().position(|track| track.process == process);
    let place = place.unwrap_or_else(|| {
        tracks.push(GilTrack {
            process,
            spans: Vec::new(),
        });
        tracks.len() - 1
    });
    let owner = world.shared.gil(process).and_then(|gil| gil.owner);
    let spans = &mut tracks[place].spans;
    if let Some(last) = spans.last_mut()
        && last.to.is_none()
    {
        if owner.is_some_and(|(owner, since)| owner == last.thread && since == last.from) {
            return;
        }
        if last.from == world.now {
            spans.pop();
        } else {
            last.to = Some(world.now);
        }
    }
    if let Some((thread, _)) = owner {
        let doing = world.thread(thread).and_then(|thread| thread.doing);
        spans.push(GilSpan {
            from: world.now,
            to: None,
            thread,
            actor: doing.map(|doing| doing.actor),
        });
    }
}
