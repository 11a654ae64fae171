//! The server: a request becomes a task, and the task answers.
//!
//! *In:* requests of the backlog, or of a shared listener. *Out:* handler tasks and their answers.
//! *Absent:* who asks, and when.
//! *Order:* accept.

pub(crate) mod accept;
