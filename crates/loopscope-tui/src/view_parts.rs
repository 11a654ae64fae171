//! The small values that a screen is told besides the timeline: mode, panes, key hints.

use super::axis::Page;
use super::model::ballot::{self, Round};
use super::model::{Prompt, Session};
use loopscope_timeline::explain::Why;
use loopscope_trace::{Answer, Nanos, Question, Said, Tally};

/// How one looks at the run, as keys have chosen it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look<'a> {
    /// The page of time; the usual one where it is `None`.
    pub zoom: Option<Page>,
    /// The pane by which the arrows move, by its digit; the tasks where it is `None`.
    pub focus: Option<u8>,
    /// Only the selected lane is shown.
    pub only: bool,
    /// The answer to "why?", while it is open.
    pub why: Option<&'a Why>,
    /// A line that one types into.
    pub prompt: Option<&'a Prompt>,
    /// What was predicted.
    pub predicted: Predicted<'a>,
    /// The hands of a class, while they lie over the end of a run.
    pub hands: Option<Hands<'a>>,
}

/// What was predicted, as the panes show it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Predicted<'a> {
    /// The lines of output in this order.
    pub lines: &'a [String],
    /// In words, where no lines are predicted.
    pub words: Option<&'a str>,
    /// When it will be over.
    pub end: Option<Nanos>,
}

/// What was said about a question, and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Hands<'a> {
    /// The question.
    pub question: &'a Question,
    /// Hands counted before the discussion.
    pub before: Option<&'a Tally>,
    /// Hands counted after it.
    pub after: Option<&'a Tally>,
    /// The option that was chosen at the keys, and the one before it where there were two.
    pub said: [Option<usize>; 2],
    /// The options that it came to, a bit each.
    pub right: u32,
}

impl<'a> Hands<'a> {
    /// The hands of the question at this place.
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
            before: ballot::counted(answers, place, Round::Before),
            after: ballot::counted(answers, place, Round::After),
            said: [
                option(said.and_then(Said::answer)),
                option(said.and_then(Said::first_answer)),
            ],
            right: right.fold(0, |bits, option| bits | 1 << option),
        })
    }

    /// Whether it came as this option says.
    pub const fn is_right(&self, option: usize) -> bool {
        option < 32 && self.right & (1 << option) != 0
    }
}

/// How the stage stands to the run that it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Nothing has been run yet: 0.00s, paused.
    #[default]
    BeforeRun,
    /// The playhead is at the live edge of a run that goes on.
    Live,
    /// The playhead moves through what has been recorded.
    Playing,
    /// The playhead stands; the run may go on.
    Paused,
    /// The run is over and the playhead is at its end.
    Ended,
    /// The trace was read from a file, and the playhead stands somewhere in it.
    Recorded,
}

/// Which panes are shown; they are numbered from 1 to 6 as on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Panes(u8);

impl Panes {
    /// The highest number.
    pub const LAST: u8 = 6;

    /// All six.
    pub const fn all() -> Self {
        Self(0b0111_1110)
    }

    /// None of them.
    pub const fn none() -> Self {
        Self(0)
    }

    /// Their words, in the order of teaching, each with its number.
    pub const WORDS: [(&'static str, u8); 6] = [
        ("output", 3),
        ("tasks", 4),
        ("loop", 2),
        ("code", 1),
        ("threads", 5),
        ("found", 6),
    ];

    /// Those with these words; other words name none.
    pub fn called<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut panes = Self::none();
        for word in words {
            let known = Self::WORDS.iter().find(|(known, _)| *known == word);
            let number = known.map_or(0, |known| known.1);
            if !panes.show(number) {
                panes = panes.toggle(number);
            }
        }
        panes
    }

    /// Whether pane `number` is shown; false for a number that no pane has.
    pub const fn show(self, number: u8) -> bool {
        number >= 1 && number <= Self::LAST && self.0 & (1 << number) != 0
    }

    /// Whether the runtime's own counts stand in place of the lower panes.
    pub const fn metrics(self) -> bool {
        self.0 & (1 << 7) != 0
    }

    /// Shows or hides the runtime's own counts.
    #[must_use]
    pub const fn toggle_metrics(self) -> Self {
        Self(self.0 ^ (1 << 7))
    }

    /// Whether the lanes have the word of tokio-console beside them.
    pub const fn says(self) -> bool {
        self.0 & 1 != 0
    }

    /// Shows or hides the word of tokio-console.
    #[must_use]
    pub const fn toggle_says(self) -> Self {
        Self(self.0 ^ 1)
    }

    /// The same with this one hidden.
    #[must_use]
    pub const fn without(self, number: u8) -> Self {
        if self.show(number) {
            self.toggle(number)
        } else {
            self
        }
    }

    /// Shows what is hidden and hides what is shown; other numbers change nothing.
    #[must_use]
    pub const fn toggle(self, number: u8) -> Self {
        if number >= 1 && number <= Self::LAST {
            Self(self.0 ^ (1 << number))
        } else {
            self
        }
    }
}

impl Default for Panes {
    fn default() -> Self {
        Self::all()
    }
}

/// One entry of the last row: a key, and what it does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hint {
    /// As it is written: `space`, `, .`.
    pub key: &'static str,
    /// One or two words.
    pub does: &'static str,
}
