//! Counting votes: what keys do meanwhile, and what a count does that arrives from anywhere.

use crate::change::questions::keep;
use crate::events::Effect;
use crate::keys::action::Action;
use crate::model::model::{Model, Redraw};
use crate::model::screen::Screen;
use crate::session::asking::{Asking, Counting};
use crate::session::playhead::Mode;
use crate::session::session::Session;
use crate::session::votes;
use crate::session::votes::Votes;
use loopscope_protocol::reply::Round;

/// Begins to count for the question that is open; the second time for the round after the
/// discussion.
pub fn open(model: &mut Model) {
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
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let (Screen::Question(asking), Some(session)) = (&mut model.screen, &model.session) else {
        return Vec::new();
    };
    let last = options(session, asking).saturating_sub(1);
    let Some(counting) = &mut asking.counting else {
        return Vec::new();
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
            return change(model, |hands| {
                let before = if behind { hands } else { 0 };
                before.saturating_mul(10).saturating_add(digit)
            });
        }
        Action::Erase => {
            counting.typed = true;
            return change(model, |hands| hands / 10);
        }
        Action::Close => asking.counting = None,
        _ => {}
    }
    Vec::new()
}

/// Changes the votes of the option under the cursor.
fn change(model: &mut Model, how: impl Fn(u32) -> u32) -> Vec<Effect> {
    let (Screen::Question(asking), Some(session)) = (&model.screen, &model.session) else {
        return Vec::new();
    };
    let Some(Counting { round, option, .. }) = asking.counting else {
        return Vec::new();
    };
    let question = asking.question;
    let tally = votes::counted(&session.answers, question, round);
    let mut tally = tally.cloned().unwrap_or_default();
    let hands = how(tally.of(option));
    if hands > votes::MOST {
        model.say(format!("more than {} hands are not counted", votes::MOST));
        return Vec::new();
    }
    tally.set(option, hands);
    arrived(
        model,
        Votes {
            question,
            round,
            tally,
        },
    )
}

/// A count has arrived, from the keys or from elsewhere.
pub fn arrived(model: &mut Model, votes: Votes) -> Vec<Effect> {
    model.ask_for(Redraw::Now);
    let Some(session) = &mut model.session else {
        return Vec::new();
    };
    let changed = votes::take(&mut session.answers, session.timeline.story(), votes);
    keep(session, changed)
}

/// Shows or hides the votes at the end; before it they stay hidden.
pub fn show(model: &mut Model) {
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
