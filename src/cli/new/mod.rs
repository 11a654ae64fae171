//! `loopscope new`: a first scenario that runs as it is, with a word on each of its parts.
//!
//! *In:* a name or a path. *Out:* a file, and what to do next. *Invariant:* no file is ever
//! replaced. *Absent on purpose:* questions; who wants another story changes the file.

use std::path::{Path, PathBuf};

use super::failure::{Failure, reason};
use super::{Outcome, atomic, output, own, places};
use crate::library;
use loopscope_lab::scenario::FileName;

/// What the file says.
const FIRST: &str = include_str!("first.toml");

/// Writes the file, and says what to do next.
pub(super) fn new(name: &Path) -> Outcome {
    let path = target(name)?;
    atomic::create(&path, FIRST.as_bytes()).map_err(|error| refused(&path, &error))?;
    let run = match own::id_of(&path) {
        Some(id) => quoted(&id),
        None => quoted(&path.display().to_string()),
    };
    output::text(&format!(
        "wrote {}\n\n\
         loopscope run {run}      opens it: e edits it there, each save runs it again\n\
         loopscope check {run}    proves what it expects\n",
        path.display()
    ))
}

/// A name alone goes to the person's own scenarios, a path to where it says.
fn target(name: &Path) -> Result<PathBuf, Failure> {
    let shown = name.display();
    let ends = name.extension().is_some_and(|end| end == "toml");
    let file = if ends {
        name.to_owned()
    } else {
        let mut whole = name.as_os_str().to_owned();
        whole.push(".toml");
        PathBuf::from(whole)
    };
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let odd = stem.is_empty() || stem.starts_with(['.', '-']) || stem.contains(char::is_control);
    if odd || name.file_name().is_none() || shown.to_string().ends_with('/') {
        return Err(Failure::Usage(format!(
            "{shown:?} names no file: `loopscope new my-first` makes one"
        )));
    }
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    if let Some(folder) = folder {
        if !folder.is_dir() {
            return Err(Failure::Io(format!(
                "{} is no folder: make it first, or name the file alone",
                folder.display()
            )));
        }
        return Ok(file);
    }
    let id = FileName::from_path(&file).id;
    if let Some(ours) = library::find(&id) {
        return Err(Failure::Usage(format!(
            "{id} is one of ours, {:?}: choose another name",
            ours.title
        )));
    }
    match places::data_dir() {
        Some(folder) => Ok(folder.join(file)),
        None => Err(Failure::Usage(format!(
            "there is no home to keep it in: `loopscope new ./{}` puts it here",
            file.display()
        ))),
    }
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    let shown = path.display();
    if error.kind() == std::io::ErrorKind::AlreadyExists {
        return Failure::Usage(format!(
            "{shown} is there already, and stays as it is: choose another name"
        ));
    }
    Failure::Io(format!("{shown} cannot be written: {}", reason(error)))
}

/// A name as a shell reads it back.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
