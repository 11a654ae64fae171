//! 5b ON SCREEN: a timeline becomes frames, and keys become wishes.
//!
//! *In:* keys, a [`port::Port`], and the batches that it sends. *Out:* frames.
//! *Invariant:* `update` does no I/O and `view` changes nothing. *Absent on purpose:* tokio, the
//! engine, files: whatever the screen wants from outside goes through the port.

pub mod message;
pub mod port;
