//! Sentences that are said in the caption's place.

use std::time::Duration;

/// A sentence in the caption's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// How long it still stays.
    pub left: Duration,
    /// It comes once: nothing but a key or its time takes it away.
    pub once: bool,
    /// It is true only while a loop is held at the live edge, and gives way to a note.
    pub of_block: bool,
}

/// Sentences that are said once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SaidOnce {
    /// What a pause is.
    pub pause: bool,
    /// That this screen is another thread.
    pub thread: bool,
    /// How tokio-console attaches.
    pub console: bool,
}
