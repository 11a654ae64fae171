//! What lies under a cell of the stage, and where the cursor stands.

use ratatui::layout::{Position, Rect};

use crate::model::model::Model;
use crate::screens::stage::draw::arrange;
use crate::screens::stage::stage_view::with_stage;
use crate::screens::stage::status;
use crate::settings::panes::{Columns, PaneId};
use crate::widgets::scene::Scene;
use crate::widgets::stage_view::{Lanes, StageView};
use crate::widgets::{bars, rows};
use loopscope_timeline::LaneId;
use loopscope_trace::Nanos;

/// What lies under the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A lane.
    Lane(LaneId),
    /// A moment on the time axis.
    Time(Nanos),
    /// A pane.
    Pane(u8),
}

/// The digits of the panes that have room in `area`, in their order.
pub(crate) fn digits(view: &StageView, area: Rect) -> Vec<u8> {
    let plan = arrange(view, area).map(|(plan, _)| plan);
    let panes = plan.iter().flat_map(|plan| &plan.panes);
    let mut digits: Vec<u8> = panes.filter_map(|pane| pane.id.row().digit()).collect();
    digits.sort_unstable();
    digits
}

/// Where the cursor stands: where one types, else at the selected lane.
pub(crate) fn cursor(view: &StageView, area: Rect) -> Option<Position> {
    let (plan, _) = arrange(view, area)?;
    if let Some(line) = view.look.prompt {
        return bars::prompt_cursor(line, plan.caption);
    }
    let pane = plan.panes.iter().find(|pane| pane.id == PaneId::Lanes)?;
    let scene = Scene::new(view, &plan);
    rows::place_of(&scene, pane.area, view.selected?)
}

/// What lies at a column and a row of `area`.
pub fn hit(view: &StageView, area: Rect, column: u16, row: u16) -> Option<Hit> {
    let (plan, _) = arrange(view, area)?;
    let scene = Scene::new(view, &plan);
    if let Some(at) = status::moment(&scene, plan.rules[0], column, row) {
        return Some(Hit::Time(at));
    }
    let pane = plan.panes.iter().find(|pane| {
        let titled = pane.id != PaneId::PictureRow;
        let top = pane.area.y - u16::from(titled);
        let whole = Rect::new(
            pane.area.x,
            top,
            pane.area.width,
            pane.area.height + u16::from(titled),
        );
        whole.contains(Position::new(column, row))
    })?;
    let shown = pane.id.row();
    let moment = scene
        .axis(pane.area)
        .moment(column)
        .filter(|_| shown.columns != Columns::Plain)
        .map(Hit::Time);
    if row < pane.area.y {
        let on_axis = moment.filter(|_| shown.columns == Columns::Axis);
        return on_axis.or(Some(Hit::Pane(shown.digit().unwrap_or_default())));
    }
    let lane = if pane.id == PaneId::Lanes {
        rows::lane_at(&scene, pane.area, row).map(Hit::Lane)
    } else {
        None
    };
    moment.or(lane)
}

/// What lies under a cell of the stage.
pub(crate) fn stage_hit(model: &Model, column: u16, row: u16) -> Option<Hit> {
    let session = model.session.as_ref()?;
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    with_stage(model, session, area, |view| hit(view, area, column, row))
}

/// The lanes in the order of the screen, and whether each is still alive at the playhead.
pub(crate) fn lane_order(model: &Model) -> Vec<(LaneId, bool)> {
    let Some(session) = &model.session else {
        return Vec::new();
    };
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    with_stage(model, session, area, |view| {
        let lanes = Lanes::of(view);
        (0..lanes.all())
            .filter_map(|row| lanes.get(view, row))
            .map(|lane| {
                let (state, _, _) = view.timeline.lane_state(lane.id, view.world);
                (lane.id, !state.is_final())
            })
            .collect()
    })
}

/// The digits of the panes on the screen, in their order.
pub fn panes(model: &Model) -> Vec<u8> {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let session = model.session.as_ref();
    session.map_or_else(Vec::new, |session| {
        with_stage(model, session, area, |view| digits(view, area))
    })
}
