//! A failure as the screen says it: one sentence, and all lines where there are more.

use crate::cli::failure::Failure;
use loopscope_protocol::problem::Problem;

/// What the screen is told.
pub(super) fn problem(failure: Failure) -> Problem {
    match failure {
        Failure::Scenario(problems) => {
            let details = problems.render(false);
            let count = problems.list.len();
            let mistakes = if count == 1 { "a mistake" } else { "mistakes" };
            Problem {
                sentence: format!("{} has {mistakes}", problems.path),
                details: details.lines().map(str::to_owned).collect(),
            }
        }
        Failure::Usage(sentence) | Failure::Invalid(sentence) | Failure::Io(sentence) => Problem {
            sentence,
            details: Vec::new(),
        },
        Failure::Quiet(_) | Failure::Expectation | Failure::Signal(_) => Problem::default(),
    }
}
