//! Holds what people said against the limits.

use crate::recording::check::{Checked, within};
use crate::recording::limits;
use crate::story::question::{Answer, Answered, Answers};

/// Holds answers against the limits; whether the story has such questions is not checked.
pub(crate) fn answers(answers: &Answers) -> Checked {
    few("questions", answers.0.len(), limits::STORY_LIST)?;
    answers.0.iter().try_for_each(said)
}

fn said(said: &Answered) -> Checked {
    few("answers to a question", said.answers.len(), limits::SAID)?;
    few("tallies of a question", said.tallies.len(), limits::SAID)?;
    for tally in &said.tallies {
        few("options that hands are for", tally.0.len(), limits::OPTIONS)?;
    }
    said.answers.iter().try_for_each(|answer| match answer {
        Answer::Option(_) => Ok(()),
        Answer::Lines(lines) => few("lines of an answer", lines.len(), limits::ANSWER_LINES),
        Answer::Number(number) if number.is_finite() => Ok(()),
        Answer::Number(_) => Err((
            "a number without an end".to_owned(),
            "write a number that somebody can say",
        )),
    })
}

fn few(what: &str, count: usize, most: usize) -> Checked {
    let cure = "keep the first and the last of what was said";
    within(what, count, most, cure)
}
