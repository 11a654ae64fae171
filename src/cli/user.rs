//! `loopscope reset`: forgets what is remembered.

use std::fmt::Write as _;
use std::io;
use std::io::{BufRead, IsTerminal, Write as _};
use std::path::Path;

use crate::app::failure::{Failure, Outcome, reason};
use crate::app::files::{atomic, places};
use crate::app::library::{find, ours};
use crate::app::progress::store::{FILE, Forgotten, forget};
use crate::app::settings::keys::KEYS;
use crate::app::settings::settings::{Settings, Source};
use crate::cli::args::others::{Look, ResetArgs, SettingsArgs};
use crate::output;

/// Forgets, after asking.
pub(crate) fn reset(args: &ResetArgs) -> Outcome {
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

/// A number becomes the id that it stands for; what is not known may be a user's own file.
fn named(name: &str) -> String {
    ours::find(name).map_or_else(|| name.to_owned(), |entry| entry.file.id)
}

/// Nothing is remembered of it: because it was never run, or because there is none.
fn unknown(id: &str) -> Outcome {
    find::find(id)?;
    output::text(&format!("nothing is remembered of {id}\n"))
}

fn scenarios(count: usize) -> String {
    match count {
        0 => "what was opened last".to_owned(),
        1 => "1 scenario".to_owned(),
        count => format!("{count} scenarios"),
    }
}

/// Asks on the terminal; without one there is no answer.
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

/// Prints what is in force, or writes the file.
pub(crate) fn settings(args: &SettingsArgs, look: &Look) -> Outcome {
    let settings = Settings::load(look);
    if args.write {
        return write(&settings);
    }
    output::text(&settings.table())?;
    match (settings.unread, settings.problems) {
        (Some(why), _) => Err(Failure::Io(format!(
            "{} {why}",
            crate::app::settings::settings::FILE
        ))),
        (None, Some(problems)) => Err(Failure::Scenario(Box::new(problems))),
        (None, None) => Ok(()),
    }
}

fn write(settings: &Settings) -> Outcome {
    let Some(path) = &settings.path else {
        return Err(Failure::Io(
            "there is no home directory: set HOME, or XDG_CONFIG_HOME".to_owned(),
        ));
    };
    let shown = path.display();
    match atomic::create(path, text().as_bytes()) {
        Ok(()) => output::text(&format!("wrote {shown}\n")),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Failure::Io(format!(
            "{shown} is there already: it stays as it is"
        ))),
        Err(error) => {
            let why = reason(&error);
            Err(Failure::Io(format!("{shown} cannot be written: {why}")))
        }
    }
}

impl Settings {
    /// The file's path, and a row for each value.
    fn table(&self) -> String {
        let mut text = match &self.path {
            None => "no file: there is no home directory\n".to_owned(),
            Some(path) if path.exists() => format!("{}\n", path.display()),
            Some(path) => format!("{} (none yet; --write makes one)\n", path.display()),
        };
        text.push('\n');
        for (row, (value, source)) in KEYS.iter().zip(&self.values) {
            let source = match source {
                Source::Default => "default".to_owned(),
                Source::File(line) => format!("file, line {line}"),
                Source::Asked(who) => (*who).to_owned(),
            };
            let _ = writeln!(text, "{:<15} {:<18} {source}", row.key, value.toml());
        }
        text
    }
}

/// The file as `--write` makes it: all defaults, each in a comment.
pub(crate) fn text() -> String {
    let mut text = "# The settings of loopscope. Take the # from a line to set it; flags win over \
                    this file,\n# and `loopscope settings` says what is in force.\n"
        .to_owned();
    for row in KEYS {
        let (say, may_be) = (row.say, row.kind.may_be());
        let default = row.kind.default().toml();
        let _ = write!(text, "\n# {say}\n# ({may_be})\n# {} = {default}\n", row.key);
    }
    text
}
