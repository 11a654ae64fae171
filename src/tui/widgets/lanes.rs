//! Requests and tasks over time.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::strip::{self, Run};
use super::{Scene, is_added, is_heartbeat, threads};
use crate::timeline::{Lane, LaneId, Span, State};
use crate::trace::Nanos;
use crate::tui::axis::Axis;
use crate::tui::layout::Size;
use crate::tui::text;
use crate::tui::theme::Sign;

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The loop's thread, where the threads have no pane.
    Loop,
    /// A lane: its place in drawing order.
    Lane(usize),
    /// So many lanes that are done and folded.
    Done(usize),
    /// So many lanes above or below.
    More(usize),
    /// Nothing.
    Blank,
}

/// Draws the lanes.
pub fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let axis = scene.axis(area);
    let (first, rows) = rows(scene, area);
    for (row, y) in rows.into_iter().zip(first..area.bottom()) {
        let theme = scene.view.theme;
        match row {
            Row::Loop => threads::loop_lane(scene, &axis, area, y, buf),
            Row::Lane(place) => {
                if let Some(lane) = scene.lanes.get(scene.view, place) {
                    draw_lane(scene, lane, &axis, area, y, buf);
                }
            }
            Row::Done(count) => {
                let words = format!("+{count} done");
                put_name(scene, &words, theme.dim(), area, y, buf);
            }
            Row::More(count) => {
                let words = format!("+{count} more");
                put_name(scene, &words, theme.dim(), area, y, buf);
            }
            Row::Blank => {}
        }
    }
}

/// The lane in row `y`, for the mouse.
pub fn lane_at(scene: &Scene, area: Rect, y: u16) -> Option<LaneId> {
    let (first, rows) = rows(scene, area);
    match rows.get(usize::from(y.checked_sub(first)?))? {
        Row::Lane(place) => Some(scene.lanes.get(scene.view, *place)?.id),
        _ => None,
    }
}

/// What stands in each row, and where the first one is.
fn rows(scene: &Scene, area: Rect) -> (u16, Vec<Row>) {
    let air = u16::from(scene.size == Size::Roomy && area.height > 4);
    let spacing = 1 + usize::from(scene.spread);
    let room = usize::from(area.height - air).div_ceil(spacing);
    let mut rows = Vec::new();
    if scene.size <= Size::Medium {
        rows.push(Row::Loop);
    }
    let (story, all) = (scene.lanes.story(), scene.lanes.all());
    let added: Vec<usize> = (story..all)
        .filter(|place| scene.size > Size::Small || heartbeat(scene, *place))
        .collect();
    let space = room.saturating_sub(rows.len() + added.len());
    if scene.size == Size::Small && area.height < 6 {
        rows.extend(selected(scene).into_iter().take(space).map(Row::Lane));
    } else {
        rows.extend(story_rows(scene, space));
    }
    rows.extend(added.into_iter().map(Row::Lane));
    rows.truncate(room);
    let spaced = rows
        .into_iter()
        .flat_map(|row| std::iter::once(row).chain(std::iter::repeat_n(Row::Blank, spacing - 1)))
        .collect();
    (area.y + air, spaced)
}

fn heartbeat(scene: &Scene, place: usize) -> bool {
    scene
        .lanes
        .get(scene.view, place)
        .is_some_and(|lane| is_heartbeat(scene.view, lane))
}

/// The selected lane's place, else the newest one that is not done.
fn selected(scene: &Scene) -> Option<usize> {
    let places = 0..scene.lanes.story();
    let lane = |place: usize| scene.lanes.get(scene.view, place);
    let chosen = places
        .clone()
        .take(4096)
        .find(|place| lane(*place).is_some_and(|lane| Some(lane.id) == scene.view.selected));
    chosen.or_else(|| {
        places
            .clone()
            .take(64)
            .find(|place| lane(*place).is_some_and(|lane| !scene.state(lane.id).0.is_final()))
            .or(places.last())
    })
}

/// The story's own lanes in `space` rows: those that are done fold first, then one scrolls.
fn story_rows(scene: &Scene, space: usize) -> Vec<Row> {
    let story = scene.lanes.story();
    if story <= space {
        return (0..story).map(Row::Lane).collect();
    }
    if space == 0 {
        return Vec::new();
    }
    let live = |place: &usize| {
        scene.lanes.get(scene.view, *place).is_some_and(|lane| {
            Some(lane.id) == scene.view.selected || !scene.state(lane.id).0.is_final()
        })
    };
    let window = 4096.min(story);
    let start = story - window;
    let alive: Vec<usize> = (start..story).filter(live).collect();
    let done = story - alive.len();
    let first = scene.view.first_lane.min(alive.len().saturating_sub(1));
    let fold = usize::from(done > 0);
    let left = space.saturating_sub(fold);
    let shown = &alive[first..];
    let mut rows: Vec<Row> = Vec::with_capacity(space);
    if shown.len() > left {
        let fits = left.saturating_sub(1);
        rows.extend(shown.iter().take(fits).map(|place| Row::Lane(*place)));
        rows.push(Row::More(shown.len() - fits + first));
    } else {
        // What is done comes back as far as there is room.
        rows.extend(shown.iter().map(|place| Row::Lane(*place)));
    }
    if fold > 0 && rows.len() < space {
        rows.push(Row::Done(done));
    }
    rows
}

