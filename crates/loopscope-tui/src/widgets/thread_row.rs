//! A row of a thread or a lane: its name, its ticks, its turns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::axis::Axis;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::strip;
use crate::widgets::strip::{Run, open};
use loopscope_timeline::{State, ThreadSpan, ThreadTrack};
use loopscope_trace::{Actor, TaskId, ThreadId, ThreadRole};

/// Which cells hold a tick of the heartbeat.
pub(crate) fn beat_cells(scene: &Scene, axis: &Axis, task: Option<TaskId>) -> Vec<bool> {
    let timeline = scene.view.timeline;
    let beats = task.map(|task| timeline.beats_of(task));
    let beats = beats.as_deref().unwrap_or_else(|| timeline.beats());
    let seen = beats.partition_point(|beat| *beat <= scene.now());
    let beats = &beats[..seen];
    (0..axis.cells)
        .map(|cell| {
            let first = beats.partition_point(|beat| *beat < axis.start(cell));
            let last = cell + 1 == axis.cells;
            beats
                .get(first)
                .is_some_and(|beat| last || *beat < axis.start(cell + 1))
        })
        .collect()
}

/// The ticks of the heartbeat.
pub(crate) fn draw_beats(scene: &Scene, axis: &Axis, beats: &[bool], y: u16, buf: &mut Buffer) {
    let theme = scene.view.theme;
    for (cell, _) in beats.iter().enumerate().filter(|beat| *beat.1) {
        let x = axis.left + cell as u16;
        text::put(buf, x, y, theme.sign(Sign::Beat), 1_u16, theme.text());
    }
}

/// A name in front of a strip.
pub(crate) fn put_name(
    scene: &Scene,
    name: &str,
    style: ratatui::style::Style,
    area: Rect,
    y: u16,
    buf: &mut Buffer,
) {
    let (x, strip) = scene.names(area.width);
    let wide = strip.saturating_sub(x + 1 + scene.says());
    text::put(buf, area.x + x, y, name, wide, style);
}

/// How many threads of the pools in use are busy, of how many.
pub(crate) fn figures(scene: &Scene) -> (u32, u32) {
    let pool = scene.view.world.pools_in_use();
    (pool.busy, pool.threads)
}

/// The tracks of the threads that have this role now.
pub(crate) fn of_role<'a>(
    scene: &Scene<'a>,
    role: ThreadRole,
) -> impl Iterator<Item = &'a ThreadTrack> {
    let view = scene.view;
    view.timeline.thread_tracks().iter().filter(move |track| {
        view.world
            .threads
            .get(track.thread.index())
            .is_some_and(|thread| thread.role == role)
    })
}

/// The loops' tracks by their names: a thread's first event comes when it likes.
pub(crate) fn loops<'a>(scene: &Scene<'a>) -> Vec<&'a ThreadTrack> {
    let mut tracks: Vec<&ThreadTrack> = of_role(scene, ThreadRole::Loop).collect();
    tracks.sort_by_key(|track| order(scene, track.thread));
    tracks
}

/// `loop` comes before `loop-2`, and that before `loop-10`.
pub(crate) fn order<'a>(scene: &Scene<'a>, thread: ThreadId) -> (usize, &'a str) {
    let thread = scene.view.world.thread(thread);
    let name = thread.map_or("", |thread| scene.view.timeline.trace().text(thread.name));
    (name.len(), name)
}

/// The loop's lane where the threads have no pane of their own.
pub(crate) fn loop_lane(scene: &Scene, axis: &Axis, area: Rect, y: u16, buf: &mut Buffer) {
    match loops(scene).first() {
        Some(track) => draw_track(scene, track, axis, area, y, buf),
        None => put_name(scene, "loop", scene.view.theme.text(), area, y, buf),
    }
}

/// What a cell of a thread shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// It was held for at least half of the cell.
    Busy(Actor, bool),
    /// A lane with a letter had a short turn.
    Turn(Actor),
    /// Nothing worth a cell.
    Free,
}

