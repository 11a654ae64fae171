//! SIGINT, SIGTERM and SIGHUP of a run without a screen: noticed, then the run ends in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// Notices the first signal; a second one ends the process at once.
#[derive(Debug)]
pub(super) struct Signals {
    seen: Arc<AtomicUsize>,
}

impl Signals {
    /// Begins to listen. Where the system refuses, a signal ends the process as ever.
    pub(super) fn listen() -> Self {
        let seen = Arc::new(AtomicUsize::new(0));
        let again = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let Ok(number) = usize::try_from(signal) else {
                continue;
            };
            // The order matters: the shutdown looks at the flag before this signal sets it.
            drop(flag::register_conditional_shutdown(
                signal,
                128 + signal,
                Arc::clone(&again),
            ));
            drop(flag::register(signal, Arc::clone(&again)));
            drop(flag::register_usize(signal, Arc::clone(&seen), number));
        }
        Self { seen }
    }

    /// The number of the signal that has come, if one has.
    pub(super) fn seen(&self) -> Option<i32> {
        match self.seen.load(Ordering::Relaxed) {
            0 => None,
            number => i32::try_from(number).ok(),
        }
    }
}
