//! What several test binaries share.

pub mod stories;
pub mod traces;
