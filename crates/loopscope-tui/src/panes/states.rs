//! Many requests by their state over time: a band for each state, one character a time step, as high as many are in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::axis::Axis;
use crate::layout::plan::Size;
use crate::panes::grid;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::strip;
use loopscope_timeline::{State, census};
use loopscope_trace::Nanos;

/// Columns in front of the bands: a count and a word.
const NAMES: u16 = 29;

/// The same where bands stand among lanes: as many as the names of lanes take.
pub(crate) const NARROW: u16 = 19;

/// More rows than this tell no more of one state.
const HIGHEST: u16 = 4;

/// The parts of a cell, from below; without them, tenths.
const PARTS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// The axis of the bands.
pub(crate) fn axis(scene: &Scene, area: Rect) -> Axis {
    let names = NAMES.min(area.width);
    Axis::new(scene.page, area.x + names, area.width - names)
}

/// What the rule says.
pub(crate) fn title(scene: &Scene) -> String {
    let requests = scene.view.timeline.story().is_server();
    let word = if requests { "requests" } else { "tasks" };
    word.to_owned()
}

/// The counts at each cell that has begun at the playhead.
fn samples(scene: &Scene, axis: &Axis) -> Vec<census::Counts> {
    let census = scene.view.timeline.census();
    let now = scene.now();
    let cells = strip::drawn(axis, now, true);
    // The newest cell shows what is, and not what was a moment before.
    let last = |cell: u16| match axis.start(cell + 1).0.checked_sub(1) {
        Some(last) if cell + 1 < cells => Nanos(last).min(now),
        _ => now.min(axis.page.end()),
    };
    (0..cells).map(|cell| census.at(last(cell))).collect()
}

/// The states that have a band: those that most were in, and the usual ones.
fn shown(scene: &Scene, samples: &[census::Counts], rows: usize) -> Vec<State> {
    let often = |state: &State| -> u64 {
        let counts = samples.iter().map(|counts| counts[*state as usize]);
        counts.map(u64::from).sum()
    };
    let mut shown: Vec<State> = grid::STATES
        .into_iter()
        .filter(|it| often(it) > 0)
        .collect();
    shown.sort_by_key(|state| std::cmp::Reverse(often(state)));
    for state in grid::usual(scene) {
        if !shown.contains(state) && shown.len() < rows {
            shown.push(*state);
        }
    }
    shown.truncate(rows);
    let place = |state: &State| grid::STATES.iter().position(|other| other == state);
    shown.sort_by_key(place);
    shown
}

/// Draws how many there are, and the bands below.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let air = u16::from(scene.size == Size::Roomy && area.height > 7);
    let y = area.y + air;
    let theme = scene.view.theme;
    if y >= area.bottom() {
        return;
    }
    let figure = format!("{:>5}", count(scene));
    text::put_in(buf, area, (2, y), &figure, theme.text());
    text::put_in(buf, area, (8, y), counted(scene), theme.dim());
    let below = Rect::new(area.x, y + 1, area.width, area.bottom() - y - 1);
    bands(scene, &axis(scene, area), below, buf);
}

/// What stands behind how many there are.
pub(crate) fn counted(scene: &Scene) -> &'static str {
    match scene.view.timeline.story().is_server() {
        true => "sent",
        false => "started",
    }
}

/// How many there are at the playhead.
pub(crate) fn count(scene: &Scene) -> u32 {
    scene.view.timeline.census().at(scene.now()).iter().sum()
}

/// Draws the counts left and the bands right of them, on an axis; gives the row below the last one.
pub(crate) fn bands(scene: &Scene, axis: &Axis, area: Rect, buf: &mut Buffer) -> u16 {
    let theme = scene.view.theme;
    let mut samples = samples(scene, axis);
    // What stands at the playhead is exact, whatever the cell holds.
    let now = scene.view.timeline.census().at(scene.now());
    let all = count(scene);
    let room = usize::from(area.height);
    samples.push(now);
    let states = shown(scene, &samples, room);
    samples.pop();
    let high = u16::try_from(room / states.len().max(1)).unwrap_or(1);
    let high = high.clamp(1, HIGHEST);
    let mut y = area.y;
    for state in states {
        let band = Rect::new(area.x, y, area.width, high).intersection(area);
        let base = band.bottom().saturating_sub(1);
        let names = Rect::new(area.x, base, axis.left - area.x, 1);
        put_count(scene, now[state as usize], state, names, buf);
        for (counts, x) in samples.iter().zip(axis.left..) {
            let eighths = height(counts[state as usize], all, high);
            for row in 0..high {
                let part = eighths.saturating_sub(row * 8).min(8);
                if let Some(glyph) = glyph(part, theme.ascii) {
                    let y = base.saturating_sub(row);
                    text::put(buf, x, y, glyph, 1_u16, theme.state(state));
                }
            }
        }
        y = band.bottom();
    }
    y
}

/// How many eighths of a row stand for so many of all, in a band of `high` rows; one is seen, too.
fn height(count: u32, all: u32, high: u16) -> u16 {
    let full = u64::from(high) * 8;
    let eighths = u64::from(count) * full / u64::from(all.max(1));
    let least = u64::from(count > 0);
    u16::try_from(eighths.clamp(least, full)).unwrap_or(8)
}

/// What stands for so many eighths of a cell; nothing for none.
fn glyph(eighths: u16, ascii: bool) -> Option<&'static str> {
    const TENTHS: [&str; 8] = [".", ".", ":", ":", "+", "+", "#", "#"];
    let place = usize::from(eighths.checked_sub(1)?);
    let parts = if ascii { &TENTHS } else { &PARTS };
    parts.get(place).copied()
}

/// A count, its sign, and its word: the longest that fits.
fn put_count(scene: &Scene, count: u32, state: State, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let requests = scene.view.timeline.story().is_server();
    let y = area.y;
    text::put_in(buf, area, (1, y), theme.glyph(state), theme.state(state));
    text::put_in(buf, area, (2, y), &format!("{count:>5}"), theme.text());
    let room = usize::from(area.width.saturating_sub(9));
    let shorter = strip::words(state).iter().copied();
    let mut words = std::iter::once(grid::words_of(state, requests)).chain(shorter);
    let words = words.find(|words| text::width(words) <= room);
    text::put_in(buf, area, (8, y), words.unwrap_or_default(), theme.dim());
}
