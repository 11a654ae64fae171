//! The folders of loopscope in the user's home: what is kept, what is set, what is theirs.

use std::path::PathBuf;

use etcetera::BaseStrategy;

/// The name of our folder in each of the base folders.
const OWN: &str = "loopscope";

/// Where what happened is kept (progress, the log): `$XDG_STATE_HOME/loopscope`, else
/// `~/.local/state/loopscope`. `None` without a home: nothing is kept then.
pub(super) fn state_dir() -> Option<PathBuf> {
    let base = base("XDG_STATE_HOME", |base| {
        base.state_dir().unwrap_or_else(|| base.cache_dir())
    });
    Some(base?.join(OWN))
}

/// Where what the user sets stands: `$XDG_CONFIG_HOME/loopscope`, else `~/.config/loopscope`.
pub(super) fn config_dir() -> Option<PathBuf> {
    Some(base("XDG_CONFIG_HOME", |base| base.config_dir())?.join(OWN))
}

/// Where the user's own scenarios stand: `$XDG_DATA_HOME/loopscope/scenarios`, else
/// `~/.local/share/loopscope/scenarios`.
pub(super) fn data_dir() -> Option<PathBuf> {
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
