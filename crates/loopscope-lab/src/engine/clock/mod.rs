//! How time passes and where work is done, really and computed.
//!
//! *In:* threads that sleep, compute or wait, and jobs for pools. *Out:* the scenario time, whose turn it
//! is, and a handle that ends with the job. *Absent:* what is done in a turn or in a job.
//! *Order:* cpu · iteration · participants · virtual_clock · timers · real_timers · gil · pool_threads ·
//! virtual_pool · host · virtual_host.

pub(crate) mod cpu;
pub(crate) mod gil;
pub(crate) mod host;
pub(crate) mod iteration;
pub(crate) mod participants;
pub(crate) mod pool_threads;
pub(crate) mod real_timers;
pub(crate) mod timers;
pub(crate) mod virtual_clock;
pub(crate) mod virtual_host;
pub(crate) mod virtual_pool;
