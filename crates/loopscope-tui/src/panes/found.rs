//! What the trace proves up to the playhead.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::pane::Size;
use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_timeline::{Finding, Row};
use loopscope_trace::Nanos;

/// Draws the newest findings that fit, by time.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let air = u16::from(scene.size == Size::Roomy && area.height > 3);
    let theme = scene.view.theme;
    let mut rows: Vec<(Nanos, &str, String)> = scene
        .view
        .timeline
        .findings_at(scene.view.world)
        .iter()
        .map(|finding| (finding.at, finding.kind.row_word, sentence(scene, finding)))
        .collect();
    rows.extend(missed(scene));
    rows.sort_by_key(|row| row.0);
    let room = usize::from(area.height - air);
    let first = rows.len().saturating_sub(room);
    for ((at, word, sentence), y) in rows[first..].iter().zip(area.y + air..) {
        let at = format!("{:>6}", at.hundredths());
        text::put(buf, area.x + 2, y, &at, 6_u16, theme.dim());
        text::put(
            buf,
            area.x + 10,
            y,
            word,
            area.width.saturating_sub(10),
            theme.focus(),
        );
        let x = 25;
        text::put(
            buf,
            area.x + x,
            y,
            sentence,
            area.width.saturating_sub(x),
            theme.text(),
        );
    }
    if rows.is_empty() && room > 0 {
        let y = area.y + air;
        text::put(
            buf,
            area.x + 4,
            y,
            "nothing yet",
            area.width.saturating_sub(4),
            theme.dim(),
        );
    }
}

/// `A, line 5, 3.40s and counting`.
fn sentence(scene: &Scene, finding: &Finding) -> String {
    let timeline = scene.view.timeline;
    let lane = finding.lane.and_then(|lane| timeline.lane(lane));
    let lane = lane.map(|lane| scene.short(lane));
    let mut who = lane.clone().unwrap_or_else(|| "?".to_owned());
    if let Some(line) = scene.line(finding.step) {
        who = format!("{who}, line {line}");
    }
    let row = Row {
        who,
        lane,
        length: scene.length(finding.length),
        amount: scene.length(finding.amount),
    };
    finding.short(timeline, &row)
}

/// Beats that should have come and did not.
fn missed(scene: &Scene) -> Option<(Nanos, &'static str, String)> {
    let world = scene.view.world;
    let period = scene.view.timeline.story().heartbeat.0;
    if period == 0 || world.beats.seen == 0 {
        return None;
    }
    let end = if world.ended.is_some() {
        world.beats.last?
    } else {
        scene.now()
    };
    let due = end.0 / period + 1;
    let missed = due.saturating_sub(u64::from(world.beats.seen));
    if missed < 2 {
        return None;
    }
    // A beat that is late stays late, so the first missing beat can be searched.
    let beats = scene.view.timeline.beats();
    let (mut low, mut high) = (0, beats.len().min(world.beats.seen as usize));
    while low < high {
        let middle = usize::midpoint(low, high);
        if beats[middle].0 < (middle as u64 + 1) * period {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let first = Nanos(low as u64 * period);
    Some((first, "heartbeat", format!("{missed} beats missed")))
}
