//! Builds the row that shows who has CPython's lock: one for each process that uses it.

use crate::world::world::World;
use loopscope_trace::{Actor, Nanos, ProcessId, ThreadId};

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

/// Shows who has the lock now in the row of the thread's process.
pub(crate) fn show(tracks: &mut Vec<GilTrack>, world: &World, id: ThreadId) {
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
