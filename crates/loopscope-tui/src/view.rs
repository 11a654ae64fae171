//! From the model to a frame: picks the screen, and tells the stage what it needs.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::action::Place;
use super::keymap::{self, AtTheEnd};
use super::model::prompt::Wanted;
use super::model::{Model, Prompt, Screen, Session};
use super::port::ConsoleState;
use super::presenting::Presenting;
use super::screens::stage::{self, StageView};
use super::screens::{compare, help, knobs, menu, own, panels, parts, question, spread};
use super::text;
use super::view_parts::{Hands, Hint, Look, Mode, Predicted};
use super::widgets::Lanes;
use loopscope_timeline::explain::Why;
use loopscope_timeline::{LaneId, console, explain};

/// The least window.
const LEAST: (u16, u16) = (40, 10);

/// Draws a frame.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    text::clear(buf, area, model.theme.text());
    if area.width < LEAST.0 || area.height < LEAST.1 {
        parts::too_small(buf, area, &model.theme);
    } else {
        screen(model, &model.screen, area, buf);
    }
    model.theme.finish(area, buf);
}

/// The rows of a frame as text, without styles: for whoever has no terminal.
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
    match (which, &model.session) {
        (Screen::Help { over, scroll }, _) => help::draw(model, over.place(), *scroll, area, buf),
        (Screen::Problem { problem, scroll }, _) => {
            panels::problem(model, problem, *scroll, area, buf);
        }
        (Screen::Question(asking), Some(session)) => {
            question::draw(model, asking, session, area, buf);
        }
        (Screen::Stage, Some(session)) => {
            with_stage(model, session, area, |view| stage::draw(view, area, buf));
        }
        (
            Screen::Knobs {
                over,
                selected,
                typed,
            },
            Some(session),
        ) => {
            screen(model, over, area, buf);
            knobs::draw(model, session, (*selected, *typed), area, buf);
        }
        (
            Screen::Mistakes {
                over,
                problem,
                scroll,
            },
            _,
        ) => {
            screen(model, over, area, buf);
            own::mistakes(model, problem, *scroll, area, buf);
        }
        (Screen::Export { over, panel }, _) => {
            screen(model, over, area, buf);
            own::export(model, panel, area, buf);
        }
        (Screen::Many, _) if model.many.is_some() => {
            if let Some(many) = &model.many {
                spread::draw(model, many, area, buf);
            }
        }
        (Screen::Compare, _) if model.compare.is_some() => compare::draw(model, area, buf),
        // Without a scenario there is only the menu.
        (
            Screen::Menu
            | Screen::Question(_)
            | Screen::Stage
            | Screen::Compare
            | Screen::Many
            | Screen::Knobs { .. },
            _,
        ) => {
            menu::draw(model, area, buf);
        }
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
        (Screen::Help { .. } | Screen::Problem { .. }, _) => {
            Some(Position::new(area.x + 1, area.y + 2))
        }
        (Screen::Question(asking), Some(session)) => question::cursor(model, asking, session, area),
        (Screen::Knobs { selected, .. }, Some(session)) => {
            Some(knobs::cursor(session, *selected, area))
        }
        (Screen::Stage, Some(session)) => {
            let wanted = session.selected.is_some() || model.prompt.is_some();
            wanted
                .then(|| with_stage(model, session, area, |view| stage::cursor(view, area)))
                .flatten()
        }
        (Screen::Compare, _) if model.compare.is_some() => None,
        (Screen::Many, _) if model.many.is_some() => None,
        (Screen::Mistakes { problem, .. }, _) => Some(own::first_line(problem, area)),
        (Screen::Export { panel, .. }, _) => Some(own::cursor(panel, area)),
        _ => menu::cursor(model, area),
    };
    at.filter(|at| area.contains(*at))
}

/// What lies under a cell of the stage.
pub fn stage_hit(model: &Model, column: u16, row: u16) -> Option<stage::Hit> {
    let session = model.session.as_ref()?;
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    with_stage(model, session, area, |view| {
        stage::hit(view, area, column, row)
    })
}

/// The lanes in the order of the screen, and whether each is still alive at the playhead.
pub fn lane_order(model: &Model) -> Vec<(LaneId, bool)> {
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
        with_stage(model, session, area, |view| stage::digits(view, area))
    })
}

/// Builds what the stage is told.
pub(super) fn with_stage<T>(
    model: &Model,
    session: &Session,
    area: Rect,
    then: impl FnOnce(&StageView<'_>) -> T,
) -> T {
    let timeline = &session.timeline;
    let language = timeline.story().shown_in(model.language);
    let mode = session.mode();
    let moment = session.here();
    let world = session.world();
    let why = session.trail.as_ref().and(session.selected).map(|lane| {
        let mut why = explain::why(timeline, &world, lane, language);
        let called = console::says(timeline, lane, &world)
            .and_then(|(word, number)| Some(format!(" tokio-console: task {}, {word}.", number?)));
        why.now += &called.unwrap_or_default();
        why
    });
    let wide = area.width >= 100;
    let console = (model.console != ConsoleState::Off).then(|| model.console.words(wide));
    let words = session.predicted_words();
    let prompt = model
        .prompt
        .as_ref()
        .filter(|_| model.place() == Place::Prompt);
    let footer = footer(model, session, (prompt, why.as_ref()), wide);
    then(&StageView {
        timeline,
        world: &world,
        moment,
        language,
        theme: &model.theme,
        mode,
        play_speed: session.play_speed,
        panes: session.panes,
        selected: session.selected,
        first_lane: session.first_lane,
        furthest: session.furthest.max(moment.at),
        answers: &session.answers,
        console: console.as_deref(),
        notice: model.notice.as_ref().map(|notice| notice.text.as_str()),
        own_requests: session.own_requests,
        big: model.big,
        place: model.lecture().map(Presenting::place),
        footer: &footer,
        next: model.next_id().filter(|_| session.next_why().is_none()),
        look: Look {
            zoom: session.zoom,
            focus: session.focus,
            only: session.only,
            why: why.as_ref(),
            prompt,
            predicted: Predicted {
                lines: session.predicted_lines(),
                words: words.as_deref(),
                end: session.predicted_end(),
            },
            hands: hands(session),
        },
    })
}

/// The last row: what is useful now.
fn footer(
    model: &Model,
    session: &Session,
    (prompt, why): (Option<&Prompt>, Option<&Why>),
    wide: bool,
) -> Vec<Hint> {
    let mode = session.mode();
    if prompt.is_some() {
        let mut hints = keymap::footer(Place::Prompt, mode, wide);
        // There is but one time.
        let one = prompt.is_some_and(|prompt| prompt.wanted == Wanted::Time);
        hints.retain(|hint| !one || hint.key != "↑ ↓");
        hints
    } else if why.is_some() {
        let mut hints = keymap::why_footer(mode, wide);
        let leads = why.is_some_and(|why| why.cause.is_some());
        hints.retain(|hint| leads || hint.key != "Enter");
        hints
    } else {
        let end = AtTheEnd {
            knobs: !session.timeline.story().knobs.is_empty(),
            hands: !session.counted().is_empty(),
            why: session.next_why().is_some(),
        };
        let hints = keymap::stage_footer(mode, wide, end);
        if model.lecture().is_some() {
            keymap::lecture_footer(hints, mode, wide)
        } else {
            hints
        }
    }
}

/// The hands that lie over the end of the run.
fn hands(session: &Session) -> Option<Hands<'_>> {
    let place = session.hands.filter(|_| session.mode() == Mode::Ended)?;
    Hands::of(session, place)
}
