//! The atomics of a lane; a model of it has others in their place.

pub(crate) use std::sync::atomic::{AtomicU64, Ordering};
