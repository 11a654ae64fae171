//! What the trace proves up to the playhead.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::pane::Size;
use crate::text::text;
use crate::widgets::scene::Scene;
use loopscope_timeline::{Insight, InsightKind};
use loopscope_trace::Nanos;

/// Draws the newest findings that fit, by time.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let air = u16::from(scene.size == Size::Roomy && area.height > 3);
    let theme = scene.view.theme;
    let mut rows: Vec<(Nanos, &str, String)> = scene
        .view
        .timeline
        .insights_at(scene.view.world)
        .iter()
        .map(|insight| (insight.at, word(insight.kind), sentence(scene, insight)))
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

const fn word(kind: InsightKind) -> &'static str {
    match kind {
        InsightKind::BlockedLoop => "blocked loop",
        InsightKind::Starved => "starved",
        InsightKind::SaturatedPool => "pool taken",
        InsightKind::NeverPolled => "never polled",
        InsightKind::NeverYields => "never yields",
        InsightKind::LostUpdate => "lost update",
        InsightKind::Deadlock => "deadlock",
        InsightKind::OutlivedTimeout => "goes on",
        InsightKind::GilContention => "GIL wanted",
        InsightKind::UnfairLock => "overtaken",
        InsightKind::KilledProcess => "child killed",
    }
}

/// `A, line 5, 3.40s and counting`.
fn sentence(scene: &Scene, insight: &Insight) -> String {
    let lane = insight.lane.and_then(|lane| scene.view.timeline.lane(lane));
    let mut who = lane.map_or_else(|| "?".into(), |lane| scene.short(lane));
    if let Some(line) = scene.line(insight.step) {
        who = format!("{who}, line {line}");
    }
    let long = scene.length(insight.length);
    let grows = if insight.open { " and counting" } else { "" };
    match insight.kind {
        InsightKind::BlockedLoop | InsightKind::NeverYields => format!("{who}, {long}{grows}"),
        InsightKind::Starved => match lane {
            Some(lane) => format!("{}, ready for {long}", scene.short(lane)),
            None => format!("{} tasks, for {long}", insight.count),
        },
        InsightKind::SaturatedPool => format!("{} queued for it, {long}{grows}", insight.count),
        InsightKind::NeverPolled => format!("{who} ended without a turn"),
        InsightKind::LostUpdate => format!("{} of {}", insight.count, named(scene, insight)),
        InsightKind::Deadlock => format!("{who} and {} in a circle", insight.count),
        InsightKind::OutlivedTimeout => format!("{who}, alone for {long}{grows}"),
        InsightKind::GilContention => format!(
            "{} threads, {} in all",
            insight.count,
            scene.length(insight.amount)
        ),
        InsightKind::UnfairLock => format!("{who}, {} times, {long}{grows}", insight.count),
        InsightKind::KilledProcess => format!("{} ended with it", insight.count),
    }
}

/// The name of the variable that a finding is about.
fn named<'a>(scene: &'a Scene, insight: &Insight) -> &'a str {
    let variables = &scene.view.timeline.story().variables;
    let variable = insight.of.and_then(|of| variables.get(of as usize));
    variable.map_or("a variable", |variable| variable.name.as_str())
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
