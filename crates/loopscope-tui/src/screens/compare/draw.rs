//! Two runs on one clock: the whole screen and the sentence below it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::key::Place;
use crate::layout::axis::Page;
use crate::layout::plan::Plan;
use crate::model::model::Model;
use crate::screens::compare::bands::{Bands, Pair, mode};
use crate::screens::compare::{bands, text_bands, totals};
use crate::screens::stage::{frame, stage_view};
use crate::session::compare::Compare;
use crate::session::explored;
use crate::session::playhead::Mode;
use crate::session::session::Run;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::StageView;
use crate::widgets::{footer, parts};
use loopscope_timeline::explain;
use loopscope_trace::Clock;

/// Where the two stand.
pub(crate) const PLACES: [&str; 2] = ["left", "right"];

/// Draws a notice, the result of both, or a row for each.
pub(crate) fn draw_caption(pair: &Pair<'_>, area: Rect, buf: &mut Buffer) {
    let wide = usize::from(area.width.saturating_sub(2));
    let style = pair.model.theme.text();
    let rows = if let Some(notice) = &pair.model.notice {
        text::wrap(&notice.text, wide, 2)
    } else if bands::mode(pair.compare) == Mode::Ended {
        text::wrap(&result(pair), wide, 2)
    } else {
        let said = [0, 1].map(|side| now(pair, side));
        of_both(pair.ids(), &said, wide)
    };
    for (row, y) in rows.iter().zip(area.top()..area.bottom()) {
        text::put(buf, area.x + 1, y, row, wide, style);
    }
}

/// A row for each side, of whole sentences, by its name or its place; where one does not fit, both share the rows.
fn of_both(names: [&str; 2], said: &[String; 2], wide: usize) -> Vec<String> {
    let fits = |words: &String| text::width(words) <= wide;
    let rows = |names: [&str; 2]| {
        [0, 1].map(|side| {
            let mut words = format!("{}: {}", names[side], said[side]);
            while !fits(&words)
                && let Some(end) = words.rfind(". ")
            {
                words.truncate(end + 1);
            }
            words
        })
    };
    let mut ways = [rows(names), rows(PLACES)].into_iter();
    match ways.find(|rows| rows.iter().all(fits)) {
        Some(rows) => rows.into(),
        None => text::wrap(&rows(PLACES).join(" "), wide, 2),
    }
}

/// What goes on in a side at the playhead.
fn now(pair: &Pair<'_>, side: usize) -> String {
    let view = pair.scenes[side].view;
    if pair.compare.sides[side].run == Run::NotYet {
        return "waits for its turn on the processor.".to_owned();
    }
    if pair.compare.prepares() && !pair.compare.sides[side].over() {
        return "runs now; both are played from their start once the other has run, too."
            .to_owned();
    }
    if view.world.ended.is_some() {
        let taken = pair.scenes[side].length(totals::taken(pair, side));
        return format!("over after {taken}.");
    }
    explain::caption(view.timeline, view.world, view.language)
}

/// `blocking-sleep took 2.0× as long as awaited-sleep: 10.01s against 5.02s.`
fn result(pair: &Pair<'_>) -> String {
    let [left, right] = [0, 1].map(|side| (totals::taken(pair, side), pair.ids()[side]));
    let (longer, shorter) = match left.0 >= right.0 {
        true => (left, right),
        false => (right, left),
    };
    let ratio = longer.0.as_secs_f64() / shorter.0.as_secs_f64().max(1e-9);
    let took = if ratio < 1.05 {
        "Each took as long as the other".to_owned()
    } else {
        format!("{} took {ratio:.1}× as long as {}", longer.1, shorter.1)
    };
    let seconds = [longer, shorter].map(|(taken, _)| pair.scenes[0].length(taken));
    let printed = pair.scenes.map(|scene| scene.view.timeline.outputs().len());
    let same = match same_lines(pair) {
        true if printed == [0, 0] => "Neither printed a line.",
        true => "They printed the same lines in the same order.",
        false => "They printed other lines, or in another order.",
    };
    format!("{took}: {} against {}. {same}", seconds[0], seconds[1])
}

