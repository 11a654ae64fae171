//! Lets the reader of keys rest while another program has the terminal.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long one waits for a reader that does not answer: it may be over.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the reader stands.
#[derive(Debug, Default)]
struct State {
    /// It is to rest.
    wanted: bool,
    /// It reads nothing.
    rests: bool,
}

/// Between the screen and the reader.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    state: Mutex<State>,
    changed: Condvar,
}

impl Rest {
    /// Makes the reader rest; returns when it reads no more.
    pub fn begin(&self) {
        self.lock().wanted = true;
        // The reader sleeps until the terminal has something for it. A new size is such a thing.
        let process = rustix::process::getpid();
        let _ = rustix::process::kill_process(process, rustix::process::Signal::WINCH);
        let until = |state: &mut State| !state.rests;
        drop(
            self.changed
                .wait_timeout_while(self.lock(), PATIENCE, until),
        );
    }

    /// Lets the reader go on.
    pub fn end(&self) {
        self.lock().wanted = false;
        self.changed.notify_all();
    }

    /// The reader's side: returns at once unless it is to rest.
    pub fn pause(&self) {
        let mut state = self.lock();
        if !state.wanted {
            return;
        }
        state.rests = true;
        self.changed.notify_all();
        let waited = self.changed.wait_while(state, |state| state.wanted);
        waited.unwrap_or_else(PoisonError::into_inner).rests = false;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
