//! The one table of everything that a scenario file may hold.
//!
//! *In:* nothing. *Out:* each key, the kind of its value, and a sentence. *Invariant:* parser,
//! "did you mean", JSON Schema and documentation are all read from it. *Absent on purpose:* what
//! the keys do.

mod steps;
mod tables;

pub(super) use steps::STEPS;
pub(super) use tables::ROOT;

/// What a key's value must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A sentence; line ends become spaces.
    Text,
    /// A line that is printed or answered; only knobs stand in it.
    Printed,
    /// A text with values in it.
    Said,
    /// `true`, or a text with values in it.
    Answer,
    /// A whole number, or a text with values in it.
    Value,
    /// An expression in braces.
    Condition,
    /// A whole number or a string.
    Initial,
    /// A name in both listings: letters, digits, `_`.
    Name,
    /// A name for the screen.
    Label,
    /// Another scenario's id.
    Id,
    /// Where clients reach a function: `/ping`.
    Route,
    /// `"20ms"`, `"5s"`.
    Length,
    /// `"20ms"`, `"{x}s"`.
    Wait,
    /// `"10kB"`, `"3MB"`.
    Size,
    /// A whole number from–to, or `"{knob}"`.
    Count(i64, i64),
    /// How often: a whole number from–to, `"{knob}"`, or `"forever"`.
    Times(i64, i64),
    /// A whole number in which no knob may stand.
    Integer,
    /// A number above zero.
    Pace,
    /// `true` or `false`.
    Flag,
    /// `true` or `false`, or `"{knob}"`, where 0 is false.
    Switch,
    /// `true`, for a step that needs no value.
    Yes,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of these words, each at most once, at least one.
    Some(&'static [&'static str]),
    /// A list of printed lines.
    Lines,
    /// A list of insight kinds; `*` for all where the flag says so.
    Insights(bool),
    /// A list of names.
    Names,
    /// A name, or a list of names.
    Into,
    /// A function, with arguments where it takes some: `work(1, {x})`.
    Call,
    /// A list of calls.
    Calls,
    /// A body.
    Steps,
    /// A body, or a call.
    Work,
    /// Seconds: `"10s"`, `"9s..12s"`, `10`.
    Elapsed,
    /// A figure: `40`, `"60..75"`.
    Figure,
    /// A table of names and figures.
    Figures,
    /// When a note is said: `first blocked-loop`.
    Anchor,
    /// Several tables.
    Rows(&'static Table),
    /// One table.
    Row(&'static Table),
}

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
