//! What the trace proves up to the playhead, and why the selected lane is not running.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::plan::Size;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::parts;
use crate::widgets::scene::Scene;
use loopscope_timeline::{Finding, Row, explain};
use loopscope_trace::Nanos;

/// Draws the newest findings that fit, by time.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    draw_all(scene, area, buf, |_| true);
}

/// Draws the same without blocked loops, which have a list of their own.
pub(crate) fn draw_others(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let other = |finding: &Finding| finding.kind.id != "blocked-loop";
    let findings = scene.view.timeline.findings_at(scene.view.world);
    if findings.iter().any(other) {
        draw_all(scene, area, buf, other);
    }
}

fn draw_all(scene: &Scene, area: Rect, buf: &mut Buffer, is_shown: fn(&Finding) -> bool) {
    let air = u16::from(scene.size == Size::Roomy && area.height > 3);
    let theme = scene.view.theme;
    let mut rows: Vec<(Nanos, String, String)> = scene
        .view
        .timeline
        .findings_at(scene.view.world)
        .iter()
        .filter(|finding| is_shown(finding))
        .map(|finding| {
            let word = finding.kind.row_word.to_owned();
            (finding.at, word, sentence(scene, finding))
        })
        .collect();
    let room = usize::from(area.height - air);
    let more = missed(scene);
    if rows.len() + usize::from(more.is_some()) > room && !scene.view.look.ungrouped {
        rows = grouped(scene, is_shown);
    }
    rows.extend(more.map(|(at, word, sentence)| (at, word.to_owned(), sentence)));
    rows.sort_by_key(|row| row.0);
    let first = rows.len().saturating_sub(room);
    let words = rows[first..].iter().map(|(_, word, _)| text::width(word));
    let least = if area.width < 64 { 9 } else { 13 };
    let sentences = 12 + text::cells_of(words.max().unwrap_or(0)).max(least);
    for ((at, word, sentence), y) in rows[first..].iter().zip(area.y + air..) {
        let at = format!("{:>8}", scene.at_unit(*at));
        text::put(buf, area.x, y, &at, 8_u16, theme.dim());
        text::put_in(buf, area, (10, y), word, theme.focus());
        text::put_in(buf, area, (sentences, y), sentence, theme.text());
    }
    if rows.is_empty() && room > 0 {
        let y = area.y + air;
        let words = match scene.view.world.ended {
            Some(_) => "nothing found",
            None => "nothing yet",
        };
        text::put_in(buf, area, (4, y), words, theme.dim());
    }
}

/// What is equal in a row each: `blocked loop ×100   5.00s each, line 5`; by the newest of each.
fn grouped(scene: &Scene, is_shown: fn(&Finding) -> bool) -> Vec<(Nanos, String, String)> {
    let findings = scene.view.timeline.findings_at(scene.view.world);
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings.iter().filter(|finding| is_shown(finding)) {
        let same = |group: &&mut Vec<&Finding>| {
            let first = group[0];
            first.kind.id == finding.kind.id && first.step == finding.step
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let rows = groups.iter().filter_map(|group| {
        let (first, last) = (group.first()?, group.last()?);
        let word = first.kind.row_word;
        if group.len() == 1 {
            return Some((first.at, word.to_owned(), sentence(scene, first)));
        }
        let lengths = group.iter().map(|finding| finding.length);
        let (least, most) = (lengths.clone().min()?, lengths.max()?);
        let (least, most) = (scene.length(least), scene.length(most));
        let long = match least == most {
            true => format!("{most} each"),
            false => format!("{least} to {most}"),
        };
        let line = scene.place(first.step);
        let line = line.map_or_else(String::new, |line| format!(", {line}"));
        Some((
            last.at,
            format!("{word} ×{}", group.len()),
            format!("{long}{line}"),
        ))
    });
    rows.collect()
}

/// `A, line 5, 3.40s and counting`.
fn sentence(scene: &Scene, finding: &Finding) -> String {
    let timeline = scene.view.timeline;
    let lane = finding.lane.and_then(|lane| timeline.lane(lane));
    let lane = lane.map(|lane| scene.short(lane));
    let mut who = lane.clone().unwrap_or_else(|| "?".to_owned());
    if let Some(line) = scene.place(finding.step) {
        who = format!("{who}, {line}");
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
    Some((
        first,
        "heartbeat",
        format!("{} missed", explain::number_of(missed as usize, "beat")),
    ))
}

/// What stands in the rule: the lane, its state, and for how long.
pub(crate) fn why_title(scene: &Scene) -> String {
    let Some(why) = scene.view.look.why else {
        return "why".to_owned();
    };
    let name = scene.view.timeline.lane(why.lane);
    let name = name.map_or_else(String::new, |lane| scene.short(lane));
    let long = scene.length(scene.now().since(why.since));
    format!("why  {name}: {} {long}", why.state.word())
}

/// Draws the sentences, and whom a key follows.
pub(crate) fn draw_why(scene: &Scene, area: Rect, buf: &mut Buffer) {
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
    let top = y.min(last);
    let below = Rect::new(area.x, top, area.width, area.bottom().saturating_sub(top));
    let rows = cause.iter().take(way);
    parts::put_rows(buf, below.inner(parts::SIDES), rows, theme.focus());
}
