//! The runtime's own counts, beside what the trace says, over scenario time.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_timeline::metrics;
use loopscope_timeline::metrics::{Series, value_at};
use loopscope_trace::{Metric, Nanos, ThreadRole};

/// Columns of the name, of tokio's value, and of ours.
const NAME: u16 = 20;

const VALUE: u16 = 9;

/// Heights of a bar, from nothing to full.
const BARS: [&str; 5] = [" ", "░", "▒", "▓", "█"];

const ASCII: [&str; 5] = [" ", ".", "-", "=", "#"];

/// Draws a row a figure, each with its sentence below where there is room, and the remark.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let all = scene.view.timeline.metrics();
    if all.is_empty() {
        let words = "none in this run: they are on from the next one; r runs again";
        text::put_in(buf, area, (1, area.y), words, theme.dim());
        return;
    }
    let rows = figures(scene);
    let remark = u16::from(area.height > 3);
    let room = area.height.saturating_sub(1 + remark);
    // Sentences for as many as there is room for, the telling ones first.
    let mut spare = usize::from(room).saturating_sub(rows.len());
    let head = ["", "tokio", "ours"];
    let places = [0, NAME, NAME + VALUE];
    for (word, x) in head.iter().zip(places) {
        put(buf, area, x, area.y, word, theme.dim());
    }
    let held = is_held(scene);
    let mut y = area.y + 1;
    for (metric, of) in rows {
        if y >= area.bottom() - remark {
            break;
        }
        let row = Rect::new(area.x, y, area.width, 1);
        figure(scene, (metric, of), held, row, buf);
        y += 1;
        if spare > 0 {
            spare -= 1;
            put(buf, area, 2, y, metrics::help(metric), theme.dim());
            y += 1;
        }
    }
    if remark > 0 {
        let words = if held {
            "= stands still while a loop is blocked: written only between turns"
        } else {
            "tokio counts a turn when it ends; a blocked loop's figures (=) stand still"
        };
        put(buf, area, 0, area.bottom() - 1, words, theme.muted());
    }
}

fn put(buf: &mut Buffer, area: Rect, x: u16, y: u16, words: &str, style: ratatui::style::Style) {
    let x = x + 1;
    text::put_in(buf, area, (x, y), words, style);
}

/// Those that the run has, the telling ones first; the buckets are one row.
fn figures(scene: &Scene) -> Vec<(Metric, u16)> {
    let all = scene.view.timeline.metrics();
    let mut rows: Vec<_> = all
        .all()
        .map(|(metric, of, _)| (metric, of))
        .filter(|(metric, of)| match metric {
            Metric::BucketFrom => false,
            Metric::Bucket => all
                .all()
                .find(|row| row.0 == Metric::Bucket)
                .is_some_and(|row| row.1 == *of),
            _ => true,
        })
        .collect();
    rows.sort_by_key(|(metric, of)| (rank(*metric), *of));
    rows
}

/// The order of the rows: what a blocked loop and a full pool show in comes first.
// table
const fn rank(metric: Metric) -> u8 {
    match metric {
        Metric::Busy => 0,
        Metric::Turns => 1,
        Metric::BusyTime | Metric::MeanTurn => 2,
        Metric::Bucket | Metric::BucketFrom => 3,
        Metric::PoolQueue => 4,
        Metric::PoolThreads => 5,
        Metric::Alive => 6,
        Metric::FunctionDelay => 7,
        Metric::FunctionSlow => 8,
        Metric::FunctionMean => 9,
        Metric::FunctionTurns => 10,
        Metric::Parks => 11,
        Metric::Forced => 12,
        Metric::ReadyHere => 13,
        Metric::ReadyShared => 14,
        Metric::PoolIdle => 15,
        Metric::Spawned => 16,
    }
}

