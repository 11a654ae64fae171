//! What the trace proves up to the playhead, and why the selected lane is not running.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::layout::plan::Size;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::parts;
use crate::widgets::scene::Scene;
use loopscope_timeline::{Earlier, Finding, Kind, Row, explain};
use loopscope_trace::Nanos;

/// Draws the newest findings that fit, by time.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    draw_all(scene, area, buf, |_| true);
}

/// Draws the same without blocked loops, which have a list of their own.
pub(crate) fn draw_others(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let other = |kind: &Kind| kind.id != "blocked-loop";
    let (timeline, world) = (scene.view.timeline, scene.view.world);
    let mut known = timeline.findings_known(world);
    let before = timeline.findings_before().iter();
    if known.any(|(_, finding)| other(finding.kind)) || before.into_iter().any(|it| other(it.kind))
    {
        draw_all(scene, area, buf, other);
    }
}

fn draw_all(scene: &Scene, area: Rect, buf: &mut Buffer, is_shown: fn(&Kind) -> bool) {
    let air = u16::from(scene.size == Size::Roomy && area.height > 3);
    let theme = scene.view.theme;
    let timeline = scene.view.timeline;
    let known = timeline.findings_known(scene.view.world);
    let known: Vec<(usize, &Finding)> = known
        .filter(|(_, finding)| is_shown(finding.kind))
        .collect();
    let before = timeline.findings_before().iter();
    let before: Vec<_> = before.filter(|earlier| is_shown(earlier.kind)).collect();
    let room = usize::from(area.height - air);
    let more = missed(scene);
    let fits = known.len() + before.len() + usize::from(more.is_some()) <= room;
    let mut rows: Vec<(Nanos, String, String)> = if fits || scene.view.look.ungrouped {
        let newest = known.len().saturating_sub(room);
        let single = known[newest..].iter();
        single.filter_map(|&(place, _)| row(scene, place)).collect()
    } else {
        grouped(scene, &known)
    };
    rows.extend(before.into_iter().map(|earlier| of_before(scene, earlier)));
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

/// The row of a finding: since when, what, and a sentence.
fn row(scene: &Scene, place: usize) -> Option<(Nanos, String, String)> {
    let finding = scene.view.timeline.finding_at(place, scene.now())?;
    let word = finding.kind.row_word.to_owned();
    Some((finding.at, word, sentence(scene, &finding)))
}

/// What was found at a place in a time that is kept no more: `starved ×100   at most 5.00s, app.py:12`; by the
/// last.
fn of_before(scene: &Scene, earlier: &Earlier) -> (Nanos, String, String) {
    let word = match earlier.times {
        1 => earlier.kind.row_word.to_owned(),
        times => format!("{} ×{times}", earlier.kind.row_word),
    };
    let most = scene.length(earlier.longest);
    let words = match scene.place(earlier.step) {
        Some(line) if earlier.times > 1 => format!("at most {most}, {line}"),
        Some(line) => format!("{most}, {line}"),
        None => earlier.sentence.clone(),
    };
    (earlier.last, word, words)
}

/// What is equal in a row each: `blocked loop ×100   5.00s each, line 5`; by the newest of each.
fn grouped(scene: &Scene, known: &[(usize, &Finding)]) -> Vec<(Nanos, String, String)> {
    let mut groups: Vec<Vec<(usize, &Finding)>> = Vec::new();
    for &(place, finding) in known {
        let same = |group: &&mut Vec<(usize, &Finding)>| {
            let first = group.first().map(|(_, first)| (first.kind, first.step));
            first == Some((finding.kind, finding.step))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push((place, finding)),
            None => groups.push(vec![(place, finding)]),
        }
    }
    let rows = groups.iter().filter_map(|group| {
        let ((place, first), (_, last)) = (*group.first()?, *group.last()?);
        let word = first.kind.row_word;
        if group.len() == 1 {
            return row(scene, place);
        }
        let lengths = group
            .iter()
            .map(|(_, finding)| finding.length_at(scene.now()));
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
