//! Child processes of the program, from their parent's side.
//!
//! *In:* a scenario, and jobs. *Out:* news for the collector, and how each job ended.
//! *Absent:* what a job does, and the order of events.
//! *Order:* child · pool · reader · start.

pub(crate) mod child;
pub(crate) mod pool;
pub(crate) mod reader;
pub(crate) mod start;
