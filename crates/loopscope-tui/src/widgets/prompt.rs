//! The line that one types into, in the caption's place.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::model::prompt::Prompt;
use crate::text::text;
use crate::widgets::scene::Scene;

/// The first column of what has been typed, its columns, and how much of it is scrolled away.
fn places(prompt: &Prompt, area: Rect) -> (u16, u16, usize) {
    let room = area.width.saturating_sub(2);
    let title = u16::try_from(text::width(prompt.title())).unwrap_or(room);
    let x = area.x + 2 + title.min(room);
    let wide = area.right().saturating_sub(x + 2);
    (x, wide, prompt.input.visual_scroll(usize::from(wide)))
}

/// Where the next letter will stand.
pub(crate) fn cursor(prompt: &Prompt, area: Rect) -> Option<Position> {
    let (x, wide, scroll) = places(prompt, area);
    let cursor = prompt.input.visual_cursor().saturating_sub(scroll);
    let at = x + u16::try_from(cursor).unwrap_or(wide).min(wide);
    (at < area.right() && area.height > 0).then(|| Position::new(at, area.y))
}

/// Draws what has been typed with its cursor, and below it what came of it.
pub(crate) fn draw(scene: &Scene, prompt: &Prompt, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let room = area.width.saturating_sub(2);
    text::put(buf, area.x + 1, area.y, prompt.title(), room, theme.focus());
    let (x, wide, scroll) = places(prompt, area);
    let typed: String = prompt.input.value().chars().skip(scroll).collect();
    text::put(buf, x, area.y, &typed, wide, theme.text());
    if let Some(at) = cursor(prompt, area) {
        buf[at].set_style(theme.cursor());
    }
    let rows = text::wrap(
        &prompt.says,
        usize::from(room),
        usize::from(area.height - 1),
    );
    for (row, y) in rows.iter().zip(area.y + 1..area.bottom()) {
        text::put(buf, area.x + 1, y, row, room, theme.dim());
    }
}
