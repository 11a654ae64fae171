//! Which file draws which pane.

use ratatui::buffer::Buffer;

use crate::layout::axis::Axis;
use crate::layout::plan::Placed;
use crate::panes::{
    code, events, found, grid, held, lanes, metrics, output, picture, picture_parts, pool, stack,
    states, threads, values,
};
use crate::settings::panes::PaneId;
use crate::widgets::scene::Scene;

/// Draws a pane's content.
pub(crate) fn draw(scene: &Scene, pane: &Placed, buf: &mut Buffer) {
    let area = pane.area;
    match pane.id {
        PaneId::Code => code::draw(scene, area, buf),
        PaneId::Picture => {
            let (wide, high) = picture_parts::LEAST;
            if area.width >= 41 && area.height >= 6 && picture_parts::fits(scene) {
                picture_parts::draw_loops(scene, area, buf);
            } else if area.width >= wide && area.height >= high {
                picture_parts::draw_roomy(scene, area, buf);
            } else {
                picture::draw(scene, area, buf);
            }
        }
        PaneId::PictureRow => picture::draw_row(scene, area, buf),
        PaneId::Output => output::draw(scene, area, buf),
        PaneId::Lanes => lanes::draw(scene, area, buf),
        PaneId::Grid => grid::draw(scene, area, buf),
        PaneId::States => states::draw(scene, area, buf),
        PaneId::Threads => threads::draw(scene, area, buf),
        PaneId::Pool => pool::draw(scene, area, buf),
        PaneId::Found if scene.view.watched().is_some() => held::draw(scene, area, buf),
        PaneId::Found => found::draw(scene, area, buf),
        PaneId::Stack => stack::draw(scene, area, buf),
        PaneId::Metrics => metrics::draw(scene, area, buf),
        PaneId::Events => events::draw(scene, area, buf),
        PaneId::Values => values::draw(scene, area, buf),
        PaneId::Why => found::draw_why(scene, area, buf),
    }
}

/// A pane's title, without its key.
pub(crate) fn title(scene: &Scene, pane: &Placed) -> String {
    match pane.id {
        PaneId::Code => code::title(scene, pane.area),
        PaneId::Threads => threads::title(scene, pane.area),
        PaneId::Grid => grid::title(scene, pane.area),
        PaneId::States => states::title(scene),
        PaneId::Events => events::title(scene),
        PaneId::Why => found::why_title(scene),
        PaneId::Found if scene.view.watched().is_some() => held::title(scene),
        PaneId::Stack => stack::title(scene),
        id => id.row().title.to_owned(),
    }
}

/// The time axis of a pane that has one.
pub(crate) fn axis(scene: &Scene, pane: &Placed) -> Axis {
    match pane.id {
        PaneId::States => states::axis(scene, pane.area),
        _ => scene.axis(pane.area),
    }
}
