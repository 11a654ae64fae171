//! Places in a trace, and the ones that are worth a pause.

use loopscope_trace::Nanos;

/// A place in a trace: a number of events applied, and time moved on to `at`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Scenario time.
    pub at: Nanos,
    /// How many events have been applied.
    pub applied: usize,
}

/// A place worth a pause: notes, findings and printed lines that fall together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// The first of them.
    pub(crate) from: Moment,
    /// The last of them, where one stands.
    pub(crate) at: Moment,
    /// A note is among them.
    pub(crate) says: bool,
}
