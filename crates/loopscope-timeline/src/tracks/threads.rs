//! Builds the threads' rows: one stretch for each turn, cut where a block begins or ends.

use crate::tracks::track::{ThreadSpan, ThreadTrack};
use crate::world::world::World;
use loopscope_trace::ThreadId;

/// Shows what a thread does now in its row.
pub(crate) fn show(tracks: &mut Vec<ThreadTrack>, world: &World, id: ThreadId) {
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
