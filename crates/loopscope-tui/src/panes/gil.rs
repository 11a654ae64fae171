//! Who has CPython's lock over time, where a run models it: a letter a cell, and who wants it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::axis::Axis;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::{lane_parts, strip};
use loopscope_timeline::{GilSpan, GilTrack, State};
use loopscope_trace::{Nanos, ThreadId};

impl strip::Stretch for GilSpan {
    fn from(&self) -> Nanos {
        self.from
    }
    fn to(&self) -> Option<Nanos> {
        self.to
    }
}

/// How many rows there are at the playhead.
pub(crate) fn rows(scene: &Scene) -> usize {
    let tracks = scene.view.timeline.gil_tracks().iter();
    let begun = |track: &&GilTrack| {
        let first = track.spans.first();
        first.is_some_and(|span| span.from <= scene.now())
    };
    let begun = tracks.filter(begun).count();
    // The row is there from the start, so that nothing moves at the first turn.
    begun.max(usize::from(scene.view.timeline.story().runtime.gil))
}

/// Draws the row `nth`: `GIL model  ABABBA`.
pub(crate) fn draw(
    scene: &Scene,
    nth: usize,
    axis: &Axis,
    (area, y): (Rect, u16),
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let timeline = scene.view.timeline;
    let track = timeline.gil_tracks().get(nth);
    let process = track.and_then(|track| track.process);
    let process = process.and_then(|id| scene.view.world.shared.processes.get(id.index()));
    let name = process.map_or_else(
        || "GIL model".to_owned(),
        |process| format!("GIL {}", timeline.trace().text(process.name)),
    );
    lane_parts::put_name(scene, &name, theme.text(), area, y, buf);
    let Some(track) = track else {
        return;
    };
    let now = scene.now();
    let past = track.spans.partition_point(|span| span.from <= now);
    let spans = &track.spans[..past];
    let style = theme.state(State::Running);
    for cell in 0..strip::drawn(axis, now, true) {
        let bounds = (axis.start(cell), axis.start(cell + 1).min(now));
        let key = |span: &GilSpan| span.thread;
        let Some(found) = strip::cell(spans, bounds, key, |_| false) else {
            continue;
        };
        if found.share * 2 < bounds.1.since(bounds.0).0 {
            continue;
        }
        let sign = spans
            .get(found.span)
            .map_or("", |span| letter(scene, span, found.key));
        let sign = match sign {
            "" => theme.glyph(State::Running),
            sign => sign,
        };
        text::put(buf, axis.left + cell, y, sign, 1_u16, style);
    }
}

/// The letter of who had its turn on the thread that had the lock.
fn letter<'a>(scene: &Scene<'a>, span: &GilSpan, thread: ThreadId) -> &'a str {
    let tracks = scene.view.timeline.thread_tracks();
    let turns = tracks.get(thread.index()).map(|track| &track.spans);
    // A thread may have taken the lock before it began the turn.
    let turn = turns.and_then(|turns| {
        let middle = span
            .to
            .map_or(span.from, |to| Nanos(u64::midpoint(span.from.0, to.0)));
        let place = turns.partition_point(|turn| turn.from <= middle);
        turns.get(place.checked_sub(1)?)
    });
    let actor = turn.map(|turn| turn.actor).or(span.actor);
    let lane = actor.and_then(|actor| scene.lane_of(actor));
    lane.map_or("", |lane| scene.letter(lane))
}
