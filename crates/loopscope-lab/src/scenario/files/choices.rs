//! Where a scenario comes from, and what is chosen for its run.

use std::path::Path;

use loopscope_trace::Clock;

/// Where a scenario comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileName {
    /// The stem without its number: `blocking-sleep`.
    pub id: String,
    /// The number in front: `02`; may be empty.
    pub number: String,
    /// The folder's title: `the loop`; empty outside our own folders.
    pub folder: String,
    /// The path as diagnostics show it.
    pub path: String,
}

/// What is chosen for a run of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Values of knobs; the others keep their defaults.
    pub knobs: Vec<(String, i64)>,
    /// Scenario seconds in a wall second; the file's own pace unless told.
    pub speed: Option<f64>,
    /// How time passes.
    pub clock: Clock,
    /// Seeds tokio's own random choices.
    pub seed: u64,
}

impl FileName {
    /// The name of a file that is not one of ours: `my/02-blocking-sleep.toml` has the id `blocking-sleep`.
    pub fn from_path(path: &Path) -> Self {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let digits = stem.len() - stem.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, id) = match stem[digits..].strip_prefix('-') {
            Some(id) if digits > 0 && !id.is_empty() => (&stem[..digits], id),
            _ => ("", &*stem),
        };
        Self {
            id: id.to_owned(),
            number: number.to_owned(),
            folder: String::new(),
            path: path.display().to_string(),
        }
    }
}
