//! What keys do while a question is open, and how one opens.

use crate::change::questions::{ask, carry, close, commit, go_on, pass, why};
use crate::change::sweep::run;
use crate::change::{present, sweep};
use crate::events::Effect;
use crate::keys::action::Action;
use crate::keys::key::{Key, KeyCode};
use crate::model::model::Model;
use crate::model::screen::Screen;
use crate::screens::question::draw as question;
use crate::session::asking::Draft;
use crate::session::playhead::Playhead;
use crate::session::session::Run;
use crate::update::{menu, panels, votes};

/// Asks the question of the opened scenario again; a view that moves stands still meanwhile.
pub fn again(model: &mut Model) {
    let Some(session) = &mut model.session else {
        return;
    };
    if session.run == Run::Recorded {
        model.say("this is a recording: it has happened already, there is nothing to predict");
        return;
    }
    let Some(first) = session.first_question() else {
        model.say("nothing is asked about this one");
        return;
    };
    if session.runs() && session.playhead == Playhead::Edge {
        session.playhead = Playhead::Playing(session.timeline.last_moment());
    }
    ask(model, first);
    sweep::say_turned(model);
}

/// Does what a key means while a question is open.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Screen::Question(asking) = &mut model.screen else {
        return Vec::new();
    };
    if asking.counting.is_some() {
        return votes::act(model, action);
    }
    let options = model.session.as_ref().map_or(0, |session| {
        let question = session.timeline.story().questions.get(asking.question);
        question.map_or(0, |question| question.options.len())
    });
    match action {
        Action::Up => asking.draft.step(-1, options),
        Action::Down => asking.draft.step(1, options),
        Action::CarryUp | Action::CarryDown => carry(asking, action == Action::CarryUp),
        Action::Digit(digit) => return digit_pressed(model, digit, options),
        Action::Erase => asking.draft.erase(),
        Action::RunChosen => return commit(model),
        Action::RunPlain => return no_guess(model),
        Action::Votes => votes::open(model),
        Action::Knobs => panels::open_knobs(model),
        Action::GoOn => return after_reply(model),
        Action::Close => close(model),
        _ => {}
    }
    Vec::new()
}

/// Chooses an option, carries the line to this place, or is part of a number.
fn digit_pressed(model: &mut Model, digit: u8, options: usize) -> Vec<Effect> {
    let Screen::Question(asking) = &mut model.screen else {
        return Vec::new();
    };
    let place = usize::from(digit).checked_sub(1);
    match (&mut asking.draft, place) {
        (Draft::Number(_), _) => {
            asking.draft.type_in(char::from(b'0' + digit.min(9)));
        }
        (Draft::Option(option), Some(place)) if place < options => *option = place,
        (Draft::Option(_), _) => model.say(format!("there are {options} answers")),
        (Draft::Lines { lines, .. }, Some(place)) if place < lines.len() => {
            asking.draft.carry(place);
        }
        (Draft::Lines { lines, .. }, _) => {
            let lines = lines.len();
            model.say(format!("there are {lines} lines"));
        }
    }
    Vec::new()
}

/// A key that is part of a number; `false` for one that keeps its usual meaning.
pub fn typed(model: &mut Model, key: Key) -> bool {
    let Screen::Question(asking) = &mut model.screen else {
        return false;
    };
    let open = asking.counting.is_none() && !asking.answered;
    match key.code {
        KeyCode::Char(character) if open && !key.control && !key.alt => {
            asking.draft.type_in(character)
        }
        _ => false,
    }
}

/// Pasted text is a number where one is asked for.
pub fn pasted(model: &mut Model, text: &str) {
    for character in text.trim().chars().take(16) {
        typed(model, Key::char(character));
    }
}

/// No answer: it runs, goes on, or tells what is right.
fn no_guess(model: &mut Model) -> Vec<Effect> {
    let (Screen::Question(asking), Some(session)) = (&mut model.screen, &mut model.session) else {
        return Vec::new();
    };
    let questions = &session.timeline.story().questions;
    if questions.get(asking.question).is_some_and(|one| one.after) {
        asking.answered = true;
        return Vec::new();
    }
    if session.stands_in_the_middle() {
        return go_on(model, false).into_iter().collect();
    }
    let from = asking.question;
    let open: Vec<usize> = (from..questions.len()).collect();
    for place in open {
        session.take_back(place);
    }
    run(model)
}

/// After the reply: the next why, else what the end screen offers.
fn after_reply(model: &mut Model) -> Vec<Effect> {
    pass(model);
    if why(model) {
        return Vec::new();
    }
    model.screen = Screen::Stage;
    if model.lecture().is_some() {
        return present::next(model);
    }
    match model.next_id().map(str::to_owned) {
        Some(id) => menu::open(model, id),
        None => {
            model.say("nothing follows this one; q goes to the menu");
            Vec::new()
        }
    }
}

/// The mouse was pressed: the cursor goes there.
pub fn pointed(model: &mut Model, column: u16, row: u16) {
    let Some(place) = question::hit(model, column, row) else {
        return;
    };
    if let Screen::Question(asking) = &mut model.screen {
        if let Some(counting) = &mut asking.counting {
            counting.option = place;
            counting.typed = false;
        } else if !asking.answered {
            match &mut asking.draft {
                Draft::Option(cursor) | Draft::Lines { cursor, .. } => *cursor = place,
                Draft::Number(_) => {}
            }
        }
    }
}
