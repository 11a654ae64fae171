//! What is kept of the time before a trace began that is the end of a longer run.

use crate::findings::log::earlier::Earlier;
use crate::world::shared::Pool;

/// What is kept of the time before a trace began: counts, whose number the length of the run does not change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Before {
    /// What was found.
    pub(crate) findings: Vec<Earlier>,
    /// The pools as they stood last, that without a name first.
    pub(crate) pools: Vec<Pool>,
    /// How many events were lost.
    pub(crate) dropped: u64,
}
