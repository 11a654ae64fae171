//! What several test binaries share.

pub mod alone;
pub mod play;
pub mod shared;
pub mod stories;
pub mod terminal;
pub mod traces;
