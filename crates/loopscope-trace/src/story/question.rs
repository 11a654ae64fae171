//! Questions about a story, and what people answered: predictions, and the votes of a class.

use std::cmp::Ordering::Equal;

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

/// Votes counted: how many for each option, in their order. Options without a count have 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tally(pub Vec<u32>);

impl Tally {
    /// How many chose the option at this place.
    pub fn of(&self, option: usize) -> u32 {
        self.0.get(option).copied().unwrap_or(0)
    }

    /// Notes how many chose the option at this place.
    pub fn set(&mut self, option: usize, votes: u32) {
        if self.0.len() <= option {
            self.0.resize(option + 1, 0);
        }
        self.0[option] = votes;
    }

    /// How many votes in all.
    pub fn all(&self) -> u32 {
        self.0
            .iter()
            .fold(0, |sum, votes| sum.saturating_add(*votes))
    }
}

/// What was answered to one question, before and after a discussion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answered {
    /// Answers of the one at the keys, the first one first: at most two.
    pub answers: Vec<Answer>,
    /// The votes of a class, before and after the discussion: at most two tallies.
    #[serde(rename = "hands")]
    pub tallies: Vec<Tally>,
}

impl Answered {
    /// The answer that stands: the last one.
    pub fn answer(&self) -> Option<&Answer> {
        self.answers.last()
    }

    /// The first answer, where a second one stands beside it.
    pub fn first_answer(&self) -> Option<&Answer> {
        self.answers.first().filter(|_| self.answers.len() > 1)
    }
}

/// What was answered to each question of a story, in their order; questions without a row were not
/// answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub Vec<Answered>);

impl Answers {
    /// What was answered to the question at this place.
    pub fn of(&self, question: usize) -> Option<&Answered> {
        self.0.get(question)
    }

    /// The same, to be changed.
    pub fn of_mut(&mut self, question: usize) -> &mut Answered {
        if self.0.len() <= question {
            self.0.resize(question + 1, Answered::default());
        }
        &mut self.0[question]
    }

    /// Whether no question has been answered.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|said| *said == Answered::default())
    }
}

/// What is asked before the run, or after it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The question.
    pub ask: String,
    /// How it is answered.
    pub how: How,
    /// Whether it is asked after the run: why it came so.
    pub after: bool,
    /// Answers to choose from, 3 to 5, one of them right; where lines are put into order or a
    /// number is typed, those answers that have a reply of their own.
    pub options: Vec<Choice>,
    /// The lines to be put into order, as they stand at first.
    pub lines: Vec<String>,
    /// The number that is asked for.
    pub number: Quantity,
}

impl Question {
    /// The option that an answer chose; for lines and numbers the one that means the same, the
    /// nearest of several.
    pub fn option_of(&self, answer: &Answer) -> Option<&Choice> {
        match answer {
            Answer::Option(place) => self.options.get(*place),
            Answer::Lines(lines) => self.options.iter().find(|option| option.lines == *lines),
            Answer::Number(number) => {
                let apart = |option: &&Choice| {
                    let meant = option
                        .number
                        .filter(|meant| self.number.near(*meant, *number, 0.0));
                    meant.map(|meant| (meant - number).abs())
                };
                let near = self.options.iter().filter(|option| apart(option).is_some());
                near.min_by(|one, other| apart(one).partial_cmp(&apart(other)).unwrap_or(Equal))
            }
        }
    }
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// One of the options is chosen.
    #[default]
    Choose,
    /// The lines of output are put into order.
    Order,
    /// A number is typed.
    Number,
}

/// A number that only the run can give.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// From the first request or start to the last end, in seconds of scenario time.
    #[default]
    Elapsed,
    /// How many lines are printed.
    Lines,
    /// The last value of a variable.
    Variable(String),
}

impl Quantity {
    /// Whether two numbers mean the same: durations within 5 % of the longer one, or within `slack`
    /// seconds; counts only where they are equal, whatever the slack.
    pub fn near(&self, one: f64, other: f64, slack: f64) -> bool {
        let apart = (one - other).abs();
        match self {
            Quantity::Elapsed => apart <= (one.abs().max(other.abs()) * 0.05).max(slack) + 1e-9,
            Quantity::Lines | Quantity::Variable(_) => apart < 0.5,
        }
    }
}

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choice {
    /// The answer's words.
    pub say: String,
    /// What is said where this option was chosen.
    pub reply: Option<String>,
    /// Whether it is the right one.
    pub right: bool,
    /// The lines of output that it predicts, where it predicts lines.
    pub lines: Vec<String>,
    /// The number that it stands for, where a number is asked for.
    pub number: Option<f64>,
}
