//! Who read and wrote what is shared, by lane, in order.

use std::collections::BTreeMap;

use crate::tracks::track::LaneId;
use loopscope_trace::Actor;

/// A read or a write of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The place of its event in the trace.
    pub event: u32,
    /// Whose write it wiped out, made since its own read.
    pub over: Option<Actor>,
}

/// The reads and writes of each lane that has any.
pub(crate) type Touches = BTreeMap<LaneId, Vec<Touch>>;
