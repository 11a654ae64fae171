//! The rows of the menu: ours in learning order, and the person's own after them.

use crate::cli::own;
use crate::library;
use loopscope_protocol::menu::MenuEntry;

/// All of them, read anew.
pub(super) fn rows() -> Vec<MenuEntry> {
    let entries = library::all().into_iter().chain(own::all());
    entries
        .map(|entry| MenuEntry {
            id: entry.file.id,
            number: entry.file.number,
            folder: entry.file.folder,
            title: entry.title,
            asks: entry.asks,
            contrast: entry.contrast,
            search: entry.search,
        })
        .collect()
}
