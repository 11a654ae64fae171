//! The folders of loopscope in the user's home: what is kept, what is set, what is theirs.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::{fs, io};

use etcetera::BaseStrategy;

use crate::app::files::places;
use loopscope_lab::engine::Program;

/// The name of our folder in each of the base folders.
const OWN: &str = "loopscope";

/// Where what happened is kept (progress, the log): `$XDG_STATE_HOME/loopscope`, else
/// `~/.local/state/loopscope`. `None` without a home: nothing is kept then.
pub(crate) fn state_dir() -> Option<PathBuf> {
    let base = base("XDG_STATE_HOME", |base| {
        base.state_dir().unwrap_or_else(|| base.cache_dir())
    });
    Some(base?.join(OWN))
}

/// Where what the user sets stands: `$XDG_CONFIG_HOME/loopscope`, else `~/.config/loopscope`.
pub(crate) fn config_dir() -> Option<PathBuf> {
    Some(base("XDG_CONFIG_HOME", |base| base.config_dir())?.join(OWN))
}

/// Where the user's own scenarios stand: `$XDG_DATA_HOME/loopscope/scenarios`, else
/// `~/.local/share/loopscope/scenarios`.
pub(crate) fn data_dir() -> Option<PathBuf> {
    let base = base("XDG_DATA_HOME", |base| base.data_dir())?;
    Some(base.join(OWN).join("scenarios"))
}

/// The variable says it even where there is no home. A relative path is none: our files would be in
/// whatever folder one stands in.
fn base(variable: &str, of: impl Fn(&dyn BaseStrategy) -> PathBuf) -> Option<PathBuf> {
    let set = std::env::var_os(variable).map(PathBuf::from);
    set.filter(|path| path.is_absolute()).or_else(|| {
        let strategy = etcetera::choose_base_strategy().ok()?;
        Some(of(&strategy)).filter(|path| path.is_absolute())
    })
}

/// This program; none where the system does not say where its file lies.
pub(crate) fn program() -> Option<Program> {
    let program = std::env::current_exe().ok()?;
    // The file may have been replaced since; this link still leads to what runs.
    let link = PathBuf::from("/proc/self/exe");
    Some(Program(if program.exists() || !link.exists() {
        program
    } else {
        link
    }))
}

/// Where the log is; `None` without a home directory.
pub(crate) fn log_file() -> Option<PathBuf> {
    Some(places::state_dir()?.join("loopscope.log"))
}

/// Adds every panic of this process to the log, and says it as ever.
pub(crate) fn keep_panics() {
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
    let Some(path) = log_file() else { return };
    if let Some(folder) = path.parent() {
        drop(make_folder(folder));
    }
    if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(path) {
        drop(writeln!(file, "{text}"));
    }
}

/// A path with `~` for the home.
pub(crate) fn short(path: &Path) -> String {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let below = home
        .filter(|home| home.is_absolute() && home.parent().is_some())
        .and_then(|home| path.strip_prefix(home).ok());
    match below {
        Some(below) if below == Path::new("") => "~".to_owned(),
        Some(below) => format!("~/{}", below.display()),
        None => path.display().to_string(),
    }
}

/// Makes a folder that only its owner may look into, as base folders are to be made.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}
