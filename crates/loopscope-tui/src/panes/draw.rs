//! Which file draws which pane.

use ratatui::buffer::Buffer;

use crate::layout::pane::{Kind, Pane};
use crate::panes::{
    code, found, grid, lanes, metrics, output, picture, picture_loops, picture_roomy, pool,
    threads, why,
};
use crate::widgets::scene::Scene;

pub(crate) fn draw_pane(scene: &Scene, pane: &Pane, buf: &mut Buffer) {
    let area = pane.area;
    match pane.kind {
        Kind::Code => code::draw(scene, area, buf),
        Kind::Picture => {
            let (wide, high) = picture_roomy::LEAST;
            if area.width >= 41 && area.height >= 6 && picture_loops::fits(scene) {
                picture_loops::draw(scene, area, buf);
            } else if area.width >= wide && area.height >= high {
                picture_roomy::draw(scene, area, buf);
            } else {
                picture::draw(scene, area, buf);
            }
        }
        Kind::PictureRow => picture::draw_row(scene, area, buf),
        Kind::Output => output::draw(scene, area, buf),
        Kind::Lanes => lanes::draw(scene, area, buf),
        Kind::Grid => grid::draw(scene, area, buf),
        Kind::Threads => threads::draw(scene, area, buf),
        Kind::Pool => pool::draw(scene, area, buf),
        Kind::Found => found::draw(scene, area, buf),
        Kind::Metrics => metrics::draw(scene, area, buf),
        Kind::Why => why::draw(scene, area, buf),
    }
}
