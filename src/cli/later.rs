//! Stands in for neighbors that are still being built.

use std::path::Path;

use serde_json::{Value, json};

use crate::scenario::FileName;
use crate::timeline::Timeline;
use crate::trace::Detail;

pub(super) fn file_name(path: &Path) -> FileName {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let digits = stem.chars().take_while(char::is_ascii_digit).count();
    let (number, id) = stem.split_at(digits);
    FileName {
        id: id.trim_start_matches('-').to_owned(),
        number: number.to_owned(),
        folder: String::new(),
        path: path.display().to_string(),
    }
}

pub(super) fn schema() -> Value {
    json!({})
}

pub(super) fn detail() -> Detail {
    Detail::Full
}

pub(super) fn report(timeline: &Timeline) -> Value {
    json!({"format": 1, "scenario": timeline.story().id})
}

pub(super) fn push_event(text: &mut String, timeline: &Timeline, index: usize) {
    text.push_str(&format!("{:?}\n", timeline.trace().events[index]));
}

pub(super) fn summary(_timeline: &Timeline) -> String {
    String::new()
}
