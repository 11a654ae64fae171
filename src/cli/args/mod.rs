//! The flags: what clap reads.
//!
//! *In:* the words of a command line. *Out:* [`Args`](args::Args), or one sentence about what is wrong
//! with them. Every flag has one home, and one meaning in all commands. *Absent:* what a command does.
//! *Order:* run, watch, others, args.

pub(crate) mod args;
pub(crate) mod others;
pub(crate) mod run;
pub(crate) mod watch;
