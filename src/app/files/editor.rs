//! The person's editor: which program, and the words that it is started with.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What is tried where the environment names none.
const USUAL: [&str; 2] = ["nano", "vi"];

/// What an editor has been started with.
#[derive(Debug)]
pub(crate) struct Edited {
    /// The file.
    pub(crate) path: PathBuf,
    /// What the file says, where it is a copy that was made for this editor.
    pub(crate) fresh: Option<String>,
    /// It is a copy of one of ours.
    pub(crate) copy: bool,
}

/// The command that edits a file, or why there is none.
pub(crate) fn command(file: &Path) -> Result<Vec<OsString>, String> {
    let said = |name: &str| std::env::var(name).ok();
    let mut words: Vec<OsString> = choose(said("VISUAL"), said("EDITOR"), is_there)?
        .into_iter()
        .map(OsString::from)
        .collect();
    words.push(file.as_os_str().to_owned());
    Ok(words)
}

fn choose(
    visual: Option<String>,
    editor: Option<String>,
    there: impl Fn(&str) -> bool,
) -> Result<Vec<String>, String> {
    for (name, said) in [("VISUAL", visual), ("EDITOR", editor)] {
        let Some(said) = said.filter(|said| !said.trim().is_empty()) else {
            continue;
        };
        return shell_words::split(&said)
            .map_err(|_| format!("{name} has a quote that does not end: {said}"));
    }
    match USUAL.into_iter().find(|name| there(name)) {
        Some(name) => Ok(vec![name.to_owned()]),
        None => Err("no editor is found: set EDITOR to the one that you use".to_owned()),
    }
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

#[cfg(test)]
#[path = "../../../tests/inside/editor.rs"]
mod tests;
