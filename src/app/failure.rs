//! What can go wrong, and the exit code of each.

use std::io;

use loopscope_lab::engine::StartError;
use loopscope_lab::scenario::Problems;
use loopscope_protocol::problem::{Mistake, Problem};

/// Why a command did not end well.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// The reader of stdout has left, or all has been said already with this code.
    Quiet(u8),
    /// An expectation failed; the command has printed which.
    Expectation,
    /// Wrong arguments, or no terminal.
    Usage(String),
    /// A scenario with mistakes.
    Scenario(Box<Problems>),
    /// A scenario or a recording that is none.
    Invalid(String),
    /// Something could not be read or written.
    Io(String),
    /// What was asked of the application cannot be had.
    Refused(Box<Problem>),
    /// A signal ended it.
    Signal(i32),
}

impl Failure {
    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Quiet(code) => *code,
            Self::Expectation => 1,
            Self::Usage(_) => 2,
            Self::Scenario(_) | Self::Invalid(_) => 3,
            Self::Io(_) => 4,
            Self::Refused(problem) => problem.code,
            Self::Signal(number) => u8::try_from(128 + number).unwrap_or(u8::MAX),
        }
    }

    /// What happened to stdout.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Quiet(0)
        } else {
            Self::Io(format!("the output cannot be written: {}", reason(error)))
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::Io(error.to_string())
    }
}

/// The operating system's words for an error, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// What a command gives back where nothing failed.
pub(crate) type Outcome = Result<(), Failure>;

/// What is told.
pub(crate) fn problem(failure: Failure) -> Problem {
    let code = failure.code();
    match failure {
        Failure::Scenario(problems) => {
            let details = problems.render(false);
            let count = problems.list.len();
            let noun = if count == 1 { "a mistake" } else { "mistakes" };
            let mistakes = problems.list.iter().map(|found| Mistake {
                line: found.line,
                column: found.column,
                message: found.message.clone(),
                help: found.help.clone(),
            });
            Problem {
                sentence: format!("{} has {noun}", problems.path),
                details: details.lines().map(str::to_owned).collect(),
                colored: problems.render(true),
                mistakes: mistakes.collect(),
                path: problems.path,
                code,
            }
        }
        Failure::Usage(sentence) | Failure::Invalid(sentence) | Failure::Io(sentence) => Problem {
            sentence,
            code,
            ..Problem::default()
        },
        Failure::Refused(problem) => *problem,
        Failure::Quiet(_) | Failure::Expectation | Failure::Signal(_) => Problem {
            code,
            ..Problem::default()
        },
    }
}
