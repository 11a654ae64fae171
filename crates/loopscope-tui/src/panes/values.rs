//! What each lane has in hand at the playhead: its locals, what it read and wrote, what it awaits.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_timeline::Lane;
use loopscope_timeline::explain;

/// Draws the selected lane, then those that go on, then those that are over, as many as fit whole.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let lanes = lanes(scene);
    let wide = usize::from(area.width.saturating_sub(3));
    let mut y = area.y;
    let mut shown = 0;
    for lane in &lanes {
        let rows = rows(scene, lane, wide);
        let left = area.bottom().saturating_sub(y);
        // The last row says how many more there are.
        let rest = u16::from(shown + 1 < lanes.len());
        let needs = text::cells_of(rows.len() + 1);
        if shown > 0 && needs + rest > left || left == 0 {
            break;
        }
        let name = scene.full_name(lane);
        let state = scene.state(lane.id).0.word();
        let style = match scene.view.selected == Some(lane.id) {
            true => theme.cursor(),
            false => theme.focus(),
        };
        let used = text::put(buf, area.x + 1, y, &name, area.width - 1, style);
        text::put_in(buf, area, (used + 3, y), state, theme.dim());
        for (row, y) in rows.iter().zip(y + 1..area.bottom()) {
            text::put(buf, area.x + 3, y, row, area.width - 3, theme.text());
        }
        y = y.saturating_add(needs).min(area.bottom());
        shown += 1;
    }
    let more = match (lanes.len(), lanes.len() - shown) {
        (0, _) => "nothing is under way".to_owned(),
        (_, 0) => return,
        (_, more) => format!("{more} more: ↑ ↓ chooses"),
    };
    if y < area.bottom() {
        text::put_in(buf, area, (1, y), &more, theme.dim());
    }
}

/// The lanes that go on, or have touched anything: the selected one first, then in the order of drawing, what is
/// over last.
fn lanes<'a>(scene: &Scene<'a>) -> Vec<&'a Lane> {
    let (timeline, world) = (scene.view.timeline, scene.view.world);
    let over = |lane: &Lane| scene.state(lane.id).0.is_final();
    let all = (0..scene.lanes.story()).filter_map(|place| scene.lanes.get(scene.view, place));
    let mut lanes: Vec<&Lane> = all
        .filter(|lane| lane.from <= scene.now())
        .filter(|lane| !over(lane) || explain::has_values(timeline, world, lane.id))
        .collect();
    lanes.sort_by_cached_key(|lane| (scene.view.selected != Some(lane.id), over(lane)));
    lanes
}

/// What a lane has in hand, in rows.
fn rows(scene: &Scene, lane: &Lane, wide: usize) -> Vec<String> {
    let has = explain::in_hand(scene.view.timeline, scene.view.world, lane.id);
    let locals = has.locals.iter();
    let locals = locals.map(|(name, value)| text::clean(&format!("{name} = {value}")));
    let locals: Vec<String> = locals.collect();
    let awaits = match has.awaits.as_str() {
        "" => String::new(),
        words => format!("awaits {words}"),
    };
    let lines = [locals.join("   ")];
    let lines = lines.into_iter().chain(has.shared).chain([awaits]);
    lines
        .filter(|line| !line.is_empty())
        .flat_map(|line| text::wrap(&text::clean(&line), wide, 6))
        .collect()
}
