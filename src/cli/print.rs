//! Commands that only print a text: the schema, completions, the manual page.

use std::fmt::Write;
use std::io;

use clap::CommandFactory;
use clap_mangen::Man;
use serde::Serialize;

use crate::app::failure::{Failure, Outcome};
use crate::app::library::ours::Entry;
use crate::app::library::{find, ours, user};
use crate::app::progress::keeper::Keeper;
use crate::cli::args::args::Args;
use crate::output;
use crate::vocabulary::VOCABULARY;
use loopscope_protocol::path;
use loopscope_protocol::path::Next;

/// The JSON Schema of scenario files.
pub(crate) fn schema() -> Outcome {
    output::json(&loopscope_lab::scenario::schema::json(&VOCABULARY))
}

/// A completion script.
pub(crate) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "loopscope", &mut script);
    output::bytes(&script)
}

/// The manual page, with a section for each command.
pub(crate) fn man() -> Outcome {
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

#[derive(Serialize)]
struct Row {
    id: String,
    number: String,
    folder: String,
    title: String,
    asks: String,
    path: String,
}

impl Row {
    fn of(entry: Entry) -> Self {
        Self {
            id: entry.file.id,
            number: entry.file.number,
            folder: entry.file.folder,
            title: entry.title,
            asks: entry.asks,
            path: entry.file.path,
        }
    }
}

/// Prints the scenario that comes next, and why; as JSON a list as of every scenario, with one row or none.
pub(crate) fn next(json: bool) -> Outcome {
    let progress = Keeper::at_home().read();
    let rows = find::rows();
    let next = path::next(&rows, &progress.marks, progress.last.as_deref());
    if json {
        let row = |next: Next<'_>| {
            let mut all = ours::all().into_iter().chain(user::all());
            all.find(|entry| entry.file.id == next.entry.id)
                .map(Row::of)
        };
        let rows: Vec<Row> = next.and_then(row).into_iter().collect();
        return output::json(&rows);
    }
    output::text(&match next {
        Some(Next { entry, why }) => {
            let name = format!("{} {}", entry.number, entry.id);
            format!("{}{}\n", name.trim(), why.words())
        }
        None => "nothing is left: all were seen, and none was predicted wrong\n".to_owned(),
    })
}

/// Prints every scenario, as a table or as JSON.
pub(crate) fn list(json: bool) -> Outcome {
    let mut entries = ours::all();
    entries.extend(user::all());
    if json {
        let rows: Vec<Row> = entries.into_iter().map(Row::of).collect();
        return output::json(&rows);
    }
    let widest = entries.iter().map(|entry| entry.file.id.len()).max();
    let width = widest.unwrap_or(0);
    let mut text = String::new();
    let mut folder = None;
    for entry in &entries {
        if folder != Some(&entry.file.folder) {
            let gap = if folder.is_some() { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{}", entry.file.folder);
            folder = Some(&entry.file.folder);
        }
        let _ = writeln!(
            text,
            "  {:>2}  {:width$}  {}",
            entry.file.number, entry.file.id, entry.asks
        );
    }
    output::text(&text)
}
