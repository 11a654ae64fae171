//! Words that the other crates decide.

/// Kinds of insight.
pub(crate) const INSIGHTS: &[&str] = &[
    "blocked-loop",
    "starved",
    "saturated-pool",
    "never-polled",
    "never-yields",
    "lost-update",
    "deadlock",
    "outlived-timeout",
    "gil-contention",
    "unfair-lock",
    "killed-process",
];
