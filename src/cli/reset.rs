//! `loopscope reset`: forgets what is remembered.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use clap::Args as ClapArgs;

use super::failure::{Failure, reason};
use super::progress::{FILE, Forgotten, forget};
use super::{Outcome, output, places, source};
use crate::library;

/// The flags of `reset`.
#[derive(Debug, ClapArgs)]
pub(super) struct ResetArgs {
    /// Forget this scenario only: its id or its number
    #[arg(long, value_name = "ID")]
    scenario: Option<String>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// Forgets, after asking.
pub(super) fn reset(args: &ResetArgs) -> Outcome {
    let nothing = || output::text("nothing is remembered: there is nothing to forget\n");
    let Some(folder) = places::state_dir() else {
        return nothing();
    };
    let path = folder.join(FILE);
    let id = args.scenario.as_deref().map(named);
    if path.symlink_metadata().is_err() {
        return match &id {
            Some(id) => unknown(id),
            None => nothing(),
        };
    }
    if !args.yes && !agreed(&path, id.as_deref())? {
        return output::text("nothing was removed\n");
    }
    let failed = |error: io::Error| {
        let shown = path.display();
        Failure::Io(format!("{shown} cannot be changed: {}", reason(&error)))
    };
    match (forget(&folder, id.as_deref()).map_err(failed)?, id) {
        (Forgotten::All(count), _) => output::text(&format!(
            "forgot {}: {} is gone\n",
            scenarios(count),
            path.display()
        )),
        (Forgotten::One(words), Some(id)) => output::text(&format!("forgot {id}: {words}\n")),
        (_, Some(id)) => unknown(&id),
        (_, None) => nothing(),
    }
}

/// A number becomes the id that it stands for; what we do not know may be somebody's own file.
fn named(name: &str) -> String {
    library::find(name).map_or_else(|| name.to_owned(), |entry| entry.file.id)
}

/// Nothing is remembered of it: because it was never run, or because there is none.
fn unknown(id: &str) -> Outcome {
    source::find(id)?;
    output::text(&format!("nothing is remembered of {id}\n"))
}

fn scenarios(count: usize) -> String {
    match count {
        0 => "what was opened last".to_owned(),
        1 => "1 scenario".to_owned(),
        count => format!("{count} scenarios"),
    }
}

/// Asks on the terminal; without one nobody can answer.
fn agreed(path: &Path, id: Option<&str>) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::Usage(
            "reset asks first, and this is not a terminal: --yes forgets without asking".to_owned(),
        ));
    }
    let what = match id {
        Some(id) => format!("what is remembered of {id}"),
        None => format!("everything in {}", path.display()),
    };
    let mut answer = String::new();
    drop(write!(io::stderr(), "Forget {what}? [y/N] "));
    let read = io::stdin().lock().read_line(&mut answer);
    read.map_err(|error| Failure::Io(format!("the answer cannot be read: {}", reason(&error))))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
