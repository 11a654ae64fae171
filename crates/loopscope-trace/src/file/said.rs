//! Holds what people said against the limits. Whether the story has such a question is not asked:
//! whoever looks for an answer asks by the question.

use super::check::Fault;
use super::limits;
use crate::{Answer, Answers, Said};

/// Says what is too much.
pub(super) fn check(answers: &Answers) -> Result<(), Fault> {
    within("questions", answers.0.len(), limits::STORY_LIST)?;
    answers.0.iter().try_for_each(one)
}

fn one(said: &Said) -> Result<(), Fault> {
    within("answers to a question", said.answers.len(), limits::SAID)?;
    within("tallies of a question", said.hands.len(), limits::SAID)?;
    for tally in &said.hands {
        within("options that hands are for", tally.0.len(), limits::OPTIONS)?;
    }
    said.answers.iter().try_for_each(|answer| match answer {
        Answer::Option(_) => Ok(()),
        Answer::Lines(lines) => within("lines of an answer", lines.len(), limits::ANSWER_LINES),
        Answer::Number(number) if number.is_finite() => Ok(()),
        Answer::Number(_) => Err((
            "a number without an end".to_owned(),
            "write a number that somebody can say",
        )),
    })
}

fn within(what: &str, count: usize, most: usize) -> Result<(), Fault> {
    if count <= most {
        return Ok(());
    }
    let cure = "keep the first and the last of what was said";
    Err((format!("more than {most} {what}"), cure))
}
