//! What several test binaries share.

pub mod shared;
pub mod stories;
pub mod traces;
