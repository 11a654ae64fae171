//! What lies over another screen, or in its place: the knobs, and a problem with its details.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::parts;
use crate::tui::action::Place;
use crate::tui::keymap;
use crate::tui::model::{Model, Session};
use crate::tui::port::Problem;
use crate::tui::text;
use crate::tui::theme::Sign;
use crate::tui::view_parts::Mode;

/// Draws the knobs over the lower part of what is below.
pub fn knobs(model: &Model, session: &Session, selected: usize, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let wanted = u16::try_from(session.knobs.len()).unwrap_or(u16::MAX);
    let height = wanted.saturating_add(3).min(area.height);
    let panel = Rect::new(area.x, area.bottom() - height, area.width, height);
    text::clear(buf, panel, theme.text());
    parts::rule(buf, area, panel.y, theme, "knobs of the next run", None);
    let rows = usize::from(height.saturating_sub(3));
    let first = selected.saturating_sub(rows.saturating_sub(1));
    for (row, (name, value)) in session.knobs.iter().enumerate().skip(first).take(rows) {
        let y = panel.y + 1 + u16::try_from(row - first).unwrap_or(0);
        let style = if row == selected {
            text::put(
                buf,
                area.x + 1,
                y,
                theme.sign(Sign::Cursor),
                1u16,
                theme.focus(),
            );
            theme.cursor()
        } else {
            theme.text()
        };
        let used = text::put(buf, area.x + 3, y, name, 20u16, theme.text());
        let x = area.x + 3 + used.max(14) + 2;
        let used = text::put(buf, x, y, &value.to_string(), 12u16, style);
        let story = session.timeline.story();
        if let Some(knob) = story.knobs.iter().find(|knob| knob.name == *name) {
            let words = format!("{} to {}, usually {}", knob.min, knob.max, knob.default);
            let x = x + used.max(6) + 2;
            text::put(
                buf,
                x,
                y,
                &words,
                area.right().saturating_sub(x),
                theme.dim(),
            );
        }
    }
    let hints = keymap::footer(Place::Knobs, Mode::BeforeRun, area.width >= 100);
    parts::footer(buf, area, theme, &hints);
}

/// Draws why a scenario could not be opened.
pub fn problem(model: &Model, problem: &Problem, scroll: u16, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    parts::heading(buf, area, theme, &problem.sentence, "");
    parts::rule(buf, area, area.y + 1, theme, "", None);
    let rows = usize::from(area.height.saturating_sub(4));
    let details = problem.details.iter().skip(usize::from(scroll)).take(rows);
    for (row, line) in details.enumerate() {
        let y = area.y + 2 + u16::try_from(row).unwrap_or(u16::MAX);
        text::put(
            buf,
            area.x + 1,
            y,
            line,
            area.width.saturating_sub(2),
            theme.text(),
        );
    }
    parts::rule(buf, area, area.bottom().saturating_sub(2), theme, "", None);
    let hints = keymap::footer(Place::Problem, Mode::BeforeRun, area.width >= 100);
    parts::footer(buf, area, theme, &hints);
}
