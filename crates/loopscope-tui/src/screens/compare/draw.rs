//! Two runs on one clock: code and output side by side, lanes under each other on one axis.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::keys::place::Place;
use crate::layout::axis::Page;
use crate::layout::plan::Plan;
use crate::model::model::Model;
use crate::screens::common::{footer, parts};
use crate::screens::compare::bands::Bands;
use crate::screens::compare::pair::{Pair, mode};
use crate::screens::compare::{caption, text_bands, totals};
use crate::screens::stage::{frame, stage_view};
use crate::session::compare::Compare;
use crate::session::playhead::Mode;
use crate::text::sign::Sign;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::StageView;

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
    caption::draw(&pair, bands.caption, buf);
    frame::legend(&pair.scenes[0], bands.legend, buf);
    let hints = footer::footer(Place::Compare, mode(compare), area.width >= 100);
    frame::footer(&model.theme, &hints, None, bands.footer, buf);
}

/// The page of time that both fit on.
fn page(compare: &Compare, views: [&StageView<'_>; 2]) -> Page {
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
    let [left, right] = pair.ids();
    let names = format!("compare   {left} {} {right}", theme.bar());
    let now = format!("{}s", pair.compare.now().hundredths());
    let end = format!("{}s", pair.compare.end().hundredths());
    let mut facts = match mode(pair.compare) {
        _ if pair.compare.prepares() => vec!["one after the other".to_owned()],
        Mode::Live => vec![format!("{} live", theme.sign(Sign::Live)), now],
        Mode::Ended => vec!["ended".to_owned(), now],
        Mode::Playing => vec!["playing".to_owned(), format!("{now} of {end}")],
        _ => vec!["paused".to_owned(), format!("{now} of {end}")],
    };
    if area.width >= 60 {
        facts.push(format!("play {}x", pair.compare.play_speed));
    }
    if area.width >= 100 {
        facts.push(caption::kind(pair));
    }
    parts::heading(
        buf,
        Rect { height: 1, ..area },
        theme,
        &names,
        &facts.join("   "),
    );
}
