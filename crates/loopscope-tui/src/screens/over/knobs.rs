//! The knobs, over the lower part of what is below: their values, and what runs came to.
//!
//! *In:* the model and its session. *Out:* cells. *Invariant:* the first row of the screen stays in
//! sight where there is room. *Absent on purpose:* what a run looked like; a run is one point here.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::keys::key::Place;
use crate::model::model::Model;
use crate::screens::over::plot;
use crate::screens::over::plot::{Kind, Plot};
use crate::session::explored::Explored;
use crate::session::session::Session;
use crate::text::sign::Sign;
use crate::text::text;
use crate::text::theme::Theme;
use crate::widgets::{footer, parts};
use loopscope_timeline::Timing;

/// Columns of the list beside the plot, and the least window that has both.
const LIST: u16 = 37;

const BOTH: u16 = 76;

/// Rows besides knobs and plot: two rules, the axis, its figures, a sentence, the keys.
const FIXED: u16 = 6;

/// The least rows of a plot that says something, and the most that it needs.
const PLOT: (u16, u16) = (3, 16);

/// Where everything stands.
struct Places {
    panel: Rect,
    knobs: Rect,
    /// Its upper rule is the row above it; without rows there is no plot.
    plot: Rect,
    pub(crate) list: Rect,
    says: u16,
}

fn places(knobs: usize, area: Rect) -> Places {
    let knobs = u16::try_from(knobs).unwrap_or(u16::MAX);
    let most = (area.height / 6).max(1);
    let knobs = knobs.min(most);
    // The first row of the screen says what is run, and how it stands.
    let room = area.height.saturating_sub(1);
    let spare = room.saturating_sub(knobs + FIXED);
    let plot = spare
        .saturating_sub(area.height / 3)
        .max(PLOT.0)
        .min(spare)
        .min(PLOT.1);
    // Its axis and figures stand with it.
    let below = if plot < PLOT.0 { 0 } else { plot + 3 };
    let height = (knobs + below + 3).min(area.height);
    let panel = Rect::new(area.x, area.bottom() - height, area.width, height);
    let top = panel.y + 1 + knobs + 1;
    let list = if area.width >= BOTH { LIST } else { 0 };
    let rows = below.saturating_sub(1);
    Places {
        panel,
        knobs: Rect::new(area.x, panel.y + 1, area.width, knobs),
        plot: Rect::new(area.x, top, area.width - list, rows),
        list: Rect::new(area.right() - list, top, list, rows),
        says: panel.bottom().saturating_sub(2),
    }
}

/// The first row in sight, so that the selected one is too.
fn first(selected: usize, rows: u16) -> usize {
    selected.saturating_sub(usize::from(rows).saturating_sub(1))
}

/// Where the cursor stands.
pub(crate) fn cursor(session: &Session, selected: usize, area: Rect) -> Position {
    let places = places(session.knobs.len(), area);
    let row = selected - first(selected, places.knobs.height).min(selected);
    Position::new(area.x + 1, places.knobs.y + u16::try_from(row).unwrap_or(0))
}

/// Draws the knobs; `selected` is a row, with the number that is being typed there.
pub(crate) fn draw(
    model: &Model,
    session: &Session,
    (selected, typed): (usize, Option<i64>),
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    let places = places(session.knobs.len(), area);
    text::clear(buf, places.panel, theme.text());
    let title = "knobs of the next run";
    parts::rule(buf, area, places.panel.y, theme, title, None);
    rows(session, theme, (selected, typed), places.knobs, buf);
    let id = &session.timeline.story().id;
    if let Some(knob) = session.knob(selected) {
        let plot = Plot::of(model.explored.of(id), knob, &session.knobs);
        if places.plot.height > 0 {
            let over = format!("elapsed against {}", knob.name);
            let beside =
                (places.list.width > 0).then_some((places.plot.width, Sign::TeeDown, "last runs"));
            parts::rule(buf, area, places.plot.y - 1, theme, &over, beside);
            plot.draw(theme, places.plot, buf);
            list(&plot, theme, places.list, buf);
        }
        let (words, style) = says(model, &plot, id);
        let room = area.width.saturating_sub(2);
        if places.says > places.panel.y {
            text::put(buf, area.x + 1, places.says, &words, room, style);
        }
    }
    footer::draw(Place::Knobs, theme, area, buf);
}

