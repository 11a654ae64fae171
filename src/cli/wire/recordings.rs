//! Who waits for recordings: the last run's is the one that stays.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::cli::failure::Failure;

/// The threads that forward runs and finish their recordings; the last one waits for the others.
#[derive(Clone, Default)]
pub(super) struct Recordings {
    pub(super) last: Arc<Mutex<Option<JoinHandle<()>>>>,
    pub(super) failed: Arc<Mutex<Option<Failure>>>,
}

impl Recordings {
    /// Waits for the last run to end, and says what went wrong with its recording.
    pub(super) fn settle(self) -> Result<(), Failure> {
        if let Some(thread) = take(&self.last) {
            drop(thread.join());
        }
        take(&self.failed).map_or(Ok(()), Err)
    }
}

pub(super) fn take<T>(place: &Mutex<Option<T>>) -> Option<T> {
    place.lock().unwrap_or_else(PoisonError::into_inner).take()
}

pub(super) fn put<T>(place: &Mutex<Option<T>>, value: Option<T>) {
    *place.lock().unwrap_or_else(PoisonError::into_inner) = value;
}
