//! `loopscope list`: every scenario of ours, and the person's own.

use std::fmt::Write;

use serde::Serialize;

use super::{Outcome, output, own};
use crate::library;

#[derive(Serialize)]
struct Row {
    id: String,
    number: String,
    folder: String,
    title: String,
    asks: String,
    path: String,
}

/// Prints every scenario, as a table or as JSON.
pub(super) fn list(json: bool) -> Outcome {
    let mut entries = library::all();
    entries.extend(own::all());
    if json {
        let rows: Vec<Row> = entries
            .into_iter()
            .map(|entry| Row {
                id: entry.file.id,
                number: entry.file.number,
                folder: entry.file.folder,
                title: entry.title,
                asks: entry.asks,
                path: entry.file.path,
            })
            .collect();
        return output::json(&rows);
    }
    let widest = entries.iter().map(|entry| entry.file.id.len()).max();
    let width = widest.unwrap_or(0);
    let mut text = String::new();
    let mut folder = None;
    for entry in &entries {
        if folder != Some(&entry.file.folder) {
            let gap = if folder.is_some() { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{}", entry.file.folder);
            folder = Some(&entry.file.folder);
        }
        let _ = writeln!(
            text,
            "  {:>2}  {:width$}  {}",
            entry.file.number, entry.file.id, entry.asks
        );
    }
    output::text(&text)
}
