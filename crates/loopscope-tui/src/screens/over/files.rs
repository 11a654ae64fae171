//! What lies over another screen for a person's own files: mistakes, and what to export.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::keys::key::Place;
use crate::model::model::Model;
use crate::model::screen::ExportPanel;
use crate::screens::over::help;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::{footer, parts};
use loopscope_protocol::problem::Problem;
use loopscope_timeline::explain;

/// Rows of what is below that stay in sight.
const LEFT: u16 = 6;

/// Draws why a scenario could not be opened.
pub(crate) fn problem(
    model: &Model,
    problem: &Problem,
    first: usize,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    parts::heading(buf, area, theme, &problem.sentence, "");
    parts::rule(buf, area, area.y + 1, theme, "", None);
    let (lines, window) = read_problem(problem, area);
    let lines = lines.iter().skip(first);
    parts::put_rows(buf, window.inner(parts::SIDES), lines, theme.text());
    parts::rule(buf, area, area.bottom().saturating_sub(2), theme, "", None);
    footer::draw(Place::Problem, theme, area, buf);
}

/// The lines of a problem, and where they stand.
pub(crate) fn read_problem(problem: &Problem, area: Rect) -> (Vec<String>, Rect) {
    (lines(problem, area.width), help::window(area))
}

/// Draws the mistakes of a file over the lower part of what is below.
pub(crate) fn mistakes(
    model: &Model,
    problem: &Problem,
    first: usize,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    let (lines, window) = read_mistakes(problem, area);
    let panel = Rect::new(area.x, window.y - 1, area.width, window.height + 3);
    text::clear(buf, panel, theme.text());
    parts::rule(buf, area, window.y - 1, theme, &problem.sentence, None);
    let shown = lines.iter().skip(first);
    parts::put_rows(buf, window.inner(parts::SIDES), shown, theme.text());
    let below = lines
        .len()
        .saturating_sub(first + usize::from(window.height));
    let title = match below {
        0 => "the last good version is below".to_owned(),
        more => explain::number_of(more, "more line"),
    };
    parts::rule(buf, area, area.bottom() - 2, theme, &title, None);
    footer::draw(Place::Mistakes, theme, area, buf);
}

/// The lines of the mistakes, and where they stand.
pub(crate) fn read_mistakes(problem: &Problem, area: Rect) -> (Vec<String>, Rect) {
    let lines = lines(problem, area.width);
    let rows = rows(&lines, area.height);
    let top = area.bottom().saturating_sub(rows + 2);
    (lines, Rect::new(area.x, top, area.width, rows))
}

fn rows(lines: &[String], height: u16) -> u16 {
    let wanted = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    wanted.min(height.saturating_sub(LEFT + 3)).max(1)
}

/// The lines, the long ones wrapped: a cure that is cut off cures nothing.
fn lines(problem: &Problem, width: u16) -> Vec<String> {
    let room = usize::from(width.saturating_sub(2)).max(10);
    let mut lines = Vec::new();
    for line in &problem.details {
        if text::width(line) <= room {
            lines.push(line.clone());
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let indent = " ".repeat(indent.min(room / 2));
        let wrapped = text::wrap(line.trim_start(), room - indent.len(), 8);
        lines.extend(wrapped.iter().map(|row| format!("{indent}{row}")));
    }
    lines
}

/// Draws what can be exported over the lower part of what is below.
pub(crate) fn export(model: &Model, panel: &ExportPanel, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let offers = &panel.offers;
    let height = height(panel, area);
    let top = area.bottom() - height;
    let whole = Rect::new(area.x, top, area.width, height);
    text::clear(buf, whole, theme.text());
    let title = format!("export {}", offers.name);
    parts::rule(buf, area, top, theme, &title, None);
    let room = area.width.saturating_sub(4);
    let rows = offers.rows.iter().enumerate();
    for ((row, offer), y) in rows.zip(top + 1..area.bottom() - 1) {
        let under = row == panel.selected;
        if under {
            let sign = theme.sign(Sign::Cursor);
            text::put(buf, area.x + 1, y, sign, 1u16, theme.focus());
        }
        let style = if under { theme.cursor() } else { theme.text() };
        let name = match offer.possible {
            true => offer.file.as_str(),
            false => "none",
        };
        let used = text::put(buf, area.x + 3, y, name, room, style).max(26) + 2;
        let left = room.saturating_sub(used);
        text::put(buf, area.x + 3 + used, y, &offer.about, left, theme.dim());
    }
    said(model, panel, area, buf);
    parts::rule(buf, area, area.bottom() - 2, theme, "", None);
    footer::draw(Place::Export, theme, area, buf);
}

fn height(panel: &ExportPanel, area: Rect) -> u16 {
    (u16::try_from(panel.offers.rows.len()).unwrap_or(3) + 6).min(area.height)
}

/// Where the cursor stands: at what Enter writes.
pub(crate) fn cursor(panel: &ExportPanel, area: Rect) -> Position {
    let row = u16::try_from(panel.selected).unwrap_or(0);
    Position::new(area.x + 1, area.bottom() - height(panel, area) + 1 + row)
}

/// Where a file goes, or what became of it.
fn said(model: &Model, panel: &ExportPanel, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let top = area.bottom().saturating_sub(5);
    let below = Rect::new(area.x, top, area.width, 3).inner(parts::SIDES);
    if panel.said.is_empty() {
        let folder = &panel.offers.folder;
        let words = format!("It goes to {folder}; no file is ever replaced.");
        parts::paragraph(buf, below, &words, theme.dim());
    }
    let mut y = below.y;
    for words in &panel.said {
        let left = below.bottom().saturating_sub(y);
        let at = Rect::new(below.x, y, below.width, left);
        y += parts::paragraph(buf, at, words, theme.focus());
    }
}
