//! Threads over time: whose turn it was, and how it held the thread.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::pane::Size;
use crate::panes::gil;
use crate::widgets::lane_parts;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::StageView;
use crate::widgets::thread_row::{draw_track, loops, of_role};
use loopscope_timeline::Pool;
use loopscope_trace::ThreadRole;

/// More threads of a kind than this are not drawn as rows.
const ROWS: usize = 32;

/// Draws the loops, then the pool: a figure, and a row a thread as far as there is room.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let axis = scene.axis(area);
    let air = u16::from(scene.size == Size::Roomy && area.height > 3);
    let mut y = area.y + air;
    for track in loops(scene).into_iter().take(ROWS) {
        if y >= area.bottom() {
            return;
        }
        draw_track(scene, track, &axis, area, y, buf);
        y += 1;
    }
    if y == area.y + air {
        lane_parts::put_name(scene, "loop", scene.view.theme.text(), area, y, buf);
        y += 1;
    }
    for nth in 0..gil::rows(scene) {
        if y >= area.bottom() {
            return;
        }
        gil::draw(scene, nth, &axis, (area, y), buf);
        y += 1;
    }
    for (name, pool) in pools(scene) {
        if y >= area.bottom() {
            return;
        }
        let words = format!("{name} {}/{}", pool.busy, pool.threads);
        lane_parts::put_name(scene, &words, scene.view.theme.dim(), area, y, buf);
        y += 1;
    }
    let rows = usize::from(area.bottom().saturating_sub(y));
    let children = of_role(scene, ThreadRole::Process);
    for track in children.chain(of_role(scene, ThreadRole::Pool)).take(rows) {
        draw_track(scene, track, &axis, area, y, buf);
        y += 1;
    }
}

/// The pools with their names; the default one only where it is used or there is nothing else.
fn pools<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (&'a str, Pool)> {
    let (world, story) = (scene.view.world, scene.view.timeline.story());
    let others = !world.pools.is_empty() || of_role(scene, ThreadRole::Process).next().is_some();
    let used = world.pool.threads > 0 && (world.pool.peak_busy > 0 || !others);
    let default = used.then_some(("pool", world.pool));
    let named = story.pools.iter().zip(&world.pools);
    let named = named.map(|(named, other)| (named.name.as_str(), other.pool));
    default.into_iter().chain(named)
}

/// How many rows the threads would like to have.
pub(crate) fn rows(view: &StageView) -> u16 {
    let (mut loops, mut pool) = (0, 0);
    for thread in view.world.threads.iter().take(256) {
        match thread.role {
            ThreadRole::Loop => loops += 1,
            ThreadRole::Pool => pool += 1,
            ThreadRole::Process => pool += 1,
            ThreadRole::Client => {}
        }
    }
    let gil = u16::from(view.timeline.story().runtime.gil);
    let named = view.world.pools.len().min(4) as u16;
    loops.max(1) + gil + named + 1 + pool.min(8)
}
