//! Votes for the answers of a question, and what the bars draw of them.

use crate::session::session::Session;
use loopscope_protocol::reply::Round;
use loopscope_trace::{Answer, Answered, Answers, Question, Story, Tally};

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
    let hands = &mut answers.of_mut(votes.question).tallies;
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
    let tally = answers.of(question)?.tallies.get(round.place())?;
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

/// The votes for a question, what was said about it, and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct VoteBars<'a> {
    /// The question.
    pub question: &'a Question,
    /// Votes counted before the discussion.
    pub before: Option<&'a Tally>,
    /// Votes counted after it.
    pub after: Option<&'a Tally>,
    /// The option that was chosen at the keys, and the one before it where there were two.
    pub said: [Option<usize>; 2],
    /// The options that it came to, a bit each.
    pub right: u32,
}

impl<'a> VoteBars<'a> {
    /// The votes of the question at this place.
    pub(crate) fn of(session: &'a Session, place: usize) -> Option<Self> {
        let question = session.timeline.story().questions.get(place)?;
        let answers = &session.answers;
        let said = answers.of(place);
        let option = |answer: Option<&Answer>| {
            let choice = question.option_of(answer?)?;
            question.options.iter().position(|option| option == choice)
        };
        let options = 0..question.options.len().min(32);
        let right =
            options.filter(|option| session.came(place, &Answer::Option(*option)) == Some(true));
        Some(Self {
            question,
            before: counted(answers, place, Round::Before),
            after: counted(answers, place, Round::After),
            said: [
                option(said.and_then(Answered::answer)),
                option(said.and_then(Answered::first_answer)),
            ],
            right: right.fold(0, |bits, option| bits | 1 << option),
        })
    }

    /// Whether it came as this option says.
    pub(crate) const fn is_right(&self, option: usize) -> bool {
        option < 32 && self.right & (1 << option) != 0
    }
}
