//! The first row, and the whole run in the rule above the caption.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::layout::axis::{Axis, Page};
use crate::screens::stage::watched;
use crate::session::motion::play_words;
use crate::session::playhead::Mode;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::parts;
use crate::widgets::scene::{FINE, Scene};
use loopscope_timeline::explain;
use loopscope_trace::{Clock, Detail, Nanos};

/// Columns for the run's end, with a blank on either side.
const END: u16 = 11;

/// Columns for the run's start.
const START: u16 = 5;

/// The run on a row; `None` while the panes show all of it anyway.
fn axis(scene: &Scene, rule: Rect) -> Option<Axis> {
    let view = scene.view;
    let all = view.look.zoom.is_none() && scene.page.from == Nanos::ZERO;
    let end = view.timeline.end();
    if all || end == Nanos::ZERO || rule.width < 40 {
        return None;
    }
    let run = Page {
        from: Nanos::ZERO,
        length: end,
    };
    let wide = rule.width - START - END;
    Some(Axis {
        page: run,
        left: rule.x + START,
        cells: wide,
        columns: wide,
    })
}

/// The moment under a cell of the row.
pub(crate) fn moment(scene: &Scene, rule: Rect, column: u16, row: u16) -> Option<Nanos> {
    let here = Position::new(column, row);
    axis(scene, rule)
        .filter(|_| rule.contains(here))?
        .moment(column)
}

/// Draws it over the rule.
pub(crate) fn draw_minimap(scene: &Scene, rule: Rect, buf: &mut Buffer) {
    let Some(axis) = axis(scene, rule) else {
        return;
    };
    let theme = scene.view.theme;
    let end = scene.view.timeline.end();
    text::put(buf, rule.x + 1, rule.y, " 0s ", 4_u16, theme.dim());
    let label = format!(" {}s ", end.hundredths());
    let x = axis.left + axis.cells + 1;
    text::put_in(buf, rule, (x - rule.x, rule.y), &label, theme.dim());
    let cells = Rect::new(axis.left, rule.y, axis.cells + 1, 1);
    parts::fill(buf, cells, theme.rule(), theme.dim());
    marks(scene, &axis, rule.y, buf);
    window(scene, &axis, rule.y, buf);
    let x = axis.left + axis.cell(scene.now());
    let sign = theme.sign(Sign::Playhead);
    text::put(buf, x, rule.y, sign, 1_u16, theme.focus());
}

/// What was found so far: how long a loop was held, and when anything else showed.
fn marks(scene: &Scene, axis: &Axis, y: u16, buf: &mut Buffer) {
    let view = scene.view;
    let theme = view.theme;
    let seen = view.furthest.max(view.moment.at);
    let known = view.timeline.findings().iter();
    let known = known.take_while(|finding| finding.found <= seen);
    for finding in known.clone() {
        let Some(state) = finding.kind.on_map else {
            continue;
        };
        let last = axis.cell((finding.at + finding.length).min(seen));
        for cell in axis.cell(finding.at)..=last {
            let x = axis.left + cell;
            text::put(buf, x, y, theme.glyph(state), 1_u16, theme.state(state));
        }
    }
    for finding in known {
        let x = axis.left + axis.cell(finding.at);
        text::put(buf, x, y, theme.sign(Sign::Into), 1_u16, theme.focus());
    }
}

/// The part that the panes show, between two brackets.
fn window(scene: &Scene, axis: &Axis, y: u16, buf: &mut Buffer) {
    let theme = scene.view.theme;
    let (first, last) = (axis.cell(scene.page.from), axis.cell(scene.page.end()));
    // Beside the cells that it spans: however short it is, the playhead in it stays in sight.
    for (x, sign) in [
        ((axis.left + first).saturating_sub(1), "["),
        (axis.left + last + 1, "]"),
    ] {
        text::put(buf, x, y, sign, 1_u16, theme.focus());
    }
}

