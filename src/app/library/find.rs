//! Finds a scenario by what was typed, and lists all for the menu.

use std::path::Path;

use crate::app::failure::Failure;
use crate::app::library::ours::Entry;
use crate::app::library::source::{Source, Stamp};
use crate::app::library::{ours, user};
use crate::practice::exercise;
use loopscope_lab::scenario::FileName;
use loopscope_protocol::menu::MenuEntry;
use loopscope_protocol::practice;

/// What stands in the menu below each topic.
const EXERCISE: &str = "A small program, drawn from a number: in which order do its lines come, or how long does it take? \
     Each time it is another one.";

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
    if let Some((topic, number)) = exercise::named(name) {
        let Some(text) = exercise::text(topic, number) else {
            return Err(Failure::Usage(format!(
                "{name} cannot be drawn: take another number"
            )));
        };
        return Ok(Source {
            file: FileName {
                folder: practice::FOLDER.to_owned(),
                ..FileName::from_path(Path::new(&format!("{name}.toml")))
            },
            text,
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
    let row = |entry: Entry| MenuEntry {
        id: entry.file.id,
        number: entry.file.number,
        folder: entry.file.folder,
        title: entry.title,
        asks: entry.asks,
        contrast: entry.contrast,
        story: entry.story,
        search: entry.search,
    };
    let rows = ours::all().into_iter().map(row).chain(exercises());
    rows.chain(user::all().into_iter().map(row)).collect()
}

/// A row for each topic, with its first exercise.
fn exercises() -> impl Iterator<Item = MenuEntry> {
    exercise::rows().map(|(id, topic)| MenuEntry {
        id: format!("{id}-1"),
        folder: practice::FOLDER.to_owned(),
        title: topic.title().to_owned(),
        asks: EXERCISE.to_owned(),
        search: format!("practice exercise quiz {} {}", topic.word(), topic.title()).into(),
        ..MenuEntry::default()
    })
}
