//! The Rust program: one `main.rs` on tokio alone.

use crate::scenario::listing::program::Program;

pub(super) fn write(_program: &Program<'_>) -> String {
    String::new()
}