pub(crate) fn draw_track(
    scene: &Scene,
    track: &ThreadTrack,
    axis: &Axis,
    area: Rect,
    y: u16,
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let threads = &scene.view.world.threads;
    let Some(thread) = threads.get(track.thread.index()) else {
        return;
    };
    let name = scene.view.timeline.trace().text(thread.name);
    put_name(scene, name, theme.text(), area, y, buf);
    let inks = inks(scene, track, axis);
    let mut start = 0;
    while start < inks.len() {
        let (ink, span) = inks[start];
        let alike = |other: &(Content, usize)| match (ink, other.0) {
            (Content::Busy(one, _), Content::Busy(two, _)) => one == two,
            (one, two) => one == two,
        };
        let end = start
            + inks[start..]
                .iter()
                .take_while(|other| alike(other))
                .count();
        let run = (start as u16, end as u16, y);
        draw_run(scene, track, axis, run, (ink, span), thread.role, buf);
        for (cell, (ink, _)) in inks.iter().enumerate().take(end).skip(start + 1) {
            // Within one turn, plain running and holding look different.
            if let Content::Busy(_, held) = ink
                && ink != &inks[start].0
            {
                let state = busy_state(thread.role, *held);
                let x = axis.left + cell as u16;
                if buf[(x, y)].symbol() == theme.glyph(busy_state(thread.role, !held)) {
                    text::put(buf, x, y, theme.glyph(state), 1_u16, theme.state(state));
                }
            }
        }
        start = end;
    }
}

const fn busy_state(role: ThreadRole, held: bool) -> State {
    match (role, held) {
        (ThreadRole::Loop, true) => State::Blocking,
        (ThreadRole::Loop, false) => State::Running,
        (ThreadRole::Pool | ThreadRole::Client | ThreadRole::Process, _) => State::OnPool,
    }
}

/// A run of cells: the letter, the glyph, and what is being done where it fits.
fn draw_run(
    scene: &Scene,
    track: &ThreadTrack,
    axis: &Axis,
    (start, end, y): (u16, u16, u16),
    (ink, span): (Content, usize),
    role: ThreadRole,
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let letter = |actor: Actor| scene.lane_of(actor).map(|lane| scene.letter(lane));
    let mut run = Run {
        x: axis.left + start,
        y,
        wide: end - start,
        offset: start,
        glyph: " ",
        style: theme.dim(),
        open: track
            .spans
            .get(span)
            .is_some_and(|span| open(span, scene.now())),
    };
    match ink {
        Content::Free if role == ThreadRole::Loop => run.draw(["the loop is free", "free"], buf),
        Content::Free => {}
        Content::Turn(actor) => {
            let sign = letter(actor).unwrap_or(" ");
            text::put(buf, run.x, y, sign, 1_u16, theme.text());
        }
        Content::Busy(actor, held) => {
            let state = busy_state(role, held);
            run.glyph = theme.glyph(state);
            let lane = scene.lane_of(actor).map(|lane| lane.id);
            run.style = if scene.stands_back(lane) {
                theme.dim()
            } else {
                theme.state(state)
            };
            let step = track.spans.get(span).and_then(|span| span.step);
            run.draw(scene.written(step), buf);
            if let Some(letter) = letter(actor).filter(|letter| !letter.is_empty()) {
                text::put(buf, run.x, y, letter, run.wide.min(2), run.style);
            }
        }
    }
}

/// What each cell shows, and the place of the span behind it.
fn inks(scene: &Scene, track: &ThreadTrack, axis: &Axis) -> Vec<(Content, usize)> {
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
    let ink = if found.share * 2 >= bounds.1.since(bounds.0).0 {
        Content::Busy(found.key.0, found.key.1)
    } else if let Some(key) = Some(found.key).filter(|key| lettered(*key)).or(found.also) {
        Content::Turn(key.0)
    } else {
        Content::Free
    };
    (ink, found.span)
}
