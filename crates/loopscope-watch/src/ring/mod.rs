//! What a watched process has written about itself: read in bulk, without a lock, while it writes.
//!
//! *In:* the files of a process. *Out:* its records in order, what each of its threads does at this moment, and the texts
//! they name. Any bytes are read without harm: they come from a process that may be killed at any moment.
//! In order: kinds · head · slots · records · texts · process.

pub(crate) mod head;
pub(crate) mod kinds;
pub(crate) mod process;
pub(crate) mod records;
pub(crate) mod slots;
pub(crate) mod texts;
