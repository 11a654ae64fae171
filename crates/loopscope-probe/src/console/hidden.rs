//! Keeps out of tokio-console's list what the program did not ask for: workers and root futures.

use std::fmt;
#[cfg(feature = "console")]
use std::sync::OnceLock;

#[cfg(feature = "console")]
use tracing::dispatcher::{DefaultGuard, Dispatch, set_default};

/// Takes the hidden spans and keeps nothing. Before there is a listener there is none, and nothing
/// is touched. `Dispatch::none` would not do: tracing does not count it, and so would ask it alone
/// about a place in the code that is first reached under it, and never ask again.
#[cfg(feature = "console")]
static DISCARDING: OnceLock<Dispatch> = OnceLock::new();

/// From now on there is something to hide.
#[cfg(all(tokio_unstable, feature = "console"))]
pub(crate) fn switch_on() {
    DISCARDING.get_or_init(|| Dispatch::new(tracing::subscriber::NoSubscriber::new()));
}

/// Whether tokio-console can attach to runtimes that are built from now on.
pub fn is_on() -> bool {
    #[cfg(feature = "console")]
    return DISCARDING.get().is_some();
    #[cfg(not(feature = "console"))]
    false
}

/// As long as it lives, what this thread spawns gets no row in tokio-console.
pub struct Hidden {
    #[cfg(feature = "console")]
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
        #[cfg(feature = "console")]
        _guard: DISCARDING.get().map(set_default),
    }
}