fn figure(scene: &Scene, (metric, of): (Metric, u16), held: bool, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let view = scene.view;
    let all = view.timeline.metrics();
    let name = text::clean(&metrics::name(view.timeline.story(), metric, of));
    let name = text::fit(&name, usize::from(NAME - 1));
    put(buf, area, 0, area.y, &name, theme.text());
    let stands = held && metric.stands_still();
    let value = if metric == Metric::Bucket {
        Some(all.counted(scene.now()))
    } else {
        all.at(metric, of, scene.now())
    };
    let words = value.map_or_else(|| "-".to_owned(), |value| written(metric, value));
    let words = if stands { format!("{words} =") } else { words };
    let style = if stands { theme.muted() } else { theme.focus() };
    put(buf, area, NAME, area.y, &words, style);
    if let Some(ours) = ours(scene, metric) {
        put(buf, area, NAME + VALUE, area.y, &ours, theme.text());
    }
    let x = NAME + 2 * VALUE;
    let wide = area.width.saturating_sub(x + 2);
    let bars = if metric == Metric::Bucket {
        buckets(scene, wide)
    } else {
        over_time(scene, all.series(metric, of), wide)
    };
    let signs = if theme.ascii { ASCII } else { BARS };
    let most = bars.iter().copied().max().unwrap_or(0).max(1);
    for (bar, cell) in bars.iter().zip(0..) {
        let height = (u128::from(*bar) * 4).div_ceil(most.into()).min(4);
        let sign = signs[height as usize];
        put(buf, area, x + cell, area.y, sign, theme.muted());
    }
}

/// The highest value in each cell, from the start to the playhead.
fn over_time(scene: &Scene, values: &Series, wide: u16) -> Vec<u64> {
    let now = scene.now();
    // The same stretch as all time panes show, once keys have chosen one.
    let (from, length) = match scene.view.look.zoom {
        Some(page) => (page.from, page.length),
        None => (Nanos::ZERO, now),
    };
    let at = |cell: u16| from + Nanos(length.0 / u64::from(wide.max(1)) * u64::from(cell));
    (0..wide)
        .take_while(|cell| *cell == 0 || at(*cell) <= now)
        .map(|cell| {
            let (from, to) = (at(cell), at(cell + 1));
            let inside = values
                .iter()
                .skip(values.partition_point(|(since, _)| *since <= from))
                .take_while(|(since, _)| *since <= to)
                .map(|(_, value)| *value);
            inside.chain(value_at(values, from)).max().unwrap_or(0)
        })
        .collect()
}

/// How many turns took how long, the shortest first.
fn buckets(scene: &Scene, wide: u16) -> Vec<u64> {
    let all = scene.view.timeline.metrics();
    let mut counts: Vec<u64> = Vec::new();
    for (metric, of, values) in all.all() {
        if metric == Metric::Bucket {
            let place = usize::from(of);
            counts.resize(counts.len().max(place + 1), 0);
            counts[place] = value_at(values, scene.now()).unwrap_or(0);
        }
    }
    counts.truncate(usize::from(wide));
    counts
}

fn written(metric: Metric, value: u64) -> String {
    match metric {
        Metric::Busy => format!("{}%", value / 10),
        _ if metric.is_length() && value < 1_000_000 => format!("{}us", value / 1_000),
        _ if metric.is_length() => format!("{}s", Nanos(value).thousandths()),
        _ => value.to_string(),
    }
}

/// The same figure by our own trace, up to this very moment.
fn ours(scene: &Scene, metric: Metric) -> Option<String> {
    let world = scene.view.world;
    let value = match metric {
        Metric::Turns => world.tasks.iter().map(|task| u64::from(task.polls)).sum(),
        Metric::Spawned => world.tasks.len() as u64,
        Metric::Alive => world
            .tasks
            .iter()
            .filter(|task| task.ended.is_none())
            .count() as u64,
        Metric::PoolQueue => u64::from(world.pool.queued),
        Metric::Busy if is_held(scene) => return Some("blocked".to_owned()),
        _ => return None,
    };
    Some(value.to_string())
}

/// Whether a task holds a loop's thread at the playhead.
fn is_held(scene: &Scene) -> bool {
    let loops = scene.view.world.threads.iter();
    loops
        .filter(|thread| thread.role == ThreadRole::Loop)
        .any(|thread| thread.doing.is_some_and(|doing| doing.blocking.is_some()))
}
