//! The pool: its threads as slots, and its load over time.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::axis::Axis;
use crate::layout::plan::Size;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::thread_row;
use loopscope_timeline::{State, explain};
use loopscope_trace::{Clock, Nanos, ThreadRole};

/// The most cells that stand for threads.
const SLOTS: u32 = 40;

/// The threads of the pool as slots where there is room for them, else as a figure.
pub(crate) fn slots(scene: &Scene, area: Rect, buf: &mut Buffer) {
    if scene.view.watched().is_some() {
        return named(scene, area, buf);
    }
    let theme = scene.view.theme;
    let (busy, all) = thread_row::figures(scene);
    let queued = scene.view.world.pools_in_use().queued;
    if area.height == 0 || all == 0 {
        return;
    }
    let x = area.x + 1;
    text::put(buf, x, area.y, "pool", 4_u16, theme.dim());
    // In computed time a rule decides which thread takes a job.
    let model = scene.view.timeline.story().clock == Clock::Virtual;
    if model && area.height > 1 {
        text::put(buf, x, area.y + 1, "model", 6_u16, theme.dim());
    }
    let wide = area.width >= 70;
    if !wide && (area.height < 2 || busy + queued == 0) {
        let room = area.width.saturating_sub(8);
        let threads = explain::number_of(all as usize, "thread");
        let mut words = format!("{busy} of {threads}   {queued} queued");
        if model && area.height < 2 {
            // Rather small gaps than half a word.
            let close = format!("{busy} of {threads}  {queued} queued  model");
            let ample = format!("{words}   model");
            let fits = |words: &String| text::width(words) <= usize::from(room);
            words = [ample, close].into_iter().find(fits).unwrap_or(words);
        }
        let style = if busy + queued == 0 {
            theme.dim()
        } else {
            theme.text()
        };
        text::put(buf, x + 7, area.y, &words, room, style);
        return;
    }
    let row = if wide { 40 } else { 20 };
    put_slots(scene, row, Rect { x: x + 7, ..area }, buf);
    let figures = x + 7 + row as u16 + if wide { 3 } else { 2 };
    let room = area.right().saturating_sub(figures);
    let unit = if wide { " busy" } else { "" };
    let words = format!("{busy} of {all}{unit}");
    text::put(buf, figures, area.y, &words, room, theme.text());
    if area.height > 1 {
        let words = format!("{queued} queued");
        text::put(buf, figures, area.y + 1, &words, room, theme.text());
    }
}

/// A row a pool that has had work: its name, and how many of its threads are busy: of a program that is watched.
fn named(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let world = scene.view.world;
    let pools = &scene.view.timeline.story().pools;
    let others = world.pools.iter().zip(pools);
    let others = others.map(|(other, named)| (named.name.as_str(), &other.pool));
    let all = std::iter::once(("pool", &world.pool)).chain(others);
    let used = all.filter(|(_, pool)| pool.peak_busy + pool.peak_queued > 0);
    let mut y = area.y;
    for (name, pool) in used.take(usize::from(area.height)) {
        let size = match pool.threads {
            0 | u32::MAX => "?".to_owned(),
            size => size.to_string(),
        };
        let words = format!(
            "{name}  {} of {size} busy, {} queued",
            pool.busy, pool.queued
        );
        let style = match pool.busy + pool.queued {
            0 => theme.dim(),
            _ => theme.text(),
        };
        text::put_in(buf, area, (1, y), &words, style);
        y += 1;
    }
    if y == area.y {
        text::put_in(
            buf,
            area,
            (1, y),
            "no pool thread has had work yet",
            theme.dim(),
        );
    }
}

