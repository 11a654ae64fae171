//! What is seen of a process from outside, without its help: what holds a thread, who waits at its sockets, where a thread is.
//!
//! *In:* files of `/proc`, and what faulthandler answers. *Out:* plain facts. Linux only: elsewhere nothing is seen, and
//! a block has no kind. In order: frames · syscalls · thread · connections · backlog · stack · alive.

pub(crate) mod alive;
pub(crate) mod backlog;
pub mod connections;
pub mod frames;
pub(crate) mod stack;
pub mod syscalls;
pub mod thread;
