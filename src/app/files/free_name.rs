//! New files under names that are free, and paths as a sentence says them.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::app::failure::{Failure, reason};
use crate::app::files::atomic;

/// So many names are tried.
const TRIES: u32 = 1000;

/// The first name of `name.end`, `name-2.end`, `name-3.end` … that nobody has.
pub(crate) fn free(folder: &Path, name: &str, end: &str) -> String {
    let there = |file: &String| folder.join(file).symlink_metadata().is_ok();
    let mut names = (1..TRIES).map(|count| counted(name, end, count));
    names
        .find(|file| !there(file))
        .unwrap_or_else(|| counted(name, end, TRIES))
}

/// Writes a new file under the first free name, and gives the name.
pub(crate) fn create(folder: &Path, name: &str, end: &str, text: &str) -> Result<String, Failure> {
    for count in 1..=TRIES {
        let file = counted(name, end, count);
        let path = folder.join(&file);
        match atomic::create(&path, text.as_bytes()) {
            Ok(()) => return Ok(file),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(Failure::Io(format!(
                    "{} cannot be written: {}",
                    short(&path),
                    reason(&error)
                )));
            }
        }
    }
    Err(Failure::Io(format!(
        "{} has too many files of this name",
        short(folder)
    )))
}

fn counted(name: &str, end: &str, count: u32) -> String {
    match count {
        1 => format!("{name}.{end}"),
        count => format!("{name}-{count}.{end}"),
    }
}

/// A path with `~` for the home.
pub(crate) fn short(path: &Path) -> String {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let below = home
        .filter(|home| home.is_absolute() && home.parent().is_some())
        .and_then(|home| path.strip_prefix(home).ok());
    match below {
        Some(below) if below == Path::new("") => "~".to_owned(),
        Some(below) => format!("~/{}", below.display()),
        None => path.display().to_string(),
    }
}

#[cfg(test)]
#[path = "../../../tests/inside/fresh.rs"]
mod tests;
