//! What keys do while a question is open, and how votes for its answers are counted.

use crate::change::questions::{ask, carry, close, commit, go_on, keep, pass, why};
use crate::change::sweep::run;
use crate::change::{present, sweep};
use crate::keys::action::Action;
use crate::keys::key::{Key, KeyCode};
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::screens::question::draw as question;
use crate::session::asking::{Asking, Counting, Draft};
use crate::session::playhead::{Mode, Playhead};
use crate::session::session::{Run, Session};
use crate::session::votes;
use crate::session::votes::Votes;
use crate::update::{menu, panels, scroll};
use loopscope_protocol::reply::Round;

/// Asks the question of the opened scenario again; a view that moves stands still meanwhile.
pub(crate) fn again(model: &mut Model) {
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
pub(crate) fn act(model: &mut Model, action: Action) {
    let Screen::Question(asking) = &mut model.screen else {
        return;
    };
    if asking.counting.is_some() {
        return act_on_votes(model, action);
    }
    let options = model.session.as_ref().map_or(0, |session| {
        let question = session.timeline.story().questions.get(asking.question);
        question.map_or(0, |question| question.options.len())
    });
    match action {
        Action::Earlier | Action::Later => scroll_code(model, action == Action::Later),
        Action::Up => asking.draft.step(-1, options),
        Action::Down => asking.draft.step(1, options),
        Action::CarryUp | Action::CarryDown => carry(asking, action == Action::CarryUp),
        Action::Digit(digit) => digit_pressed(model, digit, options),
        Action::Erase => asking.draft.erase(),
        Action::RunChosen => commit(model),
        Action::RunPlain => no_guess(model),
        Action::Votes => open_votes(model),
        Action::Knobs => panels::open_knobs(model),
        Action::GoOn => after_reply(model),
        Action::Close => close(model),
        _ => {}
    }
}

/// Chooses an option, carries the line to this place, or is part of a number.
fn digit_pressed(model: &mut Model, digit: u8, options: usize) {
    let Screen::Question(asking) = &mut model.screen else {
        return;
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
}

/// A key that is part of a number; `false` for one that keeps its usual meaning.
pub(crate) fn typed(model: &mut Model, key: Key) -> bool {
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
pub(crate) fn pasted(model: &mut Model, text: &str) {
    for character in text.trim().chars().take(16) {
        typed(model, Key::char(character));
    }
}

/// No answer: it runs, goes on, or tells what is right.
fn no_guess(model: &mut Model) {
    let (Screen::Question(asking), Some(session)) = (&mut model.screen, &mut model.session) else {
        return;
    };
    let questions = &session.timeline.story().questions;
    if questions.get(asking.question).is_some_and(|one| one.after) {
        asking.answered = true;
        return;
    }
    if session.stands_in_the_middle() {
        return go_on(model, false);
    }
    let from = asking.question;
    let open: Vec<usize> = (from..questions.len()).collect();
    for place in open {
        session.take_back(place);
    }
    run(model)
}

/// After the reply: the next why, else what the end screen offers.
fn after_reply(model: &mut Model) {
    pass(model);
    if why(model) {
        return;
    }
    model.screen = Screen::Stage;
    if model.lecture().is_some() {
        return present::next(model);
    }
    match model.next_id().map(str::to_owned) {
        Some(id) => menu::open(model, id),
        None => {
            model.say("nothing follows this one; q goes to the menu");
        }
    }
}

/// The mouse was pressed: the cursor goes there.
pub(crate) fn pointed(model: &mut Model, column: u16, row: u16) {
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

/// Begins to count for the question that is open; the second time for the round after the
/// discussion.
fn open_votes(model: &mut Model) {
    let (Screen::Question(asking), Some(session)) = (&mut model.screen, &model.session) else {
        return;
    };
    if options(session, asking) == 0 {
        model.say("hands are counted for answers to choose from; this question has none");
        return;
    }
    let first = votes::counted(&session.answers, asking.question, Round::Before);
    let round = if first.is_some() {
        Round::After
    } else {
        Round::Before
    };
    asking.counting = Some(Counting {
        round,
        ..Counting::default()
    });
}

fn options(session: &Session, asking: &Asking) -> usize {
    let question = session.timeline.story().questions.get(asking.question);
    question.map_or(0, |question| question.options.len())
}

/// Does what a key means while votes are counted.
fn act_on_votes(model: &mut Model, action: Action) {
    let (Screen::Question(asking), Some(session)) = (&mut model.screen, &model.session) else {
        return;
    };
    let last = options(session, asking).saturating_sub(1);
    let Some(counting) = &mut asking.counting else {
        return;
    };
    match action {
        Action::Up | Action::Down => {
            let by = if action == Action::Up { -1 } else { 1 };
            counting.option = counting.option.saturating_add_signed(by).min(last);
            counting.typed = false;
        }
        Action::Switch => {
            counting.round = counting.round.other();
            counting.option = 0;
            counting.typed = false;
        }
        Action::Digit(digit) => {
            let digit = u32::from(digit);
            let behind = counting.typed;
            counting.typed = true;
            change_votes(model, |hands| {
                let before = if behind { hands } else { 0 };
                before.saturating_mul(10).saturating_add(digit)
            })
        }
        Action::Erase => {
            counting.typed = true;
            change_votes(model, |hands| hands / 10)
        }
        Action::Close => asking.counting = None,
        _ => {}
    }
}

/// Changes the votes of the option under the cursor.
fn change_votes(model: &mut Model, how: impl Fn(u32) -> u32) {
    let (Screen::Question(asking), Some(session)) = (&model.screen, &model.session) else {
        return;
    };
    let Some(Counting { round, option, .. }) = asking.counting else {
        return;
    };
    let question = asking.question;
    let tally = votes::counted(&session.answers, question, round);
    let mut tally = tally.cloned().unwrap_or_default();
    let hands = how(tally.of(option));
    if hands > votes::MOST {
        model.say(format!("more than {} hands are not counted", votes::MOST));
        return;
    }
    tally.set(option, hands);
    votes_arrived(
        model,
        Votes {
            question,
            round,
            tally,
        },
    )
}

/// A count has arrived, from the keys or from elsewhere.
pub(crate) fn votes_arrived(model: &mut Model, votes: Votes) {
    model.ask_for(Redraw::Now);
    let Some(session) = &mut model.session else {
        return;
    };
    let changed = votes::take(&mut session.answers, session.timeline.story(), votes);
    keep(model, changed);
}

/// Shows or hides the votes at the end; before it they stay hidden.
pub(crate) fn show_votes(model: &mut Model) {
    let Some(session) = &mut model.session else {
        return;
    };
    let counted = session.counted();
    if counted.is_empty() {
        model.say("no hands were counted: p asks the question again, and h counts there");
    } else if session.mode() != Mode::Ended {
        model.say("the hands are hidden until the end of the run");
    } else {
        let next = match session.vote_bars {
            None => counted.first(),
            Some(open) => counted.iter().find(|place| **place > open),
        };
        session.vote_bars = next.copied();
    }
}

/// Shows what of the code was before, or what comes after.
fn scroll_code(model: &mut Model, later: bool) {
    if !scroll::code(model, later, None) {
        model.say("there is no room for the code in this window");
    }
}
