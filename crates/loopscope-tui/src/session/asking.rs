//! A question that is open: which one, what would be answered now, and the count of votes.

use loopscope_protocol::reply::Round;
use loopscope_trace::{Answer, Answered, How, Quantity, Question};

/// A typed number is never longer.
const LONGEST: usize = 16;

/// A question that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Asking {
    /// Its place in the story.
    pub question: usize,
    /// What would be answered now.
    pub draft: Draft,
    /// Votes are being counted.
    pub counting: Option<Counting>,
    /// The answer is given, and what is right is told: a question about why, after the run.
    pub answered: bool,
}

/// An answer while it is being made.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// The cursor is on this option.
    Option(usize),
    /// The lines as they stand now, and the one under the cursor.
    Lines {
        /// All of them.
        lines: Vec<String>,
        /// Counted from 0.
        cursor: usize,
    },
    /// What has been typed.
    Number(String),
}

/// Votes while they are being counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counting {
    /// Which count.
    pub round: Round,
    /// The option whose votes are typed.
    pub option: usize,
    /// A digit has been typed since the cursor came here: the next one is put behind it.
    pub typed: bool,
}

impl Asking {
    /// The question at this place, with the answer that stands.
    pub(crate) fn new(place: usize, question: &Question, said: Option<&Answered>) -> Self {
        let answer = said.and_then(Answered::answer);
        let draft = match (question.how, answer) {
            (How::Choose, Some(Answer::Option(option))) if *option < question.options.len() => {
                Draft::Option(*option)
            }
            (How::Choose, _) => Draft::Option(0),
            (How::Order, Some(Answer::Lines(lines))) if same_lines(lines, &question.lines) => {
                Draft::Lines {
                    lines: lines.clone(),
                    cursor: 0,
                }
            }
            (How::Order, _) => Draft::Lines {
                lines: question.lines.clone(),
                cursor: 0,
            },
            (How::Number, Some(Answer::Number(number))) => {
                Draft::Number(written(&question.number, *number))
            }
            (How::Number, _) => Draft::Number(String::new()),
        };
        Self {
            question: place,
            draft,
            counting: None,
            answered: false,
        }
    }

    /// Whether it still is a draft of an answer to this question.
    pub(crate) fn fits(&self, question: &Question) -> bool {
        let options = question.options.len();
        let counts = self
            .counting
            .is_none_or(|counting| counting.option < options);
        counts
            && match (&self.draft, question.how) {
                (Draft::Option(option), How::Choose) => *option < options.max(1),
                (Draft::Lines { lines, .. }, How::Order) => same_lines(lines, &question.lines),
                (Draft::Number(_), How::Number) => true,
                _ => false,
            }
    }

    /// The answer as it stands.
    ///
    /// # Errors
    /// A sentence that says what is expected, where a number cannot be read.
    pub(crate) fn answer(&self, question: &Question) -> Result<Answer, String> {
        match &self.draft {
            Draft::Option(option) => Ok(Answer::Option(*option)),
            Draft::Lines { lines, .. } => Ok(Answer::Lines(lines.clone())),
            Draft::Number(typed) => number(&question.number, typed).map(Answer::Number),
        }
    }
}

impl Draft {
    /// Moves the cursor within `options`.
    pub fn step(&mut self, by: isize, options: usize) {
        let (cursor, count) = match self {
            Self::Option(option) => (option, options),
            Self::Lines { lines, cursor } => {
                let count = lines.len();
                (cursor, count)
            }
            Self::Number(_) => return,
        };
        *cursor = cursor
            .saturating_add_signed(by)
            .min(count.saturating_sub(1));
    }

    /// Carries the line under the cursor to this place, or to the last one.
    pub fn carry(&mut self, to: usize) {
        let Self::Lines { lines, cursor } = self else {
            return;
        };
        if *cursor < lines.len() {
            let line = lines.remove(*cursor);
            *cursor = to.min(lines.len());
            lines.insert(*cursor, line);
        }
    }

    /// Types a character of a number; `false` where it can be in none.
    pub(crate) fn type_in(&mut self, character: char) -> bool {
        let Self::Number(typed) = self else {
            return false;
        };
        let known = character.is_ascii_digit() || matches!(character, '.' | ',' | '-' | 's' | 'm');
        if known && typed.chars().count() < LONGEST {
            typed.push(character);
        }
        known
    }

    /// Takes the last character back.
    pub(crate) fn erase(&mut self) {
        if let Self::Number(typed) = self {
            typed.pop();
        }
    }
}

/// Whether both have the same lines, in whatever order.
fn same_lines(one: &[String], other: &[String]) -> bool {
    let sorted = |lines: &[String]| {
        let mut lines = lines.to_vec();
        lines.sort_unstable();
        lines
    };
    one.len() == other.len() && sorted(one) == sorted(other)
}

/// What may be typed where a number is asked for.
pub(crate) fn expected(quantity: &Quantity) -> &'static str {
    match quantity {
        Quantity::Elapsed => "a length of time: 5, 0.5, 5s or 500ms",
        Quantity::Lines => "a whole number of lines: 4",
        Quantity::Variable(_) => "a number: 4",
    }
}

/// Reads a number.
///
/// # Errors
/// A sentence that says what is expected.
pub fn number(quantity: &Quantity, typed: &str) -> Result<f64, String> {
    let wrong = || {
        let expected = expected(quantity);
        if typed.is_empty() {
            format!("type {expected}; space goes on without a guess")
        } else {
            format!("{typed} is no number here; expected is {expected}")
        }
    };
    let plain = typed.replace(',', ".");
    let (figure, unit) = match quantity {
        Quantity::Elapsed => match plain.strip_suffix("ms") {
            Some(figure) => (figure, 0.001),
            None => (plain.strip_suffix('s').unwrap_or(&plain), 1.0),
        },
        Quantity::Lines | Quantity::Variable(_) => (plain.as_str(), 1.0),
    };
    let value: f64 = figure.parse().map_err(|_| wrong())?;
    let fits = match quantity {
        // A day is longer than any run.
        Quantity::Elapsed => (0.0..=86_400.0).contains(&(value * unit)),
        Quantity::Lines => value >= 0.0 && value.fract() == 0.0,
        Quantity::Variable(_) => value.is_finite(),
    };
    if fits { Ok(value * unit) } else { Err(wrong()) }
}

/// A number as one would type it, with its unit: `5s`, `0.25s`, `4`.
pub fn written(quantity: &Quantity, number: f64) -> String {
    // Thousandths are as fine as the virtual clock.
    let figure = (number * 1_000.0).round() / 1_000.0;
    match quantity {
        Quantity::Elapsed => format!("{figure}s"),
        Quantity::Lines | Quantity::Variable(_) => figure.to_string(),
    }
}
