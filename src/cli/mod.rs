//! 6 WHO ASKS: flags and files become calls of the layers above.
//!
//! *In:* arguments. *Out:* an exit code. *Invariant:* stdout carries results only.
//! *Absent on purpose:* anything that another layer could do.
