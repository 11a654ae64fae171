//! What finds: one detector a kind, told of each event and of time.

use crate::findings::log::{Log, Now};
use crate::world::entries::Task;
use crate::world::state::State;
use loopscope_trace::{EventKind, Nanos};

/// From this length on, holding a loop and being kept from it are findings.
pub(crate) const LONG: Nanos = Nanos::from_millis(100);

/// Looks at the world after each event, and writes what it finds into the log.
pub(crate) trait Detector {
    /// An event has happened.
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log);

    /// A task has gone from one state to another.
    fn task_moved(&mut self, _now: Now, _task: &Task, _from: State, _log: &mut Log) {}

    /// When it finds something if nothing happens until then.
    fn due(&mut self) -> Option<Nanos> {
        None
    }

    /// Time has come to [`Self::due`].
    fn fire(&mut self, _now: Now, _log: &mut Log) {}
}
