//! What a stack means: whose files its lines stand in, and what tokio does there.
//!
//! *In:* functions and lines. *Out:* whose they are, what the thread is for and does, and whether a poll is still the same
//! one. In order: owner · name · work · ticks.

pub mod name;
pub mod owner;
pub(crate) mod ticks;
pub mod work;
