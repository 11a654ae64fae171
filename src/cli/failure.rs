//! What can go wrong, and the exit code of each.

use std::io;

use loopscope_lab::engine::StartError;
use loopscope_lab::scenario::Problems;
use loopscope_protocol::problem::Problem;
use loopscope_trace::plain;

/// Why a command did not end well.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// Whoever read stdout has left, or all has been said already with this code.
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
    pub(super) fn code(&self) -> u8 {
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

    /// Says it on stderr.
    pub(super) fn tell(&self) {
        match self {
            Self::Quiet(_) | Self::Expectation | Self::Signal(_) => {}
            Self::Scenario(problems) => say(problems.render(super::output::color_on_stderr())),
            Self::Refused(problem) if !problem.colored.is_empty() => {
                if super::output::color_on_stderr() {
                    say(&problem.colored);
                } else {
                    say(problem.details.join("\n"));
                }
            }
            Self::Refused(problem) => Self::Io(problem.sentence.clone()).tell(),
            Self::Usage(text) | Self::Invalid(text) | Self::Io(text) => {
                let lines = text.lines().map(plain).collect::<Vec<_>>();
                say(format!("loopscope: {}", lines.join("\n")));
            }
        }
    }

    /// What happened to stdout.
    pub(super) fn stdout(error: &io::Error) -> Self {
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
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// Says something on stderr; whoever does not listen need not.
pub(super) fn say(text: impl AsRef<str>) {
    use io::Write;
    let text = text.as_ref().trim_end_matches('\n');
    drop(writeln!(io::stderr().lock(), "{text}"));
}
