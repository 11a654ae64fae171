//! A failure as whoever asked is told: one sentence, and all mistakes of a file.

use crate::cli::failure::Failure;
use loopscope_protocol::problem::{Mistake, Problem};

/// What is told.
pub(super) fn problem(failure: Failure) -> Problem {
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
