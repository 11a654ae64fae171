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

/// The command that edits a file at a line, counted from 1; at its start where the editor is not known to take one.
pub(crate) fn command_at(file: &Path, line: u32) -> Result<Vec<OsString>, String> {
    let mut words = command(file)?;
    let name = words
        .first()
        .and_then(|program| Path::new(program).file_stem());
    let name = name.unwrap_or_default().to_string_lossy().into_owned();
    let last = words.pop();
    match name.as_str() {
        "vi" | "vim" | "nvim" | "nano" | "emacs" | "emacsclient" | "kak" | "micro" => {
            words.push(format!("+{line}").into());
            words.extend(last);
        }
        "code" | "codium" => {
            let mut place = last.unwrap_or_default();
            place.push(format!(":{line}"));
            words.push("-g".into());
            words.push(place);
        }
        "hx" | "subl" | "zed" => {
            let mut place = last.unwrap_or_default();
            place.push(format!(":{line}"));
            words.push(place);
        }
        _ => words.extend(last),
    }
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
