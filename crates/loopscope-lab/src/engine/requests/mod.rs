//! What clients and server hand each other.
//!
//! *In:* a request. *Out:* its answer, settled once. *Absent:* when it is sent, and how it is served.
//! *Order:* open · command · incoming · reply.

pub(crate) mod command;
pub(crate) mod incoming;
pub(crate) mod open;
pub(crate) mod reply;
