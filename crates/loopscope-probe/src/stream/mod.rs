//! The stream: a thread of its own takes the records out of the lanes and writes them to whoever watches.
//!
//! *In:* lanes, texts by number. *Out:* frames on a socket, as `docs/stream.md` has them. *Invariant:* the program never
//! waits: where the reader is slow, records stay in their lanes and the newest are lost and counted. *Absent on purpose:*
//! tokio, and what the records mean. *Order:* `texts` · `address` · `link` · `wire` · `alive` · `time` · `scan` · `thread`.

pub(crate) mod address;
pub(crate) mod alive;
pub(crate) mod link;
pub(crate) mod scan;
pub(crate) mod texts;
pub(crate) mod thread;
pub(crate) mod time;
pub(crate) mod wire;
