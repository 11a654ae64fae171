//! Presenter notes between two terminals: where the sockets are, what is said, and who follows.
//!
//! *In:* sockets of other processes of this user, keys of the one who reads. *Out:* pages of notes.
//! Only a folder of one's own, closed to everybody else, is written to or trusted.
//! *Absent:* the network. *Order:* line, follow, offer.

pub(crate) mod follow;
pub(crate) mod line;
pub(crate) mod offer;
