//! The votes of a class: one function through which every count comes in, and one through which
//! figures go out. Whether a count was typed or arrived from elsewhere, no widget knows.

use loopscope_protocol::reply::Round;
use loopscope_trace::{Answers, Story, Tally};

/// More votes than this for one option are a typing mistake.
pub const MOST: u32 = 9_999;

/// The count of one round; it takes the place of what was counted in that round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Votes {
    /// The question, by its place in the story.
    pub question: usize,
    /// The round.
    pub round: Round,
    /// Votes for each option.
    pub tally: Tally,
}

/// Takes a count in. Gives whether anything has changed; a count for a question without options
/// changes nothing, and votes for options that do not exist are left out.
pub fn take(answers: &mut Answers, story: &Story, votes: Votes) -> bool {
    let options = story
        .questions
        .get(votes.question)
        .map_or(0, |question| question.options.len());
    if options == 0 {
        return false;
    }
    let mut tally = Tally::default();
    for option in 0..options {
        tally.set(option, votes.tally.of(option).min(MOST));
    }
    let before = counted(answers, votes.question, votes.round);
    if before == Some(&tally) || (before.is_none() && tally.all() == 0) {
        return false;
    }
    let hands = &mut answers.of_mut(votes.question).hands;
    let place = votes.round.place();
    if hands.len() <= place {
        hands.resize(place + 1, Tally::default());
    }
    hands[place] = tally;
    while hands.last().is_some_and(|tally| tally.all() == 0) {
        hands.pop();
    }
    true
}

/// What was counted in a round; `None` where nothing was.
pub fn counted(answers: &Answers, question: usize, round: Round) -> Option<&Tally> {
    let tally = answers.of(question)?.hands.get(round.place())?;
    (tally.all() > 0).then_some(tally)
}

/// Whether any votes were counted for a question.
pub fn any(answers: &Answers, question: usize) -> bool {
    [Round::Before, Round::After]
        .into_iter()
        .any(|round| counted(answers, question, round).is_some())
}

/// `hands 30`, `hands 30, then 29`: how many, never for what.
pub fn summary(answers: &Answers, question: usize) -> Option<String> {
    let all = |round| counted(answers, question, round).map(Tally::all);
    match (all(Round::Before), all(Round::After)) {
        (Some(before), Some(after)) => Some(format!("hands {before}, then {after}")),
        (Some(before), None) => Some(format!("hands {before}")),
        (None, Some(after)) => Some(format!("hands {after} after")),
        (None, None) => None,
    }
}
