//! The stage: a run at one moment, in as many panes as there is room for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::panes::draw as panes;
use crate::screens::stage::arrange::arrange;
use crate::screens::stage::{frame, minimap, status};
use crate::session::playhead::Mode;
use crate::text::text;
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::StageView;
use crate::widgets::{bars, prompt};

/// Draws the stage into `area`, whatever its size.
pub fn draw(view: &StageView, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    text::clear(buf, area, view.theme.text());
    let Some((plan, caption)) = arrange(view, area) else {
        frame::too_small(view.theme, area, buf, view.moment.at);
        view.theme.finish(area, buf);
        return;
    };
    let scene = Scene::new(view, &plan);
    frame::rules(&plan, view.theme, buf);
    status::draw(&scene, plan.status, buf);
    for pane in &plan.panes {
        frame::title(&scene, pane, buf);
        panes::draw(&scene, pane, buf);
    }
    minimap::draw(&scene, plan.rules[0], buf);
    if let Some(votes) = &view.look.vote_bars {
        bars::panel(votes, view.theme, plan.above, buf);
    }
    match view.look.prompt {
        Some(line) => prompt::draw(&scene, line, plan.caption, buf),
        None => frame::caption(&scene, &caption, &plan, buf),
    }
    frame::legend(&scene, plan.legend, buf);
    let plain = view.look.why.is_none() && view.look.prompt.is_none();
    let next = view.next.filter(|_| view.mode == Mode::Ended && plain);
    frame::footer(view.theme, view.footer, next, plan.footer, buf);
    view.theme.finish(area, buf);
}
