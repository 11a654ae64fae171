//! What a row of the table of keys says: the key, the kind of its value, a sentence.

use crate::scenario::text::words;

/// What a file may name although nothing here knows it; a file is held against these words.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    /// The kinds of findings: `blocked-loop`.
    pub findings: &'static [&'static str],
    /// The panes of the screen: `output`.
    pub panes: &'static [&'static str],
}

/// The most repeats of one `repeat`.
pub(crate) const MAX_REPEATS: i64 = 100_000;
/// The most values that a broadcast keeps for a receiver.
pub(crate) const MAX_KEPT: i64 = 100_000;
/// The most futures that a `buffered` polls at once.
pub(crate) const MAX_AT_ONCE: i64 = 1_000;

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

/// What a key's value must be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
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
    /// A list of kinds of findings; `*` for all where the flag says so.
    Insights(bool),
    /// A list of panes, each at most once, at least one.
    Panes,
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

impl Kind {
    // table
    /// What a value of this kind is called: "`at` must be …".
    pub(crate) fn expected(self, vocabulary: Vocabulary) -> String {
        let text = match self {
            Kind::Text | Kind::Printed | Kind::Said | Kind::Label => "a string",
            Kind::Name | Kind::Id => "a name in quotes",
            Kind::Route => "a route such as \"/ping\"",
            Kind::Answer => "true or a string",
            Kind::Value | Kind::Initial => "a whole number or a string",
            Kind::Condition => "an expression such as \"{x == 3}\"",
            Kind::Size => "a size such as \"10kB\" or \"3MB\"",
            Kind::Times(..) => "a whole number or \"forever\"",
            Kind::Length | Kind::Wait => "a duration such as \"20ms\" or \"5s\"",
            Kind::Count(..) | Kind::Integer => "a whole number",
            Kind::Pace => "a number",
            Kind::Flag | Kind::Switch => "true or false",
            Kind::Yes => "true",
            Kind::OneOf(words) => return format!("one of {}", words::list(words)),
            Kind::Lines | Kind::Insights(_) => "a list of strings",
            Kind::Panes => return format!("a list of {}", words::list(vocabulary.panes)),
            Kind::Some(words) => return format!("a list of {}", words::list(words)),
            Kind::Names => "a list of names, as in [\"x\", \"y\"]",
            Kind::Into => "a name, or a list of names",
            Kind::Call => "a function's name, as in \"work\" or \"work(1)\"",
            Kind::Calls => "a list of functions, as in [\"slow\", \"quick\"]",
            Kind::Figures => "a table of names and figures, as in { id = 2 }",
            Kind::Steps => "a list of steps",
            Kind::Work => "a list of steps or a function's name",
            Kind::Elapsed => "seconds, as in \"10s\" or \"9s..12s\"",
            Kind::Figure => "a figure, as in 40 or \"60..75\"",
            Kind::Anchor => "a moment such as \"first blocked-loop\"",
            Kind::Rows(_) => "a list of tables",
            Kind::Row(_) => "a table",
        };
        text.to_owned()
    }
}

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) key: &'static str,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    pub(crate) say: &'static str,
}

/// A table of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    /// As a sentence calls it: `a function`.
    pub(crate) what: &'static str,
    pub(crate) fields: &'static [Field],
}

/// A step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepRow {
    pub(crate) key: &'static str,
    pub(crate) kind: Kind,
    /// Whether it needs the loop, so that a plain function cannot do it.
    pub(crate) awaits: bool,
    pub(crate) fields: &'static [Field],
    pub(crate) say: &'static str,
    /// A scenario line, for the documentation.
    pub(crate) shown: &'static str,
    /// What is true of it, for the checks of the whole program.
    pub(crate) facts: &'static [Fact],
}

/// What is true of every step of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// Scenario time passes in it, unless its length is zero.
    TakesTime,
    /// It may give its thread back while it waits.
    Waits,
    /// It goes on when the functions that it calls have ended.
    WaitsForCalls,
    /// It makes one task or job.
    Starts,
    /// It makes a task for each of its calls.
    StartsEach,
    /// Its length, where it has one, is a limit at which what it does is given up.
    Limits,
    /// Some step may be left out because of it.
    Skips,
    /// It runs work in a child process.
    Processes,
    /// It touches what the functions of a process share.
    Shares,
    /// It sends a piece of an answer.
    Chunks,
    /// It answers a request, in full or by a piece.
    Answers,
    /// It leaves the function.
    Leaves,
    /// It stops the server.
    Stops,
}

/// A key that a table must have.
pub(crate) const fn must(key: &'static str, kind: Kind, say: &'static str) -> Field {
    Field {
        key,
        kind,
        required: true,
        say,
    }
}

/// A key that a table may have.
pub(crate) const fn may(key: &'static str, kind: Kind, say: &'static str) -> Field {
    Field {
        required: false,
        ..must(key, kind, say)
    }
}

/// A table of the file; `what` as a sentence calls it.
pub(crate) const fn table(what: &'static str, fields: &'static [Field]) -> Table {
    Table { what, fields }
}

/// A step that every function can do: `say` what, `shown` as a line of a scenario.
pub(crate) const fn step(
    key: &'static str,
    kind: Kind,
    say: &'static str,
    shown: &'static str,
) -> StepRow {
    StepRow {
        key,
        kind,
        awaits: false,
        fields: &[],
        say,
        shown,
        facts: &[],
    }
}

impl StepRow {
    /// The same; it needs the loop.
    pub(crate) const fn awaits(self) -> Self {
        Self {
            awaits: true,
            ..self
        }
    }

    /// The same; this is true of it.
    pub(crate) const fn facts(self, facts: &'static [Fact]) -> Self {
        Self { facts, ..self }
    }

    /// The same; these keys stand beside its own.
    pub(crate) const fn fields(self, fields: &'static [Field]) -> Self {
        Self { fields, ..self }
    }
}
