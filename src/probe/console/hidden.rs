//! Keeps out of tokio-console's list what is not the scenario's: the workers and the root.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::dispatcher::{DefaultGuard, Dispatch, set_default};

/// While nobody can attach there is nothing to hide, and nothing is touched.
static ON: AtomicBool = AtomicBool::new(false);

#[cfg(tokio_unstable)]
pub(super) fn switch_on() {
    ON.store(true, Ordering::Release);
}

/// Whether tokio-console can attach to what is built from now on.
pub(super) fn is_on() -> bool {
    ON.load(Ordering::Acquire)
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
        _guard: is_on().then(|| set_default(&Dispatch::none())),
    }
}