/// The first row: title, mode, time, how fast one watches, and what is unusual.
pub(crate) fn draw(scene: &Scene, area: Rect, buf: &mut Buffer) {
    let view = scene.view;
    let theme = view.theme;
    let story = view.timeline.story();
    let all = usize::from(area.width.saturating_sub(2));
    let mut facts = match view.watched() {
        Some(_) => watched::facts(scene, stands(scene)),
        None => facts(scene, area.width),
    };
    // A listener may be open to a whole network: the title gives way before that does.
    let least = if view.console.is_some() {
        all / 5
    } else {
        all * 2 / 5
    };
    let title = text::width(&story.title).min(least);
    let wide = |facts: &[String], gap: usize| {
        facts
            .iter()
            .map(|fact| text::width(fact) + gap)
            .sum::<usize>()
    };
    // First the gaps give way to the title, then what only repeats the usual; never mode and time.
    let mut gap = 3;
    if wide(&facts, gap) + text::width(&story.title) > all {
        gap = 2;
        let usual = play_words(1.0);
        if wide(&facts, gap) + text::width(&story.title) > all {
            facts.retain(|fact| *fact != usual);
        }
    }
    while facts.len() > 2 && wide(&facts, gap) + title > all {
        facts.pop();
    }
    let right = text::fit(&facts.join(&" ".repeat(gap)), all);
    let wide = text::width(&right) as u16;
    let x = area.right().saturating_sub(wide + 1);
    let name = if area.width >= 100 && !story.number.is_empty() {
        format!("{}  {}", story.number, story.title)
    } else {
        story.title.clone()
    };
    let room = x.saturating_sub(area.x + 3);
    text::put(buf, area.x + 1, area.y, &name, room, theme.focus());
    text::put(buf, x, area.y, &right, wide, theme.text());
}

/// How the stage stands to the run, and the moment that is looked at.
fn stands(scene: &Scene) -> Vec<String> {
    let view = scene.view;
    let [now, end] = [scene.now(), view.timeline.end()];
    let of = |now: String, end: String| format!("{now} of {end}");
    // One looks closer where one stands.
    let close = |at: Nanos| match scene.page.length < FINE {
        true => scene.seconds(at),
        false => format!("{}s", at.thousandths()),
    };
    let (short, long) = (scene.seconds(now), scene.seconds(end));
    match view.mode {
        Mode::BeforeRun => vec!["before the run".into(), short],
        Mode::Live => vec![format!("{} live", view.theme.sign(Sign::Live)), short],
        Mode::Playing => vec!["playing".into(), of(short, long)],
        Mode::Paused | Mode::Recorded => vec!["paused".into(), of(close(now), close(end))],
        Mode::Ended if view.watched().is_some() => vec![watched::end(view), short],
        Mode::Ended => vec!["ended".into(), short],
    }
}

/// The same, and what is unusual.
fn facts(scene: &Scene, width: u16) -> Vec<String> {
    let view = scene.view;
    let story = view.timeline.story();
    let mut facts = stands(scene);
    if view.look.stepped {
        let events = view.timeline.trace().events.len();
        facts.push(format!("event {} of {events}", view.moment.applied));
    }
    facts.extend(view.place.map(|(place, all)| format!("{place} of {all}")));
    if view.mode != Mode::BeforeRun {
        facts.push(view.play.to_owned());
    }
    if loopscope_timeline::busy(view.timeline).is_some() {
        facts.push("busy machine".into());
    }
    if width < 60 {
        facts.truncate(2);
        return facts;
    }
    if story.speed > 0.0 && (story.speed - 1.0).abs() > 1e-9 {
        facts.push(format!("run {}x", text::number(story.speed)));
    }
    let wide = width >= 100;
    match (story.clock, view.mode) {
        (Clock::Virtual, _) => {
            facts.push("virtual clock".into());
            facts.push("pool: model".into());
        }
        (Clock::Real, Mode::Recorded) => facts.push("recorded run".into()),
        (Clock::Real, _) if wide => facts.push("real run".into()),
        (Clock::Real, _) => {}
    }
    if story.runtime.gil {
        facts.push("GIL: model".into());
    }
    if view.world.stopping.is_some() && view.mode != Mode::Ended {
        facts.push("stopping".into());
    }
    if view.world.late > 0 {
        facts.push(format!(
            "{} late",
            explain::number_of(view.world.late as usize, "event")
        ));
    }
    if view.own_requests {
        facts.push("own requests".into());
    }
    if view.world.dropped > 0 {
        facts.push(format!(
            "{} lost",
            explain::number_of(view.world.dropped as usize, "event")
        ));
    }
    if story.detail == Detail::Reduced {
        facts.push("reduced detail".into());
    }
    let off = || wide.then(|| "tokio-console off".into());
    facts.extend(view.console.map(text::clean).or_else(off));
    facts
}
