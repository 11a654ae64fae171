//! What was typed after `check` becomes a list of scenarios.

use std::fs;
use std::path::{Path, PathBuf};

use crate::app::failure::{Failure, reason};
use crate::app::library::source::{Source, Stamp};
use crate::app::library::{find, ours, user};

/// How deep folders are looked into.
const DEPTH: usize = 8;

/// One scenario to check.
pub(crate) struct Target {
    /// Its id, or what was typed.
    pub(crate) name: String,
    /// Its text, or why there is none.
    pub(crate) source: Result<Source, Failure>,
}

/// All scenarios that were named; all of ours where none was.
pub(crate) fn all(names: &[String]) -> Result<Vec<Target>, Failure> {
    if names.is_empty() {
        return Ok(ours::all()
            .into_iter()
            .map(|entry| Target {
                name: entry.file.id.clone(),
                source: Ok(Source {
                    file: entry.file,
                    text: entry.source,
                    origin: None,
                    read: Stamp::default(),
                }),
            })
            .collect());
    }
    let mut targets = Vec::new();
    for name in names {
        let path = Path::new(name);
        if !path.is_dir() {
            targets.push(target(name, find::find(name)));
            continue;
        }
        let mut files = Vec::new();
        collect(path, DEPTH, &mut files)
            .map_err(|error| Failure::Io(format!("{name} cannot be read: {}", reason(&error))))?;
        if files.is_empty() {
            return Err(Failure::Usage(format!(
                "{name} has no scenario files (*.toml)"
            )));
        }
        targets.extend(
            files
                .iter()
                .map(|file| target(&file.to_string_lossy(), user::read(file))),
        );
    }
    Ok(targets)
}

fn target(name: &str, source: Result<Source, Failure>) -> Target {
    let name = match &source {
        Ok(source) => source.file.id.clone(),
        Err(_) => name.to_owned(),
    };
    Target { name, source }
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // Links are not followed, so that a folder that holds itself ends.
        let kind = entry.file_type()?;
        if kind.is_dir() && depth > 0 {
            collect(&path, depth - 1, files)?;
        } else if kind.is_file() && path.extension().is_some_and(|end| end == "toml") {
            files.push(path);
        }
    }
    Ok(())
}
