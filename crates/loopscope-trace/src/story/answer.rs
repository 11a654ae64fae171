//! What people answered to the questions of a story: predictions, and the votes of a class.

use serde::{Deserialize, Serialize};

/// One answer to a question. What it is worth, the trace says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// One of the options, counted from 0.
    Option(usize),
    /// The lines of output in this order.
    Lines(Vec<String>),
    /// A number, in the unit of what is asked for: seconds of scenario time, or a count.
    Number(f64),
}

/// Hands counted: how many for each option, in their order. Options without a count have 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tally(pub Vec<u32>);

impl Tally {
    /// How many chose the option at this place.
    pub fn of(&self, option: usize) -> u32 {
        self.0.get(option).copied().unwrap_or(0)
    }

    /// Counts so many hands for the option at this place.
    pub fn set(&mut self, option: usize, hands: u32) {
        if self.0.len() <= option {
            self.0.resize(option + 1, 0);
        }
        self.0[option] = hands;
    }

    /// How many hands in all.
    pub fn all(&self) -> u32 {
        self.0
            .iter()
            .fold(0, |sum, hands| sum.saturating_add(*hands))
    }
}

/// What was said about one question: before and after a discussion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Said {
    /// Answers of the one at the keys, the first one first: at most two.
    pub answers: Vec<Answer>,
    /// Hands, before and after the discussion: at most two tallies.
    pub hands: Vec<Tally>,
}

impl Said {
    /// The answer that stands: the last one.
    pub fn answer(&self) -> Option<&Answer> {
        self.answers.last()
    }

    /// The first answer, where a second one stands beside it.
    pub fn first_answer(&self) -> Option<&Answer> {
        self.answers.first().filter(|_| self.answers.len() > 1)
    }
}

/// What was said about each question of a story, in their order; questions without a row were not
/// answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub Vec<Said>);

impl Answers {
    /// What was said about the question at this place.
    pub fn of(&self, question: usize) -> Option<&Said> {
        self.0.get(question)
    }

    /// The same, to be changed.
    pub fn of_mut(&mut self, question: usize) -> &mut Said {
        if self.0.len() <= question {
            self.0.resize(question + 1, Said::default());
        }
        &mut self.0[question]
    }

    /// Whether nobody has said anything.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|said| *said == Said::default())
    }
}
