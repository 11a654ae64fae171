//! Threads over time: whose turn it was, how it held the thread, and who had the lock of CPython.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::axis::Axis;
use crate::layout::plan::Size;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::StageView;
use crate::widgets::thread_row::{draw_track, loops, of_role};
use crate::widgets::{strip, thread_row};
use loopscope_timeline::{GilSpan, GilTrack, Pool, State, ThreadTrack};
use loopscope_trace::{Nanos, ThreadId, ThreadRole};

impl strip::Stretch for GilSpan {
    fn from(&self) -> Nanos {
        self.from
    }
    fn to(&self) -> Option<Nanos> {
        self.to
    }
}

/// How many rows there are at the playhead.
pub(crate) fn gil_rows(scene: &Scene) -> usize {
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
pub(crate) fn draw_gil(
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
    thread_row::put_name(scene, &name, theme.text(), area, y, buf);
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

/// More threads of a kind than this are not drawn as rows.
const ROWS: usize = 32;

/// One row of the pane.
enum ThreadRow<'a> {
    /// A thread over time.
    Track(&'a ThreadTrack),
    /// What has CPython's lock.
    Gil(usize),
    /// Words alone, and whether they are no more than a figure.
    Words(String, bool),
}

/// The loops, what has the lock, a figure for each pool, and a row a thread of these.
fn all<'a>(scene: &Scene<'a>) -> Vec<ThreadRow<'a>> {
    let mut rows: Vec<ThreadRow> = loops(scene)
        .into_iter()
        .take(ROWS)
        .map(ThreadRow::Track)
        .collect();
    if rows.is_empty() {
        rows.push(ThreadRow::Words("loop".to_owned(), false));
    }
    rows.extend((0..gil_rows(scene)).map(ThreadRow::Gil));
    let figures = pools(scene).map(|(name, pool)| format!("{name} {}/{}", pool.busy, pool.threads));
    rows.extend(figures.map(|words| ThreadRow::Words(words, true)));
    let children = of_role(scene, ThreadRole::Process);
    let tracks = children.chain(of_role(scene, ThreadRole::Pool));
    rows.extend(tracks.map(ThreadRow::Track));
    rows
}

/// The rows that have room, the thread of the selected lane among them; how many stand above and below.
fn window<'a>(scene: &Scene<'a>, area: Rect) -> (Vec<ThreadRow<'a>>, usize, usize) {
    let mut rows = all(scene);
    let room = usize::from(area.height - air(scene, area));
    let place = selected(scene, &rows);
    let first = place.map_or(0, |place| (place + 1).saturating_sub(room));
    let below = rows.len().saturating_sub(first + room);
    rows.drain(..first);
    rows.truncate(room);
    (rows, first, below)
}

fn air(scene: &Scene, area: Rect) -> u16 {
    u16::from(scene.size == Size::Roomy && area.height > 3)
}

/// The title, and how many rows have no room.
pub(crate) fn title(scene: &Scene, area: Rect) -> String {
    match window(scene, area) {
        (_, 0, 0) => "threads".to_owned(),
        (_, above, 0) => format!("threads   {above} more above"),
        (_, _, below) => format!("threads   {below} more below"),
    }
}

/// Draws as many rows as fit.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let (axis, theme) = (scene.axis(area), scene.view.theme);
    let (rows, ..) = window(scene, area);
    for (row, y) in rows.iter().zip(area.y + air(scene, area)..) {
        match row {
            ThreadRow::Track(track) => draw_track(scene, track, &axis, area, y, buf),
            ThreadRow::Gil(nth) => draw_gil(scene, *nth, &axis, (area, y), buf),
            ThreadRow::Words(words, dim) => {
                let style = if *dim { theme.dim() } else { theme.text() };
                thread_row::put_name(scene, words, style, area, y, buf);
            }
        }
    }
}

/// The row of the thread that the selected lane has.
fn selected(scene: &Scene, rows: &[ThreadRow]) -> Option<usize> {
    let lane = scene.view.selected?;
    let is_its = |track: &ThreadTrack| {
        let doing = scene
            .view
            .world
            .thread(track.thread)
            .and_then(|thread| thread.doing);
        let lane_of = |actor| scene.view.timeline.lane_of(actor);
        doing.is_some_and(|doing| lane_of(doing.actor) == Some(lane))
    };
    rows.iter()
        .position(|row| matches!(row, ThreadRow::Track(track) if is_its(track)))
}

/// The pools with their names; the default one only where it is used or there is nothing else.
fn pools<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (&'a str, Pool)> {
    let (world, story) = (scene.view.world, scene.view.timeline.story());
    let others = !world.pools.is_empty() || of_role(scene, ThreadRole::Process).next().is_some();
    let used = world.pool.threads > 0 && (world.pool.peak_busy > 0 || !others);
    let default = used.then_some(("pool", world.pool));
    let named = story.pools.iter().zip(&world.pools);
    let named = named.map(|(named, other)| (named.name.as_str(), other.pool));
    default.into_iter().chain(named)
}

/// How many rows the threads would like to have.
pub(crate) fn rows(view: &StageView) -> u16 {
    let (mut loops, mut pool) = (0, 0);
    for thread in view.world.threads.iter().take(256) {
        match thread.role {
            ThreadRole::Loop => loops += 1,
            ThreadRole::Pool => pool += 1,
            ThreadRole::Process => pool += 1,
            ThreadRole::Client => {}
        }
    }
    let gil = u16::from(view.timeline.story().runtime.gil);
    let named = view.world.pools.len().min(4) as u16;
    loops.max(1) + gil + named + 1 + pool.min(8)
}
