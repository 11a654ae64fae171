//! Commands that only print a text: the schema, completions, the manual page.

use clap::CommandFactory;

use super::args::Args;
use super::failure::Failure;
use super::{Outcome, output};

/// The JSON Schema of scenario files.
pub(super) fn schema() -> Outcome {
    output::json(&crate::scenario::schema::json())
}

/// A completion script.
pub(super) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "loopscope", &mut script);
    output::bytes(&script)
}

/// The manual page.
pub(super) fn man() -> Outcome {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command())
        .render(&mut page)
        .map_err(|error| Failure::stdout(&error))?;
    output::bytes(&page)
}
