//! The person's own scenarios: the files of one folder, listed beside ours.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::app::failure::{Failure, reason};
use crate::app::files::{atomic, places};
use crate::app::library::ours::{Entry, YOURS};
use crate::app::library::source::{Source, Stamp};
use crate::app::library::{ours, source};
use loopscope_lab::scenario::FileName;
use loopscope_protocol::practice;

/// The most files of the folder that are looked at.
const MOST: usize = 1000;

/// Rows for all of them, by the names of their files; one that cannot be read says so.
pub(crate) fn all() -> Vec<Entry> {
    let paths = ids_and_files().into_iter();
    paths.map(|(id, path)| entry(id, &path)).collect()
}

/// Their ids.
pub(crate) fn ids() -> Vec<String> {
    ids_and_files().into_iter().map(|(id, _)| id).collect()
}

/// The file of the one with this id.
pub(crate) fn find(id: &str) -> Option<PathBuf> {
    let rows = ids_and_files().into_iter();
    let mut rows = rows.filter(|(own, _)| own == id);
    rows.next().map(|(_, path)| path)
}

/// The id of the file at this path; `None` for one that stands elsewhere.
pub(crate) fn id_of(path: &Path) -> Option<String> {
    let path = std::path::absolute(path).ok()?;
    let mut rows = ids_and_files().into_iter();
    rows.find(|(_, own)| *own == path).map(|(id, _)| id)
}

/// Reads a scenario file; one of the person's folder is called as in the list.
pub(crate) fn read(path: &Path) -> Result<Source, Failure> {
    let source = source::read(path)?;
    Ok(Source {
        file: file_name(path, id_of(path)),
        ..source
    })
}

/// What was read from a file, called as in the list.
pub(crate) fn named(path: &Path, text: String) -> Source {
    Source {
        file: file_name(path, id_of(path)),
        text,
        origin: Some(path.to_owned()),
        read: Stamp::default(),
    }
}

/// The person's copy of one of ours, and whether it was made; an earlier one is kept as it is.
pub(crate) fn copy(ours: &FileName, text: &str) -> Result<(PathBuf, bool), Failure> {
    let Some(folder) = places::data_dir() else {
        return Err(Failure::Io(
            "there is no home to keep a copy in: set HOME or XDG_DATA_HOME".to_owned(),
        ));
    };
    let path = folder.join(format!("my-{}.toml", ours.id));
    match atomic::create(&path, copied(ours, text).as_bytes()) {
        Ok(()) => Ok((path, true)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok((path, false)),
        Err(error) => Err(Failure::Io(format!(
            "{} cannot be written: {}",
            places::short(&path),
            reason(&error)
        ))),
    }
}

/// What a copy says: whose it is instead of where our schema stands, so that all lines keep their
/// numbers.
pub(crate) fn copied(ours: &FileName, text: &str) -> String {
    let rest = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("#:schema") => rest,
        _ => text,
    };
    let id = &ours.id;
    format!("# Your copy of {id}: change what you like, each save runs it again.\n{rest}")
}

fn file_name(path: &Path, id: Option<String>) -> FileName {
    let file = FileName::from_path(path);
    match id {
        None => file,
        Some(id) => FileName {
            id,
            // The numbers are ours: one of theirs would make `loopscope run 2` mean two things.
            number: String::new(),
            folder: YOURS.to_owned(),
            ..file
        },
    }
}

fn entry(id: String, path: &Path) -> Entry {
    let file = file_name(path, Some(id));
    match source::read(path) {
        Ok(source) => ours::own(file, source.text),
        Err(failure) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Entry {
                title: format!("{name}: cannot be opened"),
                asks: match failure {
                    Failure::Io(sentence) | Failure::Invalid(sentence) => sentence,
                    _ => String::new(),
                },
                search: name.into_owned().into(),
                file,
                ..Entry::default()
            }
        }
    }
}

/// Ids and files, in the order of the files' names. An id is the stem without its number; where
/// that is taken, by one of ours or by a file before it, the whole stem, else with a count.
fn ids_and_files() -> Vec<(String, PathBuf)> {
    let mut named: Vec<(String, PathBuf)> = Vec::new();
    for path in files() {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let first = FileName::from_path(&path).id;
        let counted = (2..).map(|count| format!("{stem}-{count}"));
        let mut names = [first, stem.to_string()].into_iter().chain(counted);
        let free = names.find(|id| {
            ours::find(id).is_none()
                && practice::parts(id).is_none()
                && named.iter().all(|(taken, _)| taken != id)
        });
        if let Some(id) = free {
            named.push((id, path));
        }
    }
    named
}

/// The scenario files of the folder. Without a folder there are none.
fn files() -> Vec<PathBuf> {
    let Some(entries) = places::data_dir().and_then(|folder| fs::read_dir(folder).ok()) else {
        return Vec::new();
    };
    let paths = entries.take(MOST).flatten().map(|entry| entry.path());
    let is_one = |path: &PathBuf| {
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        !hidden && path.extension().is_some_and(|end| end == "toml") && path.is_file()
    };
    let mut files: Vec<PathBuf> = paths.filter(is_one).collect();
    files.sort();
    files
}
