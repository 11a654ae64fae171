//! What tokio-console is told of what a thread spawns: nothing, where the program did not ask for it (workers and root
//! futures), or a place in the program's own words instead of the line of Rust that spawns it.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
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

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the file.
    pub file: Arc<str>,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
}

thread_local! {
    static PLACE: RefCell<Option<Place>> = const { RefCell::new(None) };
}

/// As long as it lives, what this thread spawns stands in tokio-console at the place that was told. It stays on its thread.
#[derive(Debug)]
pub struct Placed(PhantomData<*const ()>);

/// Tells the place of what this thread spawns next; none is the line of Rust.
pub fn placed(place: Option<Place>) -> Placed {
    put(place);
    Placed(PhantomData)
}

fn put(place: Option<Place>) {
    let _ = PLACE.try_with(|own| own.replace(place));
}

impl Drop for Placed {
    fn drop(&mut self) {
        put(None);
    }
}

/// The place of what this thread spawns now, where it was told.
#[cfg(all(tokio_unstable, feature = "console"))]
pub(crate) fn place() -> Option<Place> {
    PLACE.try_with(|own| own.borrow().clone()).ok().flatten()
}
