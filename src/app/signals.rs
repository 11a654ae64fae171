//! Signals that ask the program to end.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use loopscope_tui::terminal::signals::is_ignored;

/// The number of the first signal since somewhere in this process began to listen; 0 before.
static SEEN: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// Notices the first signal.
#[derive(Debug)]
pub(crate) struct Signals {
    seen: Arc<AtomicUsize>,
}

impl Signals {
    /// Begins to listen; a second signal ends the process at once. Where the system refuses, a signal
    /// ends the process as ever.
    pub(crate) fn listen() -> Self {
        let again = Arc::new(AtomicBool::new(false));
        Self::to(&[SIGINT, SIGTERM, SIGHUP], |signal| {
            // The order matters: the shutdown looks at the flag before this signal sets it.
            let code = 128 + signal;
            drop(flag::register_conditional_shutdown(
                signal,
                code,
                Arc::clone(&again),
            ));
            drop(flag::register(signal, Arc::clone(&again)));
        })
    }

    /// Begins to listen to what ends a program that has Ctrl-C for something else.
    pub(crate) fn but_interrupt() -> Self {
        Self::to(&[SIGTERM, SIGHUP], |_| ())
    }

    /// Begins to listen for another program, which decides itself what a signal means to it.
    pub(crate) fn for_another() -> Self {
        Self::to(&[SIGINT, SIGTERM, SIGHUP], |_| ())
    }

    /// The number of a signal that has come since the last call.
    pub(crate) fn next(&self) -> Option<i32> {
        match self.seen.swap(0, Ordering::Relaxed) {
            0 => None,
            number => i32::try_from(number).ok(),
        }
    }

    fn to(signals: &[i32], before: impl Fn(i32)) -> Self {
        let seen = SEEN.get_or_init(|| {
            let seen = Arc::new(AtomicUsize::new(0));
            // `nohup` says that a lost terminal is no end.
            let ignored = |signal| signal == SIGHUP && is_ignored(signal);
            for &signal in signals.iter().filter(|&&signal| !ignored(signal)) {
                before(signal);
                if let Ok(number) = usize::try_from(signal) {
                    drop(flag::register_usize(signal, Arc::clone(&seen), number));
                }
            }
            seen
        });
        Self {
            seen: Arc::clone(seen),
        }
    }

    /// The number of the signal that has come, if one has.
    pub(crate) fn seen(&self) -> Option<i32> {
        number(&self.seen)
    }
}

/// The number of the signal that has come, where this process listens for one.
pub(crate) fn seen() -> Option<i32> {
    SEEN.get().and_then(|seen| number(seen))
}

fn number(seen: &AtomicUsize) -> Option<i32> {
    match seen.load(Ordering::Relaxed) {
        0 => None,
        number => i32::try_from(number).ok(),
    }
}
