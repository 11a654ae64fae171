//! Time: a raw reading becomes a moment of the run.
//!
//! *In:* readings of the processor's counter, or of a clock that the program sets. *Out:*
//! nanoseconds since the start of the run. *Absent on purpose:* sleeping. *Order:* `virtual_time` · `run_clock`.

pub(crate) mod run_clock;
pub(crate) mod virtual_time;
