//! Parts of a lane that several panes draw: its name, and the ticks of the heartbeat.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::axis::Axis;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_trace::TaskId;

/// Which cells hold a tick of the heartbeat.
pub(crate) fn beat_cells(scene: &Scene, axis: &Axis, task: Option<TaskId>) -> Vec<bool> {
    let timeline = scene.view.timeline;
    let beats = task.map(|task| timeline.beats_of(task));
    let beats = beats.as_deref().unwrap_or_else(|| timeline.beats());
    let seen = beats.partition_point(|beat| *beat <= scene.now());
    let beats = &beats[..seen];
    (0..axis.cells)
        .map(|cell| {
            let first = beats.partition_point(|beat| *beat < axis.start(cell));
            let last = cell + 1 == axis.cells;
            beats
                .get(first)
                .is_some_and(|beat| last || *beat < axis.start(cell + 1))
        })
        .collect()
}

/// The ticks of the heartbeat.
pub(crate) fn draw_beats(scene: &Scene, axis: &Axis, beats: &[bool], y: u16, buf: &mut Buffer) {
    let theme = scene.view.theme;
    for (cell, _) in beats.iter().enumerate().filter(|beat| *beat.1) {
        let x = axis.left + cell as u16;
        text::put(buf, x, y, theme.sign(Sign::Beat), 1_u16, theme.text());
    }
}

/// A name in front of a strip.
pub(crate) fn put_name(
    scene: &Scene,
    name: &str,
    style: ratatui::style::Style,
    area: Rect,
    y: u16,
    buf: &mut Buffer,
) {
    let (x, strip) = scene.names(area.width);
    let wide = strip.saturating_sub(x + 1 + scene.says());
    text::put(buf, area.x + x, y, name, wide, style);
}
