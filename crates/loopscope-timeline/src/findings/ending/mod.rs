//! Findings about how things end, or do not: limits, errors, processes, the program itself.
//!
//! *In:* events, the world, the lanes. *Out:* findings. *Absent:* what is merely awaited for long.
//!
//! In order: `never_ends` · `kept_open` · `outlived_timeout` · `killed_process` · `lapsed`.

pub(crate) mod kept_open;
pub(crate) mod killed_process;
pub(crate) mod lapsed;
pub(crate) mod never_ends;
pub(crate) mod outlived_timeout;
