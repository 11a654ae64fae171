//! Finds a scenario by what was typed, and lists all for the menu.

use std::path::Path;

use crate::app::failure::Failure;
use crate::app::library::source::{Source, Stamp};
use crate::app::library::{ours, user};
use loopscope_protocol::menu::MenuEntry;

/// Of a longer name only the beginning is repeated.
const LONG_NAME: usize = 100;

/// Finds a scenario by what was typed.
pub(crate) fn find(name: &str) -> Result<Source, Failure> {
    if let Some(entry) = ours::find(name) {
        return Ok(Source {
            file: entry.file,
            text: entry.source,
            origin: None,
            read: Stamp::default(),
        });
    }
    if let Some(path) = user::find(name) {
        return user::read(&path);
    }
    let path = Path::new(name);
    if name.contains(std::path::MAIN_SEPARATOR) || name.ends_with(".toml") || path.exists() {
        return user::read(path);
    }
    let own = user::ids();
    let hint = match ours::closest(name, own.iter().map(String::as_str)) {
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

/// All of them, read anew.
pub(crate) fn rows() -> Vec<MenuEntry> {
    let entries = ours::all().into_iter().chain(user::all());
    entries
        .map(|entry| MenuEntry {
            id: entry.file.id,
            number: entry.file.number,
            folder: entry.file.folder,
            title: entry.title,
            asks: entry.asks,
            contrast: entry.contrast,
            story: entry.story,
            search: entry.search,
        })
        .collect()
}