fn rows(
    session: &Session,
    theme: &Theme,
    (selected, typed): (usize, Option<i64>),
    area: Rect,
    buf: &mut Buffer,
) {
    let first = first(selected, area.height);
    let knobs = session.knobs.iter().enumerate().skip(first);
    for ((row, (name, value)), y) in knobs.zip(area.top()..area.bottom()) {
        let here = row == selected;
        let style = if here {
            let sign = theme.sign(Sign::Cursor);
            text::put(buf, area.x + 1, y, sign, 1_u16, theme.focus());
            theme.cursor()
        } else {
            theme.text()
        };
        let used = text::put(buf, area.x + 3, y, name, 20_u16, theme.text());
        let x = area.x + 3 + used.max(14) + 2;
        let shown = typed.filter(|_| here).unwrap_or(*value).to_string();
        let used = text::put(buf, x, y, &shown, 12_u16, style);
        if let Some(knob) = session.knob(row) {
            let words = format!("{} to {}, usually {}", knob.min, knob.max, knob.default);
            let x = x + used.max(6) + 2;
            let room = area.right().saturating_sub(x);
            text::put(buf, x, y, &words, room, theme.dim());
        }
    }
}

/// The last runs, the newest on top: `40 threads  3.02s`.
fn list(plot: &Plot<'_>, theme: &Theme, area: Rect, buf: &mut Buffer) {
    if area.width == 0 {
        return;
    }
    let columns = 0..area.height;
    parts::divider(buf, area, 0, area.y..area.y + columns.end, theme);
    for (place, row) in plot.newest().zip(area.top()..area.bottom()) {
        let style = plot::style(theme, place.kind);
        let x = area.x + 2;
        text::put(buf, x, row, theme.sign(place.kind.sign()), 1_u16, style);
        let what = format!("{} {}", place.value, plot.knob());
        let took = format!("{}s", place.point.elapsed.hundredths());
        let used = text::put(buf, x + 2, row, &what, 15_u16, style);
        let x = x + 2 + used.max(12) + 1;
        let used = text::put(buf, x, row, &format!("{took:>7}"), 9_u16, style);
        let room = area.right().saturating_sub(x + used + 1);
        let others = place.others.as_str();
        let words = if others.is_empty() {
            how(place.point.timing)
        } else {
            others
        };
        text::put(buf, x + used + 1, row, words, room, theme.dim());
    }
}

/// Said where it is not the usual.
const fn how(timing: Timing) -> &'static str {
    match timing {
        Timing::Real => "",
        Timing::Hurried => "hurried",
        Timing::Computed => "computed",
    }
}

/// The row below the plot: a sentence, how far a sweep is, or what the signs mean.
fn says(model: &Model, plot: &Plot<'_>, id: &str) -> (String, Style) {
    let theme = &model.theme;
    if let Some(notice) = &model.notice {
        return (notice.text.clone(), theme.text());
    }
    if let Some(words) = sweep(&model.explored, id) {
        return (words, theme.text());
    }
    let kinds = plot.kinds();
    if kinds.is_empty() {
        let words = "No run yet: Enter runs with these, S with about ten values, one by one.";
        return (words.to_owned(), theme.dim());
    }
    let words = kinds.iter().map(|kind| {
        let words = match kind {
            Kind::Last => "last".to_owned(),
            Kind::Real => "real run".to_owned(),
            Kind::Simulated(timing) => how(*timing).to_owned(),
            Kind::Other => "other knobs stood elsewhere".to_owned(),
        };
        format!("{} {words}", theme.sign(kind.sign()))
    });
    let words: Vec<_> = words.collect();
    (words.join("   "), theme.dim())
}

fn sweep(explored: &Explored, id: &str) -> Option<String> {
    let sweep = explored
        .sweep
        .as_ref()
        .filter(|sweep| sweep.scenario == id)?;
    let (done, wanted) = (sweep.done, sweep.wanted);
    if !sweep.over {
        let now = (done + 1).min(wanted);
        return Some(format!("sweep: run {now} of {wanted}; Esc stops it"));
    }
    (sweep.without > 0 && done == wanted).then(|| {
        let without = sweep.without;
        format!("{without} of {wanted} runs did not come to their own end and have no point")
    })
}
