//! The votes of a class for one question, and what came of it: what the bars draw.

use crate::session::session::Session;
use crate::session::votes;
use loopscope_protocol::reply::Round;
use loopscope_trace::{Answer, Question, Said, Tally};

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
    pub fn of(session: &'a Session, place: usize) -> Option<Self> {
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
            before: votes::counted(answers, place, Round::Before),
            after: votes::counted(answers, place, Round::After),
            said: [
                option(said.and_then(Said::answer)),
                option(said.and_then(Said::first_answer)),
            ],
            right: right.fold(0, |bits, option| bits | 1 << option),
        })
    }

    /// Whether it came as this option says.
    pub(crate) const fn is_right(&self, option: usize) -> bool {
        option < 32 && self.right & (1 << option) != 0
    }
}
