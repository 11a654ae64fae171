//! What is scrolled, by keys and by the wheel: the code on the stage and beside a question, and texts that are read,
//! in which words are found, too.

use ratatui::layout::{Position, Rect};

use crate::keys::action::Action;
use crate::model::model::Model;
use crate::model::prompt::{Prompt, PromptKind};
use crate::model::screen::Screen;
use crate::screens::over::texts;
use crate::screens::question::draw as question;
use crate::screens::stage::stage_view;
use crate::settings::panes::PaneId;
use loopscope_timeline::explain;

/// Lines that a key or a turn of the wheel moves by.
const LINES: usize = 3;

/// Lines of a page.
const PAGE: usize = 10;

/// Does what a key means on the stage while the code is chosen; `false` for one that keeps its meaning.
pub(crate) fn act(model: &mut Model, action: Action) -> bool {
    let focus = model.session.as_ref().and_then(|session| session.focus);
    let chosen = focus.is_some() && focus == PaneId::Code.row().digit();
    let scrolls = matches!(action, Action::Earlier | Action::Later);
    chosen && scrolls && code(model, action == Action::Later, None)
}

/// Scrolls the code; with a cell only where the code is there. `false` where it is not.
pub(crate) fn code(model: &mut Model, down: bool, at: Option<Position>) -> bool {
    let (first, below, followed) = match &model.screen {
        Screen::Question(_) => match question::code_shown(model, at) {
            Some((first, below)) => (first, below, None),
            None => return false,
        },
        _ => match stage_view::code_shown(model, at) {
            Some(shown) => (shown.first, shown.below, shown.followed),
            None => return false,
        },
    };
    let to = match down {
        true => first + below.min(LINES),
        false => first.saturating_sub(LINES),
    };
    if to == first && at.is_none() {
        model.say(match (down, below + first) {
            (_, 0) => "all of the code is in sight",
            (true, _) => "this is the end of the code",
            (false, _) => "this is the start of the code",
        });
    } else if let Some(session) = &mut model.session {
        session.code_first = Some((to, followed));
    }
    true
}

/// The lines of the text that is open, and how many of them are in sight.
fn lines(model: &Model) -> (Vec<String>, usize) {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let open = texts::open(model, area);
    let (lines, window) = open.unwrap_or_default();
    (lines, usize::from(window.height))
}

/// Does what a key means in a text that is read; whether it has moved.
pub(crate) fn text(model: &mut Model, action: Action) -> bool {
    match action {
        Action::Find => {
            model.prompt = Some(Prompt::new(PromptKind::Lines));
            false
        }
        Action::NextHit | Action::PreviousHit => go_on(model, action == Action::NextHit),
        Action::Up => scroll(model, false, 1),
        Action::Down => scroll(model, true, 1),
        Action::PageUp => scroll(model, false, PAGE),
        Action::PageDown => scroll(model, true, PAGE),
        Action::First => scroll(model, false, usize::MAX),
        Action::Last => scroll(model, true, usize::MAX),
        _ => false,
    }
}

/// The wheel was turned.
pub(crate) fn turned(model: &mut Model, down: bool) {
    scroll(model, down, LINES);
}

fn scroll(model: &mut Model, down: bool, by: usize) -> bool {
    let (lines, rows) = lines(model);
    let last = lines.len().saturating_sub(rows);
    let Some(reading) = model.screen.reading_mut() else {
        return false;
    };
    let before = reading.first.min(last);
    reading.first = match down {
        true => before.saturating_add(by).min(last),
        false => before.saturating_sub(by),
    };
    reading.first != before
}

/// Does what a key means while words are typed.
pub(crate) fn typing(model: &mut Model, action: Action) {
    match action {
        Action::Close => {
            model.prompt = None;
            if let Some(reading) = model.screen.reading_mut() {
                reading.sought.clear();
                reading.hit = None;
            }
        }
        Action::Go => model.prompt = None,
        Action::Up | Action::Down => {
            go_on(model, action == Action::Down);
        }
        _ => {}
    }
}

/// Other words are sought: the first line in sight that has them, or the next one below.
pub(crate) fn seek(model: &mut Model) {
    let words = model.prompt.as_ref().map(|line| line.input.value().trim());
    let sought = words.unwrap_or_default().to_lowercase();
    let Some(reading) = model.screen.reading_mut() else {
        return;
    };
    let from = reading.hit.take().unwrap_or(reading.first);
    reading.sought = sought;
    if !reading.sought.is_empty() {
        show(model, |hits| hits.partition_point(|hit| *hit < from));
    }
}

/// On to the next line, or back to the one before, round and round.
fn go_on(model: &mut Model, forward: bool) -> bool {
    let Some(reading) = model.screen.reading().filter(|it| !it.sought.is_empty()) else {
        model.say("nothing is sought; / finds words of this text");
        return false;
    };
    let (hit, first) = (reading.hit, reading.first);
    show(model, |hits| match (forward, hit) {
        (true, Some(here)) => hits.partition_point(|hit| *hit <= here),
        (true, None) => hits.partition_point(|hit| *hit < first),
        (false, here) => {
            let here = here.unwrap_or(first);
            let before = hits.partition_point(|hit| *hit < here);
            before
                .checked_sub(1)
                .unwrap_or(hits.len().saturating_sub(1))
        }
    })
}

/// Brings the line at a place among those that were found into sight, and says which it is.
fn show(model: &mut Model, place: impl FnOnce(&[usize]) -> usize) -> bool {
    let (lines, rows) = lines(model);
    let Some(reading) = model.screen.reading_mut() else {
        return false;
    };
    let hits = texts::hits(&lines, &reading.sought);
    let place = place(&hits);
    let place = if place < hits.len() { place } else { 0 };
    reading.hit = hits.get(place).copied();
    let says = match reading.hit {
        None => format!("no line has {}", reading.sought),
        Some(_) => format!(
            "{} of {}",
            place + 1,
            explain::number_of(hits.len(), "line")
        ),
    };
    if let Some(hit) = reading.hit
        && !(reading.first..reading.first + rows).contains(&hit)
    {
        let last = lines.len().saturating_sub(rows);
        reading.first = hit.saturating_sub(rows / 2).min(last);
    }
    let found = reading.hit.is_some();
    match &mut model.prompt {
        Some(line) => line.says = says,
        None => model.say(says),
    }
    found
}
