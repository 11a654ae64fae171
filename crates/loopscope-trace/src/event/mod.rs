//! What happened, one record an event.
//!
//! *In:* ids and times. *Out:* [`Event`](crate::Event)s, and a visitor over the ids that any of them
//! carries. *Absent:* what an event means. *Order:* actor, metric, kind, visit.

pub(crate) mod actor;
pub(crate) mod kind;
pub(crate) mod metric;
pub(crate) mod visit;
