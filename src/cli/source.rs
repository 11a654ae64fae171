//! Where a scenario comes from: one of ours by id or number, one of the person's by id, or a file.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::failure::{Failure, reason};
use super::own;
use crate::library;
use loopscope_lab::scenario::FileName;

/// The largest scenario file, and the largest playlist.
const MOST_BYTES: u64 = 1024 * 1024;

/// Of a longer name only the beginning is repeated.
const LONG_NAME: usize = 100;

/// The text of a scenario, and its name.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Its id, number, folder and path.
    pub(super) file: FileName,
    /// The TOML text.
    pub(super) text: String,
    /// The file that it was read from; `None` for one of ours, and for one out of a recording.
    pub(super) origin: Option<PathBuf>,
    /// How that file was when it was read.
    pub(super) read: Stamp,
}

/// What tells a file that has changed from one that has not: its number, length and time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp(Option<(u64, u64, SystemTime)>);

impl Stamp {
    fn of(meta: &Metadata) -> Self {
        Self(meta.modified().ok().map(|at| (meta.ino(), meta.len(), at)))
    }
}

impl Source {
    /// Whether its file may say something else by now. A pipe can be read only once.
    pub(super) fn may_differ(&self) -> bool {
        let Some(path) = &self.origin else {
            return false;
        };
        match fs::metadata(path) {
            Ok(meta) if !meta.is_file() => false,
            Ok(meta) => self.read == Stamp::default() || Stamp::of(&meta) != self.read,
            Err(_) => true,
        }
    }
}

/// Finds a scenario by what was typed.
pub(super) fn find(name: &str) -> Result<Source, Failure> {
    if let Some(entry) = library::find(name) {
        return Ok(Source {
            file: entry.file,
            text: entry.source,
            origin: None,
            read: Stamp::default(),
        });
    }
    if let Some(path) = own::find(name) {
        return own::read(&path);
    }
    let path = Path::new(name);
    if name.contains(std::path::MAIN_SEPARATOR) || name.ends_with(".toml") || path.exists() {
        return own::read(path);
    }
    let own = own::ids();
    let hint = match library::closest(name, own.iter().map(String::as_str)) {
        Some(id) => format!("did you mean {id}?"),
        None => "`loopscope list` shows them all".to_owned(),
    };
    let shown = match name.trim() {
        "" => "a scenario needs a name".to_owned(),
        name if name.chars().nth(LONG_NAME).is_none() => format!("no scenario is called {name}"),
        name => {
            let begin: String = name.chars().take(LONG_NAME).collect();
            format!("no scenario is called {begin}…")
        }
    };
    Err(Failure::Usage(format!("{shown}: {hint}")))
}

/// Reads a file of text that is no larger than files of ours are; `what` it is to be stands in the
/// sentences that refuse it, and `instead` what to do with a folder.
pub(super) fn text(path: &Path, what: &str, instead: &str) -> Result<String, Failure> {
    let shown = path.display();
    let refused =
        |error: std::io::Error| Failure::Io(format!("{shown} cannot be read: {}", reason(&error)));
    let file = File::open(path).map_err(refused)?;
    let meta = file.metadata().map_err(refused)?;
    if meta.is_dir() {
        return Err(Failure::Io(format!("{shown} is a folder: {instead}")));
    }
    let mut bytes = Vec::new();
    if meta.len() <= MOST_BYTES {
        // A device has no length, and perhaps no end.
        file.take(MOST_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(refused)?;
    }
    if meta.len().max(bytes.len() as u64) > MOST_BYTES {
        return Err(Failure::Invalid(format!(
            "{shown} is larger than {} KiB: that is no {what}",
            MOST_BYTES / 1024
        )));
    }
    String::from_utf8(bytes)
        .map_err(|_| Failure::Invalid(format!("{shown} is not UTF-8 text: that is no {what}")))
}

/// Reads a scenario file.
pub(super) fn read(path: &Path) -> Result<Source, Failure> {
    let shown = path.display();
    let instead = format!("name a file in it, or run `loopscope check {shown}`");
    // Looked at before it is read, so that no change in between is missed.
    let read = fs::metadata(path).map_or_else(|_| Stamp::default(), |meta| Stamp::of(&meta));
    let text = text(path, "scenario file", &instead)?;
    if text.trim().is_empty() {
        return Err(Failure::Invalid(format!(
            "{shown} is empty: a scenario has at least a title and a function"
        )));
    }
    if text.starts_with("{\"loopscope\"") {
        return Err(Failure::Invalid(format!(
            "{shown} is a recording: `loopscope replay {shown}` shows it"
        )));
    }
    Ok(Source {
        file: FileName::from_path(path),
        text,
        // Kept whole, so that another folder to stand in does not lose it.
        origin: Some(std::path::absolute(path).unwrap_or_else(|_| path.to_owned())),
        read,
    })
}