/// The slots, and below them those who are queued where there is a row for them.
fn put_slots(scene: &Scene, row: u32, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let (busy, all) = thread_row::figures(scene);
    let cells = all.min(SLOTS);
    let rows = cells.div_ceil(row).min(u32::from(area.height));
    // A pool of more threads than cells: each cell stands for several.
    let full = (u64::from(busy) * u64::from(cells)).div_ceil(u64::from(all)) as u32;
    let state = State::OnPool;
    for slot in 0..cells.min(rows * row) {
        let (sign, style) = if slot < full {
            (theme.glyph(state), theme.state(state))
        } else {
            (theme.sign(Sign::Slot), theme.dim())
        };
        let x = area.x + (slot % row) as u16;
        text::put(buf, x, area.y + (slot / row) as u16, sign, 1_u16, style);
    }
    if row == SLOTS && area.height > 1 {
        let style = theme.state(State::Queued);
        let queued = scene.view.world.pools_in_use().queued.min(SLOTS);
        for x in area.x..area.x + queued as u16 {
            text::put(buf, x, area.y + 1, theme.glyph(State::Queued), 1_u16, style);
        }
    }
}

/// Busy threads, queued jobs and the heartbeat over time.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let axis = scene.axis(area);
    let air = u16::from(scene.size == Size::Roomy && area.height > 4);
    let pool = scene.view.world.pools_in_use();
    let rows = [
        ("busy", pool.busy, State::OnPool),
        ("queued", pool.queued, State::Queued),
    ];
    let mut y = area.y + air;
    for (word, figure, state) in rows {
        if y >= area.bottom() {
            return;
        }
        let (name, strip) = scene.names(area.width);
        let wide = usize::from(strip - name - 1);
        let figure = match figure {
            0..1_000 => figure.to_string(),
            _ => format!("{}k", figure / 1_000),
        };
        let name = format!("{word:<6}{figure:>width$}", width = wide - 6);
        thread_row::put_name(scene, &name, theme.text(), area, y, buf);
        for cell in 0..axis.whole(scene.now()).max(1).min(axis.cells) {
            let bounds = (axis.start(cell), axis.start(cell + 1).min(scene.now()));
            let on = match state {
                State::OnPool => busy(scene, bounds),
                _ => queued(scene, bounds),
            };
            if on {
                let x = axis.left + cell;
                text::put(buf, x, y, theme.glyph(state), 1_u16, theme.state(state));
            }
        }
        y += 1;
    }
    if y < area.bottom() {
        beats(scene, &axis, area, y, buf);
        y += 1;
    }
    if y < area.bottom() && held(scene) {
        thread_row::loop_lane(scene, &axis, area, y, buf);
    }
}

/// Whether something has held a loop so far: then its lane is worth a row.
fn held(scene: &Scene) -> bool {
    let view = scene.view;
    view.timeline
        .findings()
        .iter()
        .take(64)
        .any(|finding| finding.kind.id == "blocked-loop" && finding.found <= scene.now())
}

fn beats(scene: &Scene, axis: &Axis, area: Rect, y: u16, buf: &mut Buffer) {
    thread_row::put_name(scene, "heartbeat", scene.view.theme.dim(), area, y, buf);
    thread_row::draw_beats(
        scene,
        axis,
        &thread_row::beat_cells(scene, axis, None),
        y,
        buf,
    );
}

/// Whether a thread of the pool was busy for half of the cell or longer.
fn busy(scene: &Scene, (from, to): (Nanos, Nanos)) -> bool {
    thread_row::of_role(scene, ThreadRole::Pool).any(|track| {
        let spans = &track.spans;
        let first = spans.partition_point(|span| span.to.is_some_and(|end| end <= from));
        let used: u64 = spans[first..]
            .iter()
            .take(64)
            .take_while(|span| span.from < to)
            .map(|span| span.to.unwrap_or(to).min(to).since(span.from.max(from)).0)
            .sum();
        used > 0 && used * 2 >= to.since(from).0
    })
}

/// Whether a job was queued for half of the cell or longer. Jobs start in the order in which they
/// were queued, so both moments grow along the list.
fn queued(scene: &Scene, (from, to): (Nanos, Nanos)) -> bool {
    let jobs = &scene.view.world.jobs;
    let started = |job: &loopscope_timeline::Job| job.started.or(job.ended).unwrap_or(Nanos::MAX);
    let first = jobs.partition_point(|job| started(job) <= from);
    let end = jobs.partition_point(|job| job.queued < to);
    if first >= end {
        return false;
    }
    let begin = jobs[first].queued.max(from);
    let last = started(&jobs[end - 1]).min(to);
    let used = last.since(begin).0;
    used > 0 && used * 2 >= to.since(from).0
}
