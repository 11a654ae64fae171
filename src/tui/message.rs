//! Everything that can happen to the screen.

use crate::trace::Batch;

/// One thing that happened. Keys and mouse arrive in our own words, so that nothing but
/// `terminal` names crossterm.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// What the run with this number handed on.
    Batch {
        /// The number that was given to [`super::port::Port::run`].
        run: u32,
        /// The events.
        batch: Batch,
    },
}
