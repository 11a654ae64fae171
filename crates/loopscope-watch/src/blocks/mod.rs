//! Who holds a thread for too long, where, and by what.
//!
//! *In:* what the threads of a process do since when. *Out:* samples: a call stack and a kind, the first one once a turn
//! is longer than the threshold, more while it lasts. *Absent:* what that does to others. In order: kind · noted · held.

pub(crate) mod held;
pub(crate) mod kind;
pub(crate) mod noted;
