//! A folder that a program has written by itself, without one who listened: all of it as one trace.

use std::path::Path;
use std::time::Duration;

use loopscope_trace::{EndReason, Trace};

use crate::listen::{Listener, now, story};
use crate::start::options::WatchError;

/// How long a process that still runs is looked at.
const LOOKS: usize = 3;

/// Reads the folder that was given to `loopscope.install`. Of processes that still run it has what they have done so far.
///
/// # Errors
/// Where no process has written a ring there.
pub fn read(folder: &Path, threshold: Duration) -> Result<Trace, WatchError> {
    let none = |cause: String| WatchError::NoRing {
        folder: folder.display().to_string(),
        cause,
    };
    std::fs::read_dir(folder).map_err(|error| none(error.to_string()))?;
    let mut trace = Trace::new(story(&folder.display().to_string(), threshold));
    let mut listener = Listener::new(folder.to_owned(), threshold, true);
    for _ in 0..LOOKS {
        trace.extend(listener.look(now(), None));
    }
    if !listener.found_any() {
        return Err(none("no file of it is one".to_owned()));
    }
    let reason = if listener.running().is_empty() {
        EndReason::Finished
    } else {
        EndReason::Stopped
    };
    trace.extend(listener.finish(now(), None, reason));
    Ok(trace)
}
