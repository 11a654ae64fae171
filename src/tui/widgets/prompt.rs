//! The line that one types into, in the caption's place.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Scene;
use crate::tui::model::Prompt;
use crate::tui::text;

/// Draws what has been typed with its cursor, and below it what came of it.
pub fn draw(scene: &Scene, prompt: &Prompt, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let room = area.width.saturating_sub(2);
    let used = text::put(buf, area.x + 1, area.y, prompt.title(), room, theme.focus());
    let x = area.x + 2 + used;
    let wide = area.right().saturating_sub(x + 2);
    let scroll = prompt.input.visual_scroll(usize::from(wide));
    let typed: String = prompt.input.value().chars().skip(scroll).collect();
    text::put(buf, x, area.y, &typed, wide, theme.text());
    let cursor = prompt.input.visual_cursor().saturating_sub(scroll);
    let at = x + u16::try_from(cursor).unwrap_or(wide).min(wide);
    if at < area.right() {
        buf[(at, area.y)].set_style(theme.cursor());
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
