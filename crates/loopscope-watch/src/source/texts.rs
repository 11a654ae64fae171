//! Texts that a watched program names by number.

use std::sync::Arc;

/// What it has told by now.
pub(crate) trait Texts {
    /// The text of this number; `?` where there is none.
    fn get(&mut self, number: u64) -> Arc<str>;
}
