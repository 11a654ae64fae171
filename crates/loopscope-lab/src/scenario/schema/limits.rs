//! How much a scenario may hold, and how long it may run.

/// The most repeats of one `repeat`.
pub(crate) const MAX_REPEATS: i64 = 100_000;

/// The most requests of a scenario.
pub(crate) const MAX_REQUESTS: i64 = 10_000;

/// The most tasks and jobs of a run.
pub(crate) const MAX_TASKS: u64 = 100_000;

/// The most steps that a run may take.
pub(crate) const MAX_STEPS: u64 = 1_000_000;

/// The longest name, in characters.
pub(crate) const MAX_NAME: usize = 18;

/// How deep bodies may nest.
pub(crate) const MAX_DEPTH: usize = 16;

/// The longest duration, and the longest story, in seconds: a day.
pub(crate) const MAX_SECONDS: u64 = 86_400;

/// The longest text, in characters.
pub(crate) const MAX_TEXT: usize = 500;

/// The largest file, in bytes.
pub(crate) const MAX_BYTES: usize = 1 << 20;
