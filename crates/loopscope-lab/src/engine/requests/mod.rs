//! Requests: how the server answers them, and the clients that send them.
//!
//! *In:* requests of the backlog or of a shared listener; what the clients will send, and when.
//! *Out:* handler tasks and their answers; requests in the backlog. *Absent:* the steps of a handler.
//! *Order:* generators · accept · shared_listener · connections · clients.

pub(crate) mod accept;
pub(crate) mod clients;
pub(crate) mod connections;
pub(crate) mod generators;
pub(crate) mod shared_listener;
