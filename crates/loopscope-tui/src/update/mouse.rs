//! What the mouse does; nothing is mouse only.

use crate::change::look;
use crate::events::effect::Effect;
use crate::keys::action::Action;
use crate::keys::key::{Mouse, MouseKind};
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::screens::menu::places;
use crate::screens::over::help;
use crate::screens::stage::hit;
use crate::session::playhead::Playhead;
use crate::update::{menu, question, user_files};

/// The mouse was pressed or its wheel turned.
pub fn moved(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    model.redraw = Redraw::Now;
    let steps: isize = match mouse.kind {
        MouseKind::Press => return press(model, mouse.column, mouse.row),
        MouseKind::Drag => {
            drag(model, mouse.column);
            return Vec::new();
        }
        MouseKind::ScrollLeft | MouseKind::ScrollRight => {
            if model.screen == Screen::Stage {
                let later = mouse.kind == MouseKind::ScrollRight;
                look::zoom(
                    model,
                    if later {
                        Action::Later
                    } else {
                        Action::Earlier
                    },
                );
            }
            return Vec::new();
        }
        MouseKind::ScrollUp => -1,
        MouseKind::ScrollDown => 1,
    };
    match &mut model.screen {
        Screen::Menu => model.menu.step(steps),
        Screen::Help { .. } => {
            let last = help::last_scroll(model);
            if let Screen::Help { scroll, .. } = &mut model.screen {
                *scroll = wheel(*scroll, steps).min(last);
            }
        }
        Screen::Problem { scroll, problem } => {
            let last = u16::try_from(problem.details.len()).unwrap_or(u16::MAX);
            *scroll = wheel(*scroll, steps).min(last);
        }
        Screen::Stage => {
            let hit = hit::stage_hit(model, mouse.column, mouse.row);
            if let Some(session) = &mut model.session {
                if let Some(hit::Hit::Time(at)) = hit {
                    look::wheel(session, at, steps < 0);
                    return Vec::new();
                }
                let last = session.timeline.lanes().len().saturating_sub(1);
                session.first_lane = session.first_lane.saturating_add_signed(steps).min(last);
            }
        }
        Screen::Mistakes { .. } => {
            let action = if steps < 0 { Action::Up } else { Action::Down };
            user_files::mistakes(model, action);
        }
        Screen::Question { .. }
        | Screen::Knobs { .. }
        | Screen::Export { .. }
        | Screen::Compare
        | Screen::Many => {}
    }
    Vec::new()
}

fn wheel(scroll: u16, steps: isize) -> u16 {
    if steps < 0 {
        scroll.saturating_sub(3)
    } else {
        scroll.saturating_add(3)
    }
}

fn press(model: &mut Model, column: u16, row: u16) -> Vec<Effect> {
    match model.screen {
        Screen::Menu => match places::hit(model, column, row) {
            Some(places::Hit::Folder(place)) => model.menu.open_folder(place),
            Some(places::Hit::Row(place)) => {
                let again = model.menu.point(place);
                if again {
                    return menu::open_selected(model);
                }
            }
            None => {}
        },
        Screen::Question(_) => question::pointed(model, column, row),
        Screen::Stage => pointed(model, column, row),
        Screen::Help { .. }
        | Screen::Knobs { .. }
        | Screen::Problem { .. }
        | Screen::Mistakes { .. }
        | Screen::Export { .. }
        | Screen::Compare
        | Screen::Many => {}
    }
    Vec::new()
}

/// A lane is selected, a time is gone to, a pane is hidden or shown.
fn pointed(model: &mut Model, column: u16, row: u16) {
    model.notice = None;
    let hit = hit::stage_hit(model, column, row);
    model.drag_row = matches!(hit, Some(hit::Hit::Time(_))).then_some(row);
    let Some(session) = &mut model.session else {
        return;
    };
    match hit {
        Some(hit::Hit::Lane(lane)) => session.selected = Some(lane),
        Some(hit::Hit::Time(at)) => {
            let at = at.min(session.timeline.end());
            session.jump(Playhead::Paused(session.timeline.moment_at(at)));
        }
        Some(hit::Hit::Pane(pane)) => session.panes = session.panes.toggle(pane),
        None => {}
    }
}

/// The playhead keeps under the pointer, in the row in which the button went down.
fn drag(model: &mut Model, column: u16) {
    let Some(row) = model.drag_row.filter(|_| model.screen == Screen::Stage) else {
        return;
    };
    let hit = hit::stage_hit(model, column, row);
    if let (Some(session), Some(hit::Hit::Time(at))) = (&mut model.session, hit) {
        let at = at.min(session.timeline.end());
        session.playhead = Playhead::Paused(session.timeline.moment_at(at));
    }
}
