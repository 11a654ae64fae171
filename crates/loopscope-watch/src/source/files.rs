//! The text of source files, read once; and which of them belong to libraries.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// The longest file that is read, in bytes, and how many are kept.
const LONGEST: u64 = 400_000;
const KEPT: usize = 256;

/// Source files by their paths.
#[derive(Debug, Default)]
pub(crate) struct Files(HashMap<String, Arc<str>>);

impl Files {
    /// The text of a file; empty where it cannot be read, or is longer than what people write.
    pub(crate) fn text(&mut self, path: &str) -> Arc<str> {
        if let Some(text) = self.0.get(path) {
            return Arc::clone(text);
        }
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        let text: Arc<str> = read(path).unwrap_or_default().into();
        self.0.insert(path.to_owned(), Arc::clone(&text));
        text
    }

    /// A line of a file, counted from 1, without indent.
    pub(crate) fn line(&mut self, path: &str, line: u32) -> String {
        let text = self.text(path);
        let line = (line as usize)
            .checked_sub(1)
            .and_then(|line| text.lines().nth(line));
        line.unwrap_or_default().trim().to_owned()
    }
}

fn read(path: &str) -> Option<String> {
    // Only what lies there as a file: the path comes from the watched program.
    let is_file = Path::new(path).is_absolute() && Path::new(path).metadata().ok()?.is_file();
    let mut text = String::new();
    let file = is_file.then(|| File::open(path))?.ok()?;
    let count = file.take(LONGEST + 1).read_to_string(&mut text).ok()?;
    (count as u64 <= LONGEST).then_some(text)
}

/// Folders that hold the sources of Rust's libraries.
const RUST: [&str; 5] = [
    "/registry/src/",
    "/git/checkouts/",
    "/rustc/",
    "/lib/rustlib/src/",
    "/toolchains/",
];

/// The path of a file of a Rust library, from the library's name on.
pub(crate) fn short_of_library(path: &str) -> &str {
    let registry = path.rsplit_once(RUST[0]);
    // Behind it stands where the library came from.
    let rest = registry.and_then(|(_, rest)| rest.split_once('/'));
    let rest = rest.or_else(|| path.rsplit_once("/library/"));
    rest.map_or(path, |(_, rest)| rest)
}

/// Whether a file belongs to a library: it lies in one of these folders, or in none at all.
pub(crate) fn is_library(path: &str, prefix: &[String]) -> bool {
    let within = |folder: &String| {
        path.strip_prefix(folder.trim_end_matches('/'))
            .is_some_and(|rest| rest.starts_with('/'))
    };
    path.is_empty()
        || path.starts_with('<')
        || path.contains("/site-packages/")
        || path.contains("/dist-packages/")
        || RUST.iter().any(|folder| path.contains(folder))
        || prefix.iter().any(within)
}

/// The path of a file for people: below the folder the program runs in, where it lies there.
pub(crate) fn shown<'a>(path: &'a str, folder: &str) -> &'a str {
    let below = path.strip_prefix(folder.trim_end_matches('/'));
    below
        .and_then(|rest| rest.strip_prefix('/'))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(path)
}