/// A lane's name and its cells.
fn draw_lane(scene: &Scene, lane: &Lane, axis: &Axis, area: Rect, y: u16, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let style = if scene.view.selected == Some(lane.id) {
        theme.cursor()
    } else if is_added(scene.view, lane) {
        theme.dim()
    } else {
        theme.text()
    };
    put_name(scene, &scene.name(lane), style, area, y, buf);
    let cells = cells(scene, lane, axis);
    let mut start = 0;
    while start < cells.len() {
        let Some((state, span)) = cells[start] else {
            start += 1;
            continue;
        };
        let same = |cell: &Option<(State, usize)>| cell.is_some_and(|(other, _)| other == state);
        let end = start + cells[start..].iter().take_while(|cell| same(cell)).count();
        let longest = cells[start..end]
            .iter()
            .flatten()
            .map(|(_, place)| *place)
            .max_by_key(|place| length(&lane.spans[*place], scene.now()))
            .unwrap_or(span);
        draw_run(scene, lane, axis, (start, end, longest, y), state, buf);
        start = end;
    }
    if is_heartbeat(scene.view, lane) {
        draw_beats(scene, axis, y, buf);
    }
}

fn length(span: &Span, now: Nanos) -> Nanos {
    span.to.unwrap_or(now).min(now).since(span.from)
}

/// One run of cells with its words.
fn draw_run(
    scene: &Scene,
    lane: &Lane,
    axis: &Axis,
    (start, end, longest, y): (usize, usize, usize, u16),
    state: State,
    buf: &mut Buffer,
) {
    let theme = scene.view.theme;
    let run = Run {
        x: axis.left + start as u16,
        y,
        wide: (end - start) as u16,
        offset: start as u16,
        glyph: theme.glyph(state),
        style: theme.state(state),
    };
    let quiet = state == State::Waiting && is_added(scene.view, lane);
    if state.is_final() {
        let room = axis.columns.saturating_sub(start as u16);
        let words = format!("{} {}", theme.glyph(state), strip::words(state)[0]);
        let fits = scene.size == Size::Roomy && text::width(&words) <= usize::from(room);
        let words = if fits { words.as_str() } else { run.glyph };
        text::put(buf, run.x, y, words, room, run.style);
    } else if quiet {
        run.draw([], buf);
    } else {
        let span = &lane.spans[longest];
        let long = scene.length(length(span, scene.now()));
        let words = strip::words(state);
        let mut labels: Vec<String> = words.iter().map(|word| format!("{word} {long}")).collect();
        labels.extend(words.last().map(ToString::to_string));
        run.draw(labels.iter().map(String::as_str), buf);
    }
}

/// The state of each cell that is drawn, with the place of its longest span.
fn cells(scene: &Scene, lane: &Lane, axis: &Axis) -> Vec<Option<(State, usize)>> {
    let now = scene.now();
    let past = lane.spans.partition_point(|span| span.from <= now);
    let spans = &lane.spans[..past];
    let Some(last) = spans.last() else {
        return Vec::new();
    };
    let over = last.state.is_final();
    let end = if over { last.from } else { now };
    let worker = !is_added(scene.view, lane);
    let turn = |state: State| worker && matches!(state, State::Running | State::Blocking);
    let whole = strip::drawn(axis, end, false);
    let mut out: Vec<Option<(State, usize)>> = (0..whole)
        .map(|cell| {
            let bounds = (axis.start(cell), axis.start(cell + 1).min(now));
            let cell = strip::cell(spans, bounds, |span| span.state, turn)?;
            // A turn that is shorter than its cell is a claim on the thread all the same.
            match (cell.key, cell.also) {
                (State::Waiting, Some(turn)) => Some((turn, cell.span)),
                (state, _) => Some((state, cell.span)),
            }
        })
        .collect();
    let newest = (last.state, spans.len() - 1);
    if now < axis.page.from || over && last.from < axis.page.from {
        return out;
    }
    if over {
        let place = usize::from(axis.cell(last.from));
        out.truncate(place);
        out.push(Some(newest));
    } else if out.len() < usize::from(axis.cells)
        && out
            .last()
            .is_none_or(|shown| shown.is_none_or(|(state, _)| state != last.state))
    {
        // The cell that goes on is drawn if it has news.
        out.push(Some(newest));
    }
    out
}

/// Each tick of the heartbeat, over its lane's cells.
pub fn draw_beats(scene: &Scene, axis: &Axis, y: u16, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let beats = scene.view.timeline.beats();
    let seen = beats.partition_point(|beat| *beat <= scene.now());
    let beats = &beats[..seen];
    for cell in 0..axis.cells {
        let from = beats.partition_point(|beat| *beat < axis.start(cell));
        let last = cell + 1 == axis.cells;
        let hit = beats
            .get(from)
            .is_some_and(|beat| last || *beat < axis.start(cell + 1));
        if hit {
            let x = axis.left + cell;
            text::put(buf, x, y, theme.sign(Sign::Beat), 1_u16, theme.text());
        }
    }
}

/// A name in front of a strip.
pub fn put_name(
    scene: &Scene,
    name: &str,
    style: ratatui::style::Style,
    area: Rect,
    y: u16,
    buf: &mut Buffer,
) {
    let (x, strip) = scene.names(area.width);
    text::put(buf, area.x + x, y, name, strip.saturating_sub(x + 1), style);
}
