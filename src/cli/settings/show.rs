//! `loopscope settings`: where the file is, and what is in force.

use std::fmt::Write;
use std::io;

use clap::Args as ClapArgs;

use super::{KEYS, Settings, Source};
use crate::cli::args::Look;
use crate::cli::failure::{Failure, reason};
use crate::cli::{Outcome, atomic, output};

/// The flags of `settings`.
#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct SettingsArgs {
    /// Write a file with every setting and its default, where there is none yet
    #[arg(long)]
    write: bool,
}

/// Prints what is in force, or writes the file.
pub(in crate::cli) fn settings(args: &SettingsArgs, look: &Look) -> Outcome {
    let settings = Settings::load(look);
    if args.write {
        return write(&settings);
    }
    output::text(&settings.table())?;
    match (settings.unread, settings.problems) {
        (Some(why), _) => Err(Failure::Io(format!("{} {why}", super::FILE))),
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
pub(super) fn text() -> String {
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
