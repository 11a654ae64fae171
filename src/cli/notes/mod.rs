//! Presenter notes between two terminals: where the sockets are, what is said, and who follows.
//!
//! *In:* sockets of other processes of this user, keys of the one who reads. *Out:* pages of notes.
//! *Invariant:* only a folder of one's own, closed to everybody else, is written to or trusted, and
//! whatever the other end sends, the worst that happens is that it is left.
//! *Absent on purpose:* the network: whoever wants notes on another machine has a shell for it.

mod command;
mod follow;
pub(super) mod line;
pub(super) mod place;

pub(super) use command::notes;
