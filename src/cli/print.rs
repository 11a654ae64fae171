//! Commands that only print a text: the schema, completions, the manual page.

use std::io;

use clap::CommandFactory;
use clap_mangen::Man;

use super::args::Args;
use super::failure::Failure;
use super::{Outcome, output};
use crate::vocabulary::VOCABULARY;

/// The JSON Schema of scenario files.
pub(super) fn schema() -> Outcome {
    output::json(&loopscope_lab::scenario::schema::json(&VOCABULARY))
}

/// A completion script.
pub(super) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "loopscope", &mut script);
    output::bytes(&script)
}

/// The manual page, with a section for each command.
pub(super) fn man() -> Outcome {
    let page = page().map_err(|error| Failure::stdout(&error))?;
    output::bytes(&page)
}

fn page() -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let mut all = Args::command();
    all.build();
    Man::new(all.clone()).render(&mut page)?;
    for command in all.get_subcommands().filter(|one| one.get_name() != "help") {
        let mut section = Vec::new();
        let man = Man::new(command.clone());
        man.render_synopsis_section(&mut section)?;
        man.render_description_section(&mut section)?;
        man.render_options_section(&mut section)?;
        let title = command.get_name().to_ascii_uppercase();
        page.extend_from_slice(format!(".SH LOOPSCOPE {title}\n").as_bytes());
        let section = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
        page.extend_from_slice(section.as_bytes());
    }
    Ok(page)
}
