//! Programs that tell nothing by themselves: a tokio program is looked at from outside, every few milliseconds.
//!
//! *In:* processes that hold tokio, and what their threads do. *Out:* facts: parks, long polls, jobs, and by what a thread is
//! held. *Absent:* short polls, wakes, tasks that wait: nothing tells them. In order: state · thread · shown · side · found.

pub(crate) mod found;
mod shown;
pub(crate) mod side;
mod state;
pub(crate) mod thread;
