//! Why the selected lane is not running: what it does, who will wake it, who woke it last.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::pane::Size;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::scene::Scene;

/// What stands in the rule: the lane, its state, and for how long.
pub(crate) fn title(scene: &Scene) -> String {
    let Some(why) = scene.view.look.why else {
        return "why".to_owned();
    };
    let name = scene.view.timeline.lane(why.lane);
    let name = name.map_or_else(String::new, |lane| scene.short(lane));
    let long = scene.length(scene.now().since(why.since));
    format!("why  {name}: {} {long}", why.state.word())
}

/// Draws the sentences, and whom a key follows.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let Some(why) = scene.view.look.why else {
        return;
    };
    let theme = scene.view.theme;
    let air = u16::from(scene.size == Size::Roomy && area.height > 8);
    let wide = usize::from(area.width.saturating_sub(2));
    let sign = theme.sign(Sign::Cursor);
    let cause = why.cause.as_ref();
    let cause = cause.map(|cause| format!("{sign} Enter: {}", cause.says));
    let cause = text::wrap(&cause.unwrap_or_default(), wide, 3);
    // In a small window the caption says what it is doing.
    let now = if scene.size == Size::Small {
        ""
    } else {
        &why.now
    };
    let parts = [now, &why.next, &why.last].map(|words| text::wrap(words, wide, 6));
    let inked: usize = parts.iter().map(Vec::len).sum::<usize>() + cause.len();
    // A blank row between two sentences, where all of them have room.
    let between = u16::from(inked + 3 <= usize::from(area.height - air));
    // The answer comes before the way on, which is never given up either.
    let room = usize::from(area.height - air).saturating_sub(parts[0].len());
    let way = cause.len().min(room.max(1));
    let last = area.bottom().saturating_sub(way as u16);
    let mut y = area.y + air;
    for part in parts.iter().filter(|part| !part.is_empty()) {
        // Half a sentence says nothing.
        if y + part.len() as u16 > last {
            break;
        }
        for row in part {
            let room = area.width.saturating_sub(2);
            text::put(buf, area.x + 1, y, row, room, theme.text());
            y += 1;
        }
        y += between;
    }
    for (row, y) in cause.iter().take(way).zip(y.min(last)..area.bottom()) {
        text::put(
            buf,
            area.x + 1,
            y,
            row,
            area.width.saturating_sub(2),
            theme.focus(),
        );
    }
}
