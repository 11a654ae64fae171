//! What a lane read and wrote of what is shared: words in its spans, and marks where a write wiped another one out.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::axis::Axis;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::rows::place_of;
use crate::widgets::scene::Scene;
use loopscope_timeline::{Lane, Span, Touch};
use loopscope_trace::{Actor, EventKind, Nanos};

/// A read and the write that follows from it have at most so many others between them.
const NEAR: usize = 32;

/// A read or a write, with what stands in its event.
struct Told<'a> {
    at: Nanos,
    writes: bool,
    of: u16,
    value: &'a str,
    over: Option<Actor>,
}

fn moment(scene: &Scene, touch: &Touch) -> Nanos {
    let events = &scene.view.timeline.trace().events;
    events
        .get(touch.event as usize)
        .map_or(Nanos::ZERO, |event| event.at)
}

fn told<'a>(scene: &Scene<'a>, touch: &Touch) -> Option<Told<'a>> {
    let trace = scene.view.timeline.trace();
    let event = trace.events.get(touch.event as usize)?;
    let (writes, of, value) = match event.kind {
        EventKind::VariableRead {
            variable, value, ..
        } => (false, variable, value),
        EventKind::VariableWritten {
            variable, value, ..
        } => (true, variable, value),
        _ => return None,
    };
    Some(Told {
        at: event.at,
        writes,
        of,
        value: trace.text(value),
        over: touch.over,
    })
}

/// `read 0`, and `writes 1`, of a span between a read and the write that follows from it; the second one is empty
/// where it has not come.
pub(crate) fn around(scene: &Scene, lane: &Lane, span: &Span) -> Option<(String, String)> {
    let touches = scene.view.timeline.touches_at(lane.id, scene.view.world);
    let told = |touch: &Touch| told(scene, touch);
    // What happens at the end of a span that has a length belongs to the next one.
    let is_past = |at: Nanos| match span.to {
        Some(to) if to > span.from => at < to,
        Some(to) => at <= to,
        None => true,
    };
    let past = touches.partition_point(|touch| is_past(moment(scene, touch)));
    let near = past.saturating_sub(NEAR);
    let is_read = |touch: &Touch| told(touch).is_some_and(|it| !it.writes);
    let place = near + touches[near..past].iter().rposition(is_read)?;
    let read = told(&touches[place])?;
    let mut later = touches[place + 1..].iter().take(NEAR).filter_map(told);
    let write = later.find(|told| told.of == read.of);
    if write.as_ref().is_some_and(|write| write.at < span.from) {
        return None;
    }
    let write = write.filter(|write| write.writes);
    // What is never written again is told where it was read only.
    let place = lane.spans.partition_point(|other| other.from < span.from);
    let before = place
        .checked_sub(1)
        .map_or(Nanos::ZERO, |before| lane.spans[before].from);
    if write.is_none() && read.at < before {
        return None;
    }
    let variables = &scene.view.timeline.story().variables;
    let name = variables.get(usize::from(read.of));
    let name = name.filter(|_| variables.len() > 1);
    let name = name.map_or_else(String::new, |name| format!("{} ", name.name));
    let writes = write.map(|write| format!("writes {}", write.value));
    let read = format!("read {name}{}", read.value);
    Some((text::clean(&read), text::clean(&writes.unwrap_or_default())))
}

/// The labels of a span in which a value is carried from a read to a write, the longest first.
pub(crate) fn labels(scene: &Scene, lane: &Lane, span: &Span, plain: &str) -> Vec<String> {
    let between = format!(" {} ", scene.view.theme.sign(Sign::Ellipsis));
    match around(scene, lane, span) {
        None => Vec::new(),
        Some((read, writes)) if writes.is_empty() => {
            vec![[read.as_str(), plain].join(&between), read]
        }
        Some((read, writes)) => vec![
            [read.as_str(), plain, &writes].join(&between),
            [read.as_str(), &writes].join(&between),
            read,
        ],
    }
}

/// Marks each write of a lane that wiped out another one's: the sign at the write, or, with whose write it was, behind
/// the end that follows at once (`end`: its column, and the first one that is free). Where rows lie between the two
/// lanes, a line joins them.
pub(crate) fn marks(
    scene: &Scene,
    lane: &Lane,
    axis: &Axis,
    (area, y, end): (Rect, u16, Option<(u16, u16)>),
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let touches = scene.view.timeline.touches_at(lane.id, scene.view.world);
    let first = touches.partition_point(|touch| moment(scene, touch) < axis.page.from);
    let seen = touches[first..].iter();
    let seen = seen.take_while(|touch| moment(scene, touch) <= axis.page.end());
    let lost = seen.filter(|touch| touch.over.is_some());
    for told in lost.filter_map(|touch| told(scene, touch)) {
        let cell = axis.left + axis.cell(told.at).min(axis.cells.saturating_sub(1));
        let behind = end.filter(|(end, _)| cell + 1 >= *end);
        let x = behind.map_or(cell, |(_, free)| free);
        let other = told.over.and_then(|actor| scene.lane_of(actor));
        let name = other.map(|lane| scene.short(lane)).unwrap_or_default();
        let sign = theme.sign(Sign::Bad);
        let room = area.right().saturating_sub(x);
        let labels = [
            format!("{sign} over {name}'s write: lost"),
            format!("{sign} over {name}"),
            format!("{sign}{name}"),
            sign.to_owned(),
        ];
        let fits = |label: &&String| behind.is_some() && text::width(label) <= usize::from(room);
        let label = labels.iter().find(fits).unwrap_or(&labels[3]);
        text::put(buf, x, y, label, room, theme.focus());
        let top = other.and_then(|other| place_of(scene, area, other.id));
        if let Some(top) = top {
            let (first, last) = (top.y.min(y) + 1, top.y.max(y));
            for y in first..last {
                if buf[(x, y)].symbol() == " " {
                    text::put(buf, x, y, theme.sign(Sign::Bar), 1_u16, theme.focus());
                }
            }
        }
    }
}
