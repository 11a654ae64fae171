//! What the kernel tells of a process and its threads, as texts.
//!
//! *In:* files of `/proc`. *Out:* plain facts. In order: maps · thread · family · rights.

pub mod family;
pub mod maps;
pub mod rights;
pub mod thread;
