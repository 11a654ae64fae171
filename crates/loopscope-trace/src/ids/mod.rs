//! Dense ids, and scenario time.
//!
//! *In:* numbers. *Out:* a type a sort of thing, so that no two can be mixed up. *Absent:* what they
//! are the ids of. *Order:* id, time.

pub(crate) mod id;
pub(crate) mod time;
