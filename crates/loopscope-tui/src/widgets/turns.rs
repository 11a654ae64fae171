//! What each cell of a thread's row shows: one turn, many short ones, or nothing worth a cell.

use crate::layout::axis::Axis;
use crate::widgets::scene::Scene;
use crate::widgets::strip;
use crate::widgets::strip::open;
use loopscope_timeline::{ThreadSpan, ThreadTrack};
use loopscope_trace::Actor;

/// What a cell of a thread shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// It was held for at least half of the cell.
    Busy(Actor, bool),
    /// A lane with a letter had a short turn.
    Turn(Actor),
    /// Nothing worth a cell.
    Free,
}

/// How many of the first cells belong to the turn of the first one.
pub(crate) fn alike(inks: &[(Content, usize)]) -> usize {
    let same = |(one, two): (Content, Content)| match (one, two) {
        (Content::Busy(one, _), Content::Busy(two, _)) => one == two,
        (one, two) => one == two,
    };
    let first = inks.first();
    let run = inks.iter();
    run.take_while(|other| first.is_some_and(|first| same((first.0, other.0))))
        .count()
}

/// A turn has no room for a letter of its own in fewer cells, beside others that are as short.
const ROOM: usize = 3;

/// So many short turns beside each other are told by their number.
const MANY: usize = 4;

/// How many of the first cells are held by many short turns, one after the other; none where each has room.
pub(crate) fn crowded(inks: &[(Content, usize)]) -> usize {
    let (mut end, mut turns) = (0, 0);
    while let Some((Content::Busy(..), _)) = inks.get(end) {
        let wide = alike(&inks[end..]);
        if wide >= ROOM {
            break;
        }
        end += wide;
        turns += 1;
    }
    if turns >= MANY { end } else { 0 }
}

/// What each cell shows, and the place of the span behind it.
pub(crate) fn inks(scene: &Scene, track: &ThreadTrack, axis: &Axis) -> Vec<(Content, usize)> {
    let now = scene.now();
    let past = track.spans.partition_point(|span| span.from <= now);
    let spans = &track.spans[..past];
    let mut out: Vec<(Content, usize)> = (0..strip::drawn(axis, now, false))
        .map(|cell| ink(scene, spans, axis, cell))
        .collect();
    // The turn that goes on is drawn at once.
    if let Some(span) = spans.last().filter(|span| open(*span, now))
        && out.len() < usize::from(axis.cells)
        && now >= axis.page.from
    {
        let newest = Content::Busy(span.actor, span.blocking.is_some());
        if out.last().is_none_or(|shown| shown.0 != newest) {
            out.push((newest, spans.len() - 1));
        }
    }
    out
}

fn ink(scene: &Scene, spans: &[ThreadSpan], axis: &Axis, cell: u16) -> (Content, usize) {
    let bounds = (axis.start(cell), axis.start(cell + 1).min(scene.now()));
    let lettered = |key: (Actor, bool)| {
        scene
            .lane_of(key.0)
            .is_some_and(|lane| !scene.letter(lane).is_empty())
    };
    let key = |span: &ThreadSpan| (span.actor, span.blocking.is_some());
    let Some(found) = strip::cell(spans, bounds, key, lettered) else {
        return (Content::Free, 0);
    };
    let ink = if found.all * 2 >= bounds.1.since(bounds.0).0 {
        Content::Busy(found.key.0, found.key.1)
    } else if let Some(key) = Some(found.key).filter(|key| lettered(*key)).or(found.also) {
        Content::Turn(key.0)
    } else {
        Content::Free
    };
    (ink, found.span)
}
