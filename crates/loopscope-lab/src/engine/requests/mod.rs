//! What clients and server hand each other.
//!
//! *In:* a request. *Out:* its answer, settled once. *Absent:* when it is sent, and how it is served.
//! *Order:* command · incoming.

pub(crate) mod command;
pub(crate) mod incoming;
