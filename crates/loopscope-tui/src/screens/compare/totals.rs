//! What both did over time, on one axis; and what it came to, as bars.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::axis::Axis;
use crate::layout::plan::Size;
use crate::panes::{lanes, states};
use crate::screens::compare::bands::{Bands, Pair};
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::parts;
use crate::widgets::scene::Scene;
use crate::widgets::thread_row;
use loopscope_timeline::explain;
use loopscope_trace::Nanos;

/// Columns of the names in front of the bars.
const NAMES: u16 = 18;

/// Columns of the figures after the bars.
const FIGURES: u16 = 46;

/// The lanes or bands of both sides under one axis with one playhead.
pub(crate) fn lanes(pair: &Pair<'_>, bands: &Bands, buf: &mut Buffer) {
    let theme = &pair.model.theme;
    let top = bands.lanes[0];
    let Some(y) = top.y.checked_sub(1) else {
        return;
    };
    let whole = Rect::new(top.x, y, top.width, 1);
    // Lanes of two runs leave no room for air.
    let mut scenes = pair.scenes.map(|scene| Scene {
        size: scene.size.min(Size::Compact),
        ..scene
    });
    let word = match scenes.iter().find(|scene| scene.crowd()) {
        Some(crowd) => states::title(crowd),
        None => "tasks".to_owned(),
    };
    parts::rule(buf, whole, y, theme, &format!("4 {word}"), None);
    let names = scenes.map(|scene| match scene.crowd() {
        true => states::NARROW,
        false => scene.names(top.width).1,
    });
    for scene in &mut scenes {
        scene.least_names = names[0].max(names[1]);
    }
    ticks(pair, &scenes[0].axis(top), top, y, buf);
    for (side, area) in bands.lanes.into_iter().enumerate() {
        one_side(pair, side, &scenes[side], area, buf);
    }
}

fn ticks(pair: &Pair<'_>, axis: &Axis, area: Rect, y: u16, buf: &mut Buffer) {
    let theme = &pair.model.theme;
    let head = axis.left + axis.cell(pair.compare.now());
    let free = |(x, label): &(u16, String)| head < *x || head >= *x + label.len() as u16;
    for (x, label) in axis.ticks().into_iter().filter(free) {
        let room = area.right().saturating_sub(x);
        text::put(buf, x, y, &label, room, theme.dim());
    }
    if axis.cells > 0 {
        let sign = theme.sign(Sign::Playhead);
        text::put(buf, head, y, sign, 1_u16, theme.focus());
    }
}

/// A side's name, its lanes or bands, and its loop's thread in the last row.
fn one_side(pair: &Pair<'_>, side: usize, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let theme = &pair.model.theme;
    let name = pair.ids()[side];
    let style = if pair.compare.focus == side {
        theme.focus()
    } else {
        theme.dim()
    };
    let used = text::put_in(buf, area, (1, area.y), name, style);
    let rest = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    if rest.height == 0 {
        return;
    }
    let axis = scene.axis(rest);
    let own_row = scene.size > Size::Medium || scene.crowd();
    let strips = Rect {
        height: rest.height - u16::from(own_row),
        ..rest
    };
    let below = if scene.crowd() {
        let words = format!("{} {}", states::count(scene), states::counted(scene));
        text::put_in(buf, area, (used + 4, area.y), &words, theme.dim());
        states::bands(scene, &axis, strips, buf)
    } else {
        lanes::draw(scene, strips, buf);
        // Where all fit, they end before the room does.
        let all = u16::try_from(scene.lanes.all()).unwrap_or(u16::MAX);
        strips.y + all.min(strips.height)
    };
    if own_row {
        thread_row::loop_lane(scene, &axis, rest, below.min(rest.bottom() - 1), buf);
    }
}

/// How long each has taken so far, what it printed, and whom it answered.
pub(crate) fn draw(pair: &Pair<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &pair.model.theme;
    let y = area.y.saturating_sub(1);
    parts::rule(buf, Rect { y, ..area }, y, theme, "7 totals", None);
    let taken = [0, 1].map(|side| taken(pair, side));
    let most = taken[0].max(taken[1]).0.max(1);
    let wide = area.width >= 100;
    let names = if wide { 26 } else { NAMES };
    let words = [0, 1].map(|side| figures_of(pair, side, taken[side], wide));
    let longest = words.iter().map(|words| text::cells_of(text::width(words)));
    let figures = longest
        .max()
        .unwrap_or(0)
        .max(if wide { FIGURES } else { 0 });
    let room = area.width.saturating_sub(names + figures + 4);
    for (side, y) in (0..2).zip(area.y..area.bottom()) {
        let name = pair.ids()[side];
        text::put(buf, area.x + 2, y, name, names - 3, theme.text());
        let share = u128::from(taken[side].0) * u128::from(room) / u128::from(most);
        let cells = u16::try_from(share).unwrap_or(room);
        let bar = theme.glyph(loopscope_timeline::State::Running);
        let filled = Rect::new(area.x + names, y, cells, 1);
        parts::fill(buf, filled, bar, theme.text());
        let words = &words[side];
        text::put_in(buf, area, (names + cells + 2, y), words, theme.dim());
    }
}

/// How long a side has taken at the playhead.
pub(crate) fn taken(pair: &Pair<'_>, side: usize) -> Nanos {
    let session = &pair.compare.sides[side];
    let view = pair.scenes[side].view;
    let whole = session.over() && view.moment.at >= session.timeline.end();
    match session.timeline.elapsed().filter(|_| whole) {
        Some(elapsed) => elapsed,
        None => view.moment.at,
    }
}

/// `5.60s   3 of 4 lines   1 of 2 answered`; what is still to come is said only once it is known.
fn figures_of(pair: &Pair<'_>, side: usize, taken: Nanos, wide: bool) -> String {
    let session = &pair.compare.sides[side];
    let view = pair.scenes[side].view;
    let mut words = pair.scenes[side].length(taken);
    let lines = view.world.outputs;
    let all = session.timeline.outputs().len();
    let sent = session.timeline.story().planned.len();
    let requests = view.world.requests.iter();
    let answered = requests
        .filter(|request| request.answered.is_some())
        .count();
    if !wide {
        words.push_str(&format!("  {}", explain::number_of(lines, "line")));
        if sent > 0 {
            words.push_str(&format!("  {answered}/{sent}"));
        }
        return words;
    }
    words += &match session.over() {
        true => format!("   {lines} of {}", explain::number_of(all, "line")),
        false => format!("   {}", explain::number_of(lines, "line")),
    };
    if sent > 0 {
        words.push_str(&format!("   {answered} of {sent} answered"));
    }
    words
}
