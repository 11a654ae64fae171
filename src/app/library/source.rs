//! The text of a scenario, and how its file was when it was read.

use std::fs;
use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::app::failure::{Failure, reason};
use loopscope_lab::scenario::FileName;

/// The largest scenario file, and the largest playlist.
const MOST_BYTES: u64 = 1024 * 1024;

/// The text of a scenario, and its name.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Its id, number, folder and path.
    pub(crate) file: FileName,
    /// The TOML text.
    pub(crate) text: String,
    /// The file that it was read from; `None` for one of ours, and for one out of a recording.
    pub(crate) origin: Option<PathBuf>,
    /// How that file was when it was read.
    pub(crate) read: Stamp,
}

/// What tells a file that has changed from one that has not: its number, length and time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stamp(Option<(u64, u64, SystemTime)>);

impl Stamp {
    fn of(meta: &Metadata) -> Self {
        Self(meta.modified().ok().map(|at| (meta.ino(), meta.len(), at)))
    }
}

impl Source {
    /// Whether its file may say something else by now. A pipe can be read only once.
    pub(crate) fn may_differ(&self) -> bool {
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

/// Reads a file of text that is no larger than files of ours are; `what` it is to be stands in the
/// sentences that refuse it, and `instead` what to do with a folder.
pub(crate) fn text(path: &Path, what: &str, instead: &str) -> Result<String, Failure> {
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
pub(crate) fn read(path: &Path) -> Result<Source, Failure> {
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
