//! From the model to a frame: draws the screen that is open.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::model::model::Model;
use crate::model::screen::Screen;
use crate::screens::compare::draw as compare;
use crate::screens::menu;
use crate::screens::menu_layout;
use crate::screens::over::{files, help, knobs, spread, texts};
use crate::screens::question::draw as question;
use crate::screens::stage::stage_view::with_stage;
use crate::screens::stage::{draw as stage, stage_view};
use crate::text::text;
use crate::widgets::parts;

/// The least window.
const LEAST: (u16, u16) = (40, 10);

/// Draws a frame.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    draw_screen(model, &model.screen, area, buf);
}

/// Draws a frame as if this one were open: the one that is, or one that it lies over.
pub(crate) fn draw_screen(model: &Model, which: &Screen, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    text::clear(buf, area, model.theme.text());
    if area.width < LEAST.0 || area.height < LEAST.1 {
        parts::too_small(buf, area, &model.theme);
    } else {
        screen(model, which, area, buf);
        texts::draw_over(model, area, buf);
    }
    model.theme.finish(area, buf);
}

/// The rows of a frame as text, without styles.
pub fn rows(model: &Model) -> Vec<String> {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buf = Buffer::empty(area);
    draw(model, area, &mut buf);
    let row = |y| {
        let cells = (0..area.width).map(|x| buf[(x, y)].symbol());
        cells.collect()
    };
    (0..area.height).map(row).collect()
}

fn screen(model: &Model, which: &Screen, area: Rect, buf: &mut Buffer) {
    if let Screen::Help { over, reading } = which {
        return help::draw(model, over.place(), reading.first, area, buf);
    }
    if let Some(below) = which.below() {
        screen(model, below, area, buf);
    }
    match (which, &model.session) {
        (Screen::Problem { problem, reading }, _) => {
            files::problem(model, problem, reading.first, area, buf);
        }
        (Screen::Question(asking), Some(session)) => {
            question::draw(model, asking, session, area, buf);
        }
        (Screen::Stage, Some(session)) => {
            with_stage(model, session, area, |view| stage::draw(view, area, buf));
        }
        (
            Screen::Knobs {
                selected, typed, ..
            },
            Some(session),
        ) => {
            knobs::draw(model, session, (*selected, *typed), area, buf);
        }
        (
            Screen::Mistakes {
                problem, reading, ..
            },
            _,
        ) => {
            files::mistakes(model, problem, reading.first, area, buf);
        }
        (Screen::Export { panel, .. }, _) => files::export(model, panel, area, buf),
        (Screen::Many, _) if model.many.is_some() => {
            if let Some(many) = &model.many {
                spread::draw(model, many, area, buf);
            }
        }
        (Screen::Compare, _) if model.compare.is_some() => compare::draw(model, area, buf),
        // Without a scenario there is only the menu.
        _ => menu::draw(model, area, buf),
    }
}

/// Where the terminal's own cursor belongs, so that screen readers and magnifiers follow: at the
/// selected row, at the place where one types, at the first line of a text; nowhere while nothing
/// is selected.
pub fn cursor(model: &Model) -> Option<Position> {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return None;
    }
    let at = match (&model.screen, &model.session) {
        (screen, _) if screen.reading().is_some() => texts::cursor(model, area),
        (Screen::Question(asking), Some(session)) => question::cursor(model, asking, session, area),
        (Screen::Knobs { selected, .. }, Some(session)) => {
            Some(knobs::cursor(session, *selected, area))
        }
        (Screen::Stage, Some(session)) => {
            let wanted = session.selected.is_some() || model.prompt.is_some();
            wanted
                .then(|| with_stage(model, session, area, |view| stage_view::cursor(view, area)))
                .flatten()
        }
        (Screen::Compare, _) if model.compare.is_some() => None,
        (Screen::Many, _) if model.many.is_some() => None,
        (Screen::Export { panel, .. }, _) => Some(files::cursor(panel, area)),
        _ => menu_layout::cursor(model, area),
    };
    at.filter(|at| area.contains(*at))
}
