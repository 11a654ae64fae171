//! From what the stage is told to the places of everything.

use ratatui::layout::Rect;

use crate::layout::pane::Needs;
use crate::layout::plan;
use crate::layout::plan::Plan;
use crate::panes::{grid, threads};
use crate::screens::stage::captions;
use crate::settings::panes::PaneId;
use crate::widgets::bars;
use crate::widgets::lane_order::{Lanes, crowd};
use crate::widgets::stage_view::StageView;

/// The places of everything, and the caption's rows; `None` where nothing fits.
pub(crate) fn arrange(view: &StageView, area: Rect) -> Option<(Plan, Vec<String>)> {
    let story = view.timeline.story();
    let crowd = crowd(view);
    let listing = story.listing(view.language);
    let seen = Lanes::of(view).all();
    let added = 2;
    let mut needs = Needs {
        panes: view.panes,
        big: view.big,
        why: view.look.why.is_some(),
        crowd,
        code: rows(listing.map_or(0, |listing| listing.lines.len())),
        lanes: rows(seen.max(story.planned.len().min(12) + added)),
        threads: threads::rows(view),
        gil: story.runtime.gil,
        grid: rows(grid::rows(
            view.world.requests.len().max(story.planned.len()),
        )),
        caption: 2,
        above: 0,
        sentence: false,
    };
    let plan = plan::plan(area, &needs)?;
    let wide = usize::from(area.width.saturating_sub(2));
    let band = captions::band(view, wide, plan.size, area.height);
    needs.sentence = band.is_some();
    let caption = band.unwrap_or_else(|| captions::words(view, wide, plan.size));
    needs.caption = rows(caption.len());
    if let Some(votes) = &view.look.vote_bars {
        // The code and the loop have done their work.
        needs.panes = needs.panes.without(PaneId::Code).without(PaneId::Picture);
        let plan = plan::plan(area, &needs)?;
        let free = plan.rules[0].y.saturating_sub(plan.status.bottom());
        needs.above = bars::height(votes, free);
    }
    Some((plan::plan(area, &needs)?, caption))
}

pub(crate) fn rows(count: usize) -> u16 {
    // More than any window has.
    u16::try_from(count).unwrap_or(10_000).min(10_000)
}
