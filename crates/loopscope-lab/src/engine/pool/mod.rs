//! Where work is done: a job goes to a thread, in real or in computed time.
//!
//! *In:* a job, a length of time. *Out:* a handle that ends with the job. *Absent:* what the job does.
//! *Order:* virtual_pool · host.

pub(crate) mod host;
pub(crate) mod virtual_pool;
