//! The one table of everything that a scenario file may hold.
//!
//! *In:* nothing. *Out:* each key, the kind of its value, and a sentence. *Invariant:* parser,
//! "did you mean", JSON Schema and documentation are all read from it. *Absent on purpose:* what
//! the keys do.

mod kind;
mod playlist;
mod steps;
mod tables;

pub(super) use kind::Kind;
pub(super) use playlist::PLAYLIST;
pub(super) use steps::STEPS;
pub(super) use tables::ROOT;

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) say: &'static str,
}

/// A table of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// As a sentence calls it: `a function`.
    pub(super) what: &'static str,
    pub(super) fields: &'static [Field],
}

/// A step.
#[derive(Clone, Copy, Debug)]
pub(super) struct StepRow {
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    /// Whether it needs the loop, so that a plain function cannot do it.
    pub(super) awaits: bool,
    pub(super) fields: &'static [Field],
    pub(super) say: &'static str,
    /// A scenario line, for the documentation.
    pub(super) shown: &'static str,
}

const fn must(key: &'static str, kind: Kind, say: &'static str) -> Field {
    Field {
        key,
        kind,
        required: true,
        say,
    }
}

const fn may(key: &'static str, kind: Kind, say: &'static str) -> Field {
    Field {
        key,
        kind,
        required: false,
        say,
    }
}

/// The most repeats of one `repeat`.
pub(super) const MAX_REPEATS: i64 = 100_000;
/// The most requests of a scenario.
pub(super) const MAX_REQUESTS: i64 = 10_000;
/// The most tasks and jobs of a run.
pub(super) const MAX_TASKS: u64 = 100_000;
/// The most steps that a run may take.
pub(super) const MAX_STEPS: u64 = 1_000_000;
/// The longest name, in characters.
pub(super) const MAX_NAME: usize = 18;
/// How deep bodies may nest.
pub(super) const MAX_DEPTH: usize = 16;
/// The longest duration, and the longest story, in seconds: a day.
pub(super) const MAX_SECONDS: u64 = 86_400;
/// The longest text, in characters.
pub(super) const MAX_TEXT: usize = 500;
/// The largest file, in bytes.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// Kinds of insight.
pub(super) const INSIGHTS: &[&str] = &[
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

/// The row of a step.
pub(super) fn step(key: &str) -> Option<&'static StepRow> {
    STEPS.iter().find(|row| row.key == key)
}
