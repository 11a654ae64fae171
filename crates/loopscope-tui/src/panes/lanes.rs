//! Requests and tasks over time.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::axis::Axis;
use crate::layout::plan::Size;
use crate::text::text;
use crate::widgets::rows::{LaneRow, rows};
use crate::widgets::scene::{LATE, Scene};
use crate::widgets::stage_view::{is_added, is_heartbeat};
use crate::widgets::strip::Run;
use crate::widgets::thread_row::{beat_cells, draw_beats, put_name};
use crate::widgets::watched::WatchedLanes;
use crate::widgets::{strip, thread_row, touches};
use loopscope_timeline::{Lane, LaneKind, Span, State, explain};
use loopscope_trace::{EventKind, Nanos};

/// Draws the lanes.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let axis = scene.axis(area);
    let (first, rows) = rows(scene, area);
    for (row, y) in rows.into_iter().zip(first..area.bottom()) {
        let theme = scene.view.theme;
        match row {
            LaneRow::Loop => thread_row::loop_lane(scene, &axis, area, y, buf),
            LaneRow::Lane(place) => {
                if let Some(lane) = scene.lanes.get(scene.view, place) {
                    draw_lane(scene, lane, &axis, area, y, buf);
                }
            }
            LaneRow::Done(count) => {
                let words = format!("+{count} done");
                put_name(scene, &words, theme.dim(), area, y, buf);
            }
            LaneRow::More(count) => {
                let words = format!("+{count} more");
                put_name(scene, &words, theme.dim(), area, y, buf);
            }
            LaneRow::Folded => {
                let words = scene.view.look.watched.and_then(WatchedLanes::words);
                let (x, _) = scene.names(area.width);
                let words = words.unwrap_or_default();
                text::put_in(buf, area, (x, y), &words, theme.dim());
            }
            LaneRow::Blank => {}
        }
    }
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
    put_name(scene, &scene.full_name(lane), style, area, y, buf);
    put_said(scene, lane, area, y, buf);
    let mut cells = cells(scene, lane, axis);
    let beats = is_heartbeat(scene.view, lane).then(|| {
        let task = match lane.kind {
            LaneKind::Task(task) => Some(task),
            LaneKind::Request(_) | LaneKind::Job(_) => None,
        };
        beat_cells(scene, axis, task)
    });
    for (cell, _) in beats.iter().flatten().enumerate().filter(|beat| *beat.1) {
        if let Some(cell) = cells.get_mut(cell) {
            *cell = None;
        }
    }
    let (mut start, mut over) = (0, None);
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
        let free = draw_run(scene, lane, axis, (start, end, longest, y), state, buf);
        over = state
            .is_final()
            .then_some((axis.left + start as u16, free + 1));
        start = end;
    }
    touches::marks(scene, lane, axis, (area, y, over), buf);
    if let Some(beats) = beats {
        draw_beats(scene, axis, &beats, y, buf);
    }
}

fn length(span: &Span, now: Nanos) -> Nanos {
    span.to.unwrap_or(now).min(now).since(span.from)
}

/// One run of cells with its words; gives the column behind it.
fn draw_run(
    scene: &Scene,
    lane: &Lane,
    axis: &Axis,
    (start, end, longest, y): (usize, usize, usize, u16),
    state: State,
    buf: &mut Buffer,
) -> u16 {
    let theme = scene.view.theme;
    let look = (theme.glyph(state), theme.state(state));
    let open = strip::open(&lane.spans[longest], scene.now());
    let run = Run::on(axis, (start as u16, end as u16, y), look, open);
    let quiet = state == State::Waiting && is_added(scene.view, lane);
    if state.is_final() {
        let room = axis.columns.saturating_sub(start as u16);
        let words = format!("{} {}", theme.glyph(state), strip::words(state)[0]);
        let fits = scene.size == Size::Roomy && text::width(&words) <= usize::from(room);
        let words = if fits { words.as_str() } else { run.glyph };
        return run.x + text::put(buf, run.x, y, words, room, run.style);
    } else if quiet {
        run.draw([], buf);
    } else {
        let span = &lane.spans[longest];
        let long = scene.length(length(span, scene.now()));
        let words = match state {
            State::OnPool if in_child(scene, lane) => &["in a process", "process"],
            _ => strip::words(state),
        };
        let mut labels: Vec<String> = words.iter().map(|word| format!("{word} {long}")).collect();
        labels.extend(words.last().map(ToString::to_string));
        let carried = touches::labels(scene, lane, span, &labels[0]);
        run.draw(carried.iter().chain(&labels).map(String::as_str), buf);
    }
    run.x + run.wide
}

/// Whether a lane shows a job of a child process.
fn in_child(scene: &Scene, lane: &Lane) -> bool {
    let LaneKind::Job(id) = lane.kind else {
        return false;
    };
    let job = scene.view.world.job(id);
    job.is_some_and(|job| job.pool == EventKind::PROCESS_POOL)
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
        && (last.state != State::Overdue || now.since(last.from) >= LATE)
        && out
            .last()
            .is_none_or(|shown| shown.is_none_or(|(state, _)| state != last.state))
    {
        // The cell that goes on is drawn if it has news.
        out.push(Some(newest));
    }
    out
}

/// What tokio-console says of it, and its number there, between the name and the strip.
fn put_said(scene: &Scene, lane: &Lane, area: Rect, y: u16, buf: &mut Buffer) {
    let wide = scene.says();
    if wide == 0 {
        return;
    }
    let (_, strip) = scene.names(area.width);
    let words = match explain::console(scene.view.timeline, lane.id, scene.view.world) {
        Some((word, Some(number))) => format!("{word} {number}"),
        Some((word, None)) => word.to_owned(),
        None => "not listed".to_owned(),
    };
    let x = area.x + strip.saturating_sub(wide);
    text::put(buf, x, y, &words, wide - 1, scene.view.theme.muted());
}
