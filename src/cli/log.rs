//! The log file: panics are kept there, because a screen may have painted over them.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use super::{atomic, places};

/// Where the log is; `None` without a home directory.
pub(super) fn path() -> Option<PathBuf> {
    Some(places::state_dir()?.join("loopscope.log"))
}

/// Adds every panic of this process to the log, and says it as ever.
pub(super) fn keep_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        append(&format!(
            "thread {}: {panic}",
            thread.name().unwrap_or("without a name")
        ));
        before(panic);
    }));
}

fn append(text: &str) {
    let Some(path) = path() else { return };
    if let Some(folder) = path.parent() {
        drop(atomic::make_folder(folder));
    }
    if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(path) {
        drop(writeln!(file, "{text}"));
    }
}
