//! Keeps out of tokio-console's list what is not the scenario's: the workers and the root.

use std::fmt;
use std::sync::OnceLock;

use tracing::dispatcher::{DefaultGuard, Dispatch, set_default};

/// Who takes the hidden spans and tells nobody. While nobody can attach there is none, and nothing
/// is touched. `Dispatch::none` would not do: tracing does not count it, and so would ask it alone
/// about a place in the code that is first reached under it, and never ask again.
static NOBODY: OnceLock<Dispatch> = OnceLock::new();

/// From now on there is something to hide.
#[cfg(tokio_unstable)]
pub(super) fn switch_on() {
    NOBODY.get_or_init(|| Dispatch::new(tracing::subscriber::NoSubscriber::new()));
}

/// Whether tokio-console can attach to what is built from now on.
pub(super) fn is_on() -> bool {
    NOBODY.get().is_some()
}

/// As long as it lives, what this thread spawns gets no row in tokio-console.
pub struct Hidden {
    _guard: Option<DefaultGuard>,
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden")
    }
}

/// Hides what this thread spawns: a runtime's workers, which are jobs of its pool, and the future
/// that `block_on` drives. Dropped inside that future, it hides the future and not its tasks.
pub fn hide() -> Hidden {
    Hidden {
        _guard: NOBODY.get().map(set_default),
    }
}
