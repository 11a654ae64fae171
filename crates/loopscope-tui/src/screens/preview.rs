//! What the scenario under the menu's cursor is: its code, what happens in it, and how a prediction came out. What its run shows
//! is not told.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::model::menu;
use crate::model::model::Model;
use crate::screens::question::{code, words};
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::parts;
use loopscope_trace::{Language, Story};

/// Rows for what happens, at least and at most.
const HAPPENS: (u16, u16) = (6, 14);

/// Draws the preview with the divider left of it.
pub(crate) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    if area.width == 0 {
        return;
    }
    let (column, top) = (area.x - 1, area.y - 1);
    let whole = Rect::new(0, area.y, area.right(), area.height);
    parts::divider(buf, whole, column, area.y..area.bottom(), theme);
    join(model, Sign::TeeDown, (column, top), buf);
    let Some(entry) = model.menu.selected() else {
        return;
    };
    let told = menu::told(model.session.as_ref(), entry);
    let Some(story) = told.or(entry.story.as_deref()) else {
        return;
    };
    let language = story.shown_in(model.language);
    let name = match language {
        Language::Python => " code  Python ",
        Language::Rust => " code  Rust ",
    };
    title(model, name, (area, top), buf);
    let listing = story.listing(language);
    let lines = text::cells_of(listing.map_or(0, |listing| listing.lines.len()));
    let (height, happens) = shares(story, lines, area.height);
    code::whole(model, story, Rect { height, ..area }, buf);
    if happens < 2 {
        return;
    }
    let rule = Rect::new(area.x, area.y + height, area.width, 1);
    parts::fill(buf, rule, theme.rule(), theme.dim());
    join(model, Sign::TeeRight, (column, rule.y), buf);
    title(model, " what happens ", (area, rule.y), buf);
    let below = Rect::new(area.x, rule.y + 1, area.width, happens - 1);
    words::draw(story, below, theme, buf);
    last(model, &entry.id, below, buf);
}

/// Where the divider meets a rule.
fn join(model: &Model, sign: Sign, (x, y): (u16, u16), buf: &mut Buffer) {
    let theme = &model.theme;
    text::put(buf, x, y, theme.sign(sign), 1_u16, theme.dim());
}

fn title(model: &Model, words: &str, (area, y): (Rect, u16), buf: &mut Buffer) {
    let room = area.width.saturating_sub(1);
    text::put(buf, area.x + 1, y, words, room, model.theme.title());
}

/// How the last prediction came out, in the last row.
fn last(model: &Model, id: &str, area: Rect, buf: &mut Buffer) {
    if let Some(mark) = model.marks.get(id) {
        let words = format!("last time: {}", mark.words());
        let y = area.bottom() - 1;
        let room = area.width.saturating_sub(2);
        text::put(buf, area.x + 1, y, &words, room, model.theme.muted());
    }
}

/// Rows of the code and of what happens: the code gets what it needs, as long as the other keeps its least.
fn shares(story: &Story, lines: u16, rows: u16) -> (u16, u16) {
    let asks = text::cells_of(story.planned.len()).saturating_add(7);
    let happens = asks.clamp(HAPPENS.0, HAPPENS.1).min(rows / 2);
    let code = lines.min(rows - happens);
    (code, rows - code)
}
