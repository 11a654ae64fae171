//! Recording: a call on any thread becomes a fact in that thread's ring.
//!
//! *In:* events of the program and of tokio's hooks. *Out:* rings of time-stamped facts; texts by
//! id. *Invariant:* noting a fact never waits and never allocates; a full ring counts what it
//! loses. *Absent on purpose:* any order between threads.
//! *Order:* `fact` · `ring` · `slot` · `core` · `current` · `thread` · `recorder`.

pub(crate) mod core;
pub(crate) mod current;
pub(crate) mod fact;
pub(crate) mod recorder;
pub(crate) mod ring;
pub(crate) mod slot;
pub(crate) mod thread;

pub use fact::{Fact, Record};
pub use ring::{Lost, Reader, Writer, ring};
