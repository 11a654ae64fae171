//! Where everything of the menu stands, and what lies under a click.

use ratatui::layout::{Position, Rect};

use crate::model::menu::Focus;
use crate::model::model::Model;

/// What a click hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hit {
    /// The folder at this place.
    Folder(usize),
    /// The scenario at this place among what is shown.
    Row(usize),
}

/// Where everything stands.
pub(crate) struct Places {
    /// The folders' rows; no columns where there is no room for them.
    pub(crate) folders: Rect,
    /// The scenarios' rows.
    pub(crate) list: Rect,
    /// What the scenario under the cursor is; no columns where there is no room for it.
    pub(crate) preview: Rect,
    /// The rule above the question.
    pub(crate) rule: u16,
    /// What is asked.
    pub(crate) asks: Rect,
    /// The first scenario shown.
    pub(crate) first: usize,
}

/// Columns of the list beside a preview: a title, and the sign of a mark.
const LIST: u16 = 46;

/// In two columns from 60 on, in three from 100 on; the question gives way below 16 rows.
pub(crate) fn places(model: &Model, area: Rect) -> Places {
    let below = match area.height {
        0..=12 => 1,
        13..=15 => 2,
        16..=23 => 4,
        _ => 5,
    };
    let rows = area.height.saturating_sub(4 + below);
    let left = match area.width {
        0..60 => 0,
        _ => 24,
    };
    let from = left + u16::from(left > 0);
    let rest = area.width - from;
    let wide = match area.width {
        0..100 => 0,
        100..160 => rest.saturating_sub(LIST + 1),
        _ => area.width / 2,
    };
    let list = rest - wide - u16::from(wide > 0);
    let list = Rect::new(area.x + from, area.y + 2, list, rows);
    let preview = Rect::new(area.right() - wide, area.y + 2, wide, rows);
    let rule = area.y + 2 + rows;
    let shown = usize::from(rows);
    let count = model.menu.shown().len();
    Places {
        folders: Rect::new(area.x, area.y + 2, left, rows),
        list,
        preview,
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