fn same_lines(pair: &Pair<'_>) -> bool {
    let lines = pair.scenes.map(|scene| {
        let timeline = scene.view.timeline;
        let texts = timeline.outputs().iter();
        texts
            .map(|line| timeline.trace().text(line.text))
            .collect::<Vec<_>>()
    });
    lines[0] == lines[1]
}

/// `two real runs`, `recorded runs`.
pub(crate) fn kind(pair: &Pair<'_>) -> String {
    let recorded = pair
        .compare
        .sides
        .iter()
        .filter(|side| side.run == Run::Recorded)
        .count();
    match recorded {
        0 if computed(pair) => "virtual clock".to_owned(),
        0 => "two real runs".to_owned(),
        1 => "a real and a recorded run".to_owned(),
        _ => "two recorded runs".to_owned(),
    }
}

/// Whether both compute their time.
fn computed(pair: &Pair<'_>) -> bool {
    let stories = pair.compare.sides.iter().map(|side| side.timeline.story());
    stories
        .map(|story| story.clock)
        .all(|clock| clock == Clock::Virtual)
}

/// Draws the comparison.
pub(crate) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let Some(compare) = &model.compare else {
        return;
    };
    let [left, right] = &compare.sides;
    stage_view::with_stage(model, left, area, |left| {
        stage_view::with_stage(model, right, area, |right| {
            both(model, compare, [left, right], area, buf);
        });
    });
}

fn both(
    model: &Model,
    compare: &Compare,
    views: [&StageView<'_>; 2],
    area: Rect,
    buf: &mut Buffer,
) {
    let bands = Bands::of(compare, views, area);
    let plan = Plan::bare(bands.size);
    let page = page(compare, views);
    let pair = Pair {
        model,
        compare,
        scenes: views.map(|view| Scene {
            page,
            ..Scene::new(view, &plan)
        }),
    };
    heading(&pair, area, buf);
    if let Some(code) = bands.code {
        text_bands::code(&pair, code, buf);
    }
    if let Some(output) = bands.output {
        text_bands::output(&pair, output, buf);
    }
    totals::lanes(&pair, &bands, buf);
    if let Some(area) = bands.totals {
        totals::draw(&pair, area, buf);
    }
    parts::rule(buf, area, bands.caption.y - 1, &model.theme, "", None);
    draw_caption(&pair, bands.caption, buf);
    frame::legend(&pair.scenes[0], bands.legend, buf);
    let hints = footer::footer(Place::Compare, mode(compare), area.width >= 100);
    frame::footer(&model.theme, &hints, None, bands.footer, buf);
}

/// The page of time that both fit on.
fn page(compare: &Compare, views: [&StageView<'_>; 2]) -> Page {
    if let Some(page) = compare.fitting_page() {
        return page;
    }
    let now = compare.now();
    let furthest = compare.sides[0].furthest.max(now);
    let [left, right] = views.map(|view| Page::at(view.timeline, now, furthest));
    if right.length > left.length {
        right
    } else {
        left
    }
}

/// `compare   blocking-sleep | awaited-sleep`, and how it stands.
fn heading(pair: &Pair<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &pair.model.theme;
    let [left, right] = [0, 1].map(|side| {
        let session = &pair.compare.sides[side];
        match explored::not_as_written(&session.timeline.story().knobs).as_str() {
            "" => session.name().to_owned(),
            knobs => format!("{}, {knobs}", session.name()),
        }
    });
    let names = format!("compare   {left} {} {right}", theme.bar());
    let now = pair.scenes[0].seconds(pair.compare.now());
    let end = pair.scenes[0].seconds(pair.compare.end());
    let mut facts = match mode(pair.compare) {
        _ if pair.compare.prepares() => vec!["one after the other".to_owned()],
        Mode::Live => vec![format!("{} live", theme.sign(Sign::Live)), now],
        Mode::Ended => vec!["ended".to_owned(), now],
        Mode::Playing => vec!["playing".to_owned(), format!("{now} of {end}")],
        _ => vec!["paused".to_owned(), format!("{now} of {end}")],
    };
    if area.width >= 60 {
        facts.push(pair.compare.watched_in_words());
    }
    if area.width >= 100 {
        facts.push(kind(pair));
    }
    parts::heading(
        buf,
        Rect { height: 1, ..area },
        theme,
        &names,
        &facts.join("   "),
    );
}
