//! Where the menu puts its parts, and what stands below the list.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::model::menu::Focus;
use crate::model::model::Model;
use crate::session::playhead::Mode;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::parts;
use loopscope_protocol::console::ConsoleState;

/// What a click hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hit {
    /// The folder at this place.
    Folder(usize),
    /// The scenario at this place among what is shown.
    Row(usize),
}

/// Columns of a mark in words: `× predicted wrong`.
pub(crate) const MARK: u16 = 17;

/// Where everything stands.
pub(crate) struct Places {
    /// The folders' rows; no columns where there is no room for them.
    pub(crate) folders: Rect,
    /// The scenarios' rows.
    pub(crate) list: Rect,
    /// The rule above the question.
    pub(crate) rule: u16,
    /// What is asked.
    pub(crate) asks: Rect,
    /// The first scenario shown.
    pub(crate) first: usize,
}

/// In two columns from 60 on; the question gives way below 16 rows.
pub(crate) fn places(model: &Model, area: Rect) -> Places {
    let below = match area.height {
        0..=12 => 1,
        13..=15 => 2,
        _ => 4,
    };
    let rows = area.height.saturating_sub(4 + below);
    let left = match area.width {
        0..60 => 0,
        60..100 => 24,
        _ => 28,
    };
    let list = Rect::new(
        area.x + left + u16::from(left > 0),
        area.y + 2,
        area.width - left - u16::from(left > 0),
        rows,
    );
    let rule = area.y + 2 + rows;
    let shown = usize::from(rows);
    let count = model.menu.shown().len();
    Places {
        folders: Rect::new(area.x, area.y + 2, left, rows),
        list,
        rule,
        asks: Rect::new(area.x + 1, rule + 1, area.width.saturating_sub(2), below),
        // The cursor stays in the middle of a list that is longer than the window.
        first: (model.menu.row().saturating_sub(shown / 2)).min(count.saturating_sub(shown)),
    }
}

/// What lies under a cell.
pub(crate) fn hit(model: &Model, column: u16, row: u16) -> Option<Hit> {
    let places = places(model, Rect::new(0, 0, model.size.0, model.size.1));
    let at = Position::new(column, row);
    if places.folders.contains(at) {
        let place = usize::from(row - places.folders.y);
        return (place < model.menu.folders().len()).then_some(Hit::Folder(place));
    }
    if places.list.contains(at) {
        let place = places.first + usize::from(row - places.list.y);
        return (place < model.menu.shown().len()).then_some(Hit::Row(place));
    }
    None
}

/// Where the cursor stands: at the folder or the scenario that keys go to.
pub(crate) fn cursor(model: &Model, area: Rect) -> Option<Position> {
    let places = places(model, area);
    let (column, row) = match model.menu.focus {
        Focus::Folders if places.folders.width > 0 => (places.folders, model.menu.folder()),
        _ => (places.list, model.menu.row().saturating_sub(places.first)),
    };
    let y = column.y + u16::try_from(row).ok()?;
    (y < column.bottom()).then(|| Position::new(column.x + 1, y))
}

/// Draws the rule with the name of the scenario under the cursor, and what stands below it.
pub(crate) fn draw(model: &Model, places: &Places, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let entry = model.menu.selected();
    let title = entry.map_or_else(String::new, |entry| {
        format!("{} {}", entry.number, entry.id).trim().to_owned()
    });
    let tee = (places.folders.width > 0).then_some((places.folders.width, Sign::TeeUp, ""));
    parts::rule(buf, area, places.rule, theme, &title, tee);
    let mut rows = places.asks;
    if let Some(notice) = &model.notice {
        // What is asked comes back: meanwhile the sentence may take all of the room.
        let said = text::wrap(&notice.text, rows.width.into(), rows.height.into());
        rows.height -= u16::try_from(said.len()).unwrap_or(0).min(rows.height);
        for (words, y) in said.iter().zip(rows.bottom()..) {
            text::put(buf, rows.x, y, words, rows.width, theme.muted());
        }
    }
    let mut used = 0;
    if let Some(entry) = entry {
        let asks = Rect {
            height: rows.height.min(2),
            ..rows
        };
        used = parts::paragraph(buf, asks, &entry.asks, theme.text());
    }
    let goes = rows.y + 2.max(used);
    if let Some(other) = entry
        .and_then(|entry| entry.contrast.as_deref())
        .and_then(|id| model.menu.find(id))
        .filter(|_| goes < rows.bottom() && places.asks.height >= 4)
    {
        let words = format!(
            "Goes with {} {}: v runs the two side by side.",
            other.number, other.id
        );
        text::put(buf, rows.x, goes, &words, rows.width, theme.dim());
    }
    if rows.height >= 4
        && let Some(words) = last_line(model)
    {
        let y = rows.bottom() - 1;
        text::put(buf, rows.x, y, &words, rows.width, theme.muted());
    }
}

/// The run that was left.
fn last_line(model: &Model) -> Option<String> {
    let Some(session) = &model.session else {
        // Nothing else stands there yet, and it should be seen that it is on.
        return (model.console != ConsoleState::Off).then(|| model.console.sentence());
    };
    let story = session.timeline.story();
    let end = session.timeline.end().hundredths();
    let name = if story.id.is_empty() {
        &story.title
    } else {
        &story.id
    };
    Some(match session.mode() {
        Mode::BeforeRun => format!("space goes back to {name}, before its run"),
        _ if session.over() => format!("space goes back to the run of {name}, ended at {end}s"),
        _ => format!("space goes back to the run of {name}, which goes on"),
    })
}
