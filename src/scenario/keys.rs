//! The one table of everything that a scenario file may hold: parser, "did you mean", JSON Schema
//! and documentation are all read from it.
// table

/// What a key's value must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A sentence; line ends become spaces.
    Text,
    /// A line that is printed or answered.
    Printed,
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
    /// A whole number from–to, or `"{knob}"`.
    Count(i64, i64),
    /// A whole number in which no knob may stand.
    Integer,
    /// A number above zero.
    Pace,
    /// `true` or `false`.
    Flag,
    /// `true`, for a step that needs no value.
    Yes,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of printed lines.
    Lines,
    /// A list of insight kinds; `*` for all where the flag says so.
    Insights(bool),
    /// A list of functions.
    Names,
    /// A body.
    Steps,
    /// A body, or a function's name.
    Work,
    /// Seconds: `"10s"`, `"9s..12s"`, `10`.
    Elapsed,
    /// A figure: `40`, `"60..75"`.
    Figure,
    /// When a note is said: `first blocked-loop`.
    Anchor,
    /// Several tables.
    Rows(&'static Table),
    /// One table.
    Row(&'static Table),
    /// Known, but for a later version.
    Later,
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

const fn later(key: &'static str) -> Field {
    may(
        key,
        Kind::Later,
        "Known, but not supported by this version.",
    )
}

/// The most repeats of one `repeat`.
pub(super) const MAX_REPEATS: i64 = 100_000;
/// The most requests of a scenario.
pub(super) const MAX_REQUESTS: i64 = 10_000;
/// The most tasks and jobs of a run.
pub(super) const MAX_TASKS: u64 = 100_000;
/// The most steps that a run may take.
pub(super) const MAX_STEPS: u64 = 1_000_000;
/// How deep bodies may nest.
pub(super) const MAX_DEPTH: usize = 16;
/// The longest duration, and the longest story, in seconds: a day.
pub(super) const MAX_SECONDS: u64 = 86_400;
/// The longest text, in characters.
pub(super) const MAX_TEXT: usize = 500;
/// The largest file, in bytes.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// All steps, in the order in which the documentation lists them.
pub(super) const STEPS: &[StepRow] = &[
    StepRow {
        key: "print",
        kind: Kind::Printed,
        awaits: false,
        fields: &[],
        say: "Prints a line.",
        shown: "{ print = \"Hello\" }",
    },
    StepRow {
        key: "sleep",
        kind: Kind::Length,
        awaits: true,
        fields: &[],
        say: "Waits at an await for a timer; the loop is free meanwhile.",
        shown: "{ sleep = \"5s\" }",
    },
    StepRow {
        key: "block",
        kind: Kind::Length,
        awaits: false,
        fields: &[],
        say: "Sleeps on the thread and keeps it.",
        shown: "{ block = \"5s\" }",
    },
    StepRow {
        key: "cpu",
        kind: Kind::Length,
        awaits: false,
        fields: &[],
        say: "Computes for so much CPU time and keeps the thread.",
        shown: "{ cpu = \"40ms\" }",
    },
    StepRow {
        key: "yield",
        kind: Kind::Yes,
        awaits: true,
        fields: &[],
        say: "Gives way once.",
        shown: "{ yield = true }",
    },
    StepRow {
        key: "spawn_blocking",
        kind: Kind::Work,
        awaits: true,
        fields: &[may(
            "detach",
            Kind::Flag,
            "Leaves the job running and goes on.",
        )],
        say: "Runs a body or a plain function on the pool and awaits it.",
        shown: "{ spawn_blocking = [ { block = \"5s\" } ] }",
    },
    StepRow {
        key: "spawn",
        kind: Kind::Name,
        awaits: true,
        fields: &[
            may("as", Kind::Name, "What `await` calls the task."),
            may("detach", Kind::Flag, "The task is never awaited."),
        ],
        say: "Puts an async function on the loop as a task and goes on.",
        shown: "{ spawn = \"work\", as = \"job\" }",
    },
    StepRow {
        key: "await",
        kind: Kind::Name,
        awaits: true,
        fields: &[],
        say: "Waits for a task that was spawned in the same body.",
        shown: "{ await = \"job\" }",
    },
    StepRow {
        key: "call",
        kind: Kind::Name,
        awaits: false,
        fields: &[],
        say: "Calls a function in place; an async one is awaited.",
        shown: "{ call = \"work\" }",
    },
    StepRow {
        key: "gather",
        kind: Kind::Names,
        awaits: true,
        fields: &[],
        say: "Runs async functions as tasks at the same time and waits for all.",
        shown: "{ gather = [\"slow\", \"quick\"] }",
    },
    StepRow {
        key: "repeat",
        kind: Kind::Count(1, MAX_REPEATS),
        awaits: false,
        fields: &[must("do", Kind::Steps, "What is repeated.")],
        say: "Does a body so many times.",
        shown: "{ repeat = 3, do = [ { print = \"again\" } ] }",
    },
    StepRow {
        key: "respond",
        kind: Kind::Printed,
        awaits: false,
        fields: &[],
        say: "Answers the request and leaves the function.",
        shown: "{ respond = \"pong\" }",
    },
    StepRow {
        key: "return",
        kind: Kind::Yes,
        awaits: false,
        fields: &[],
        say: "Leaves the function.",
        shown: "{ return = true }",
    },
];

/// Steps that the format has a word for, but this version cannot play yet.
pub(super) const LATER_STEPS: &[&str] = &[
    "abort",
    "as_completed",
    "background",
    "block_in_place",
    "block_on",
    "chunk",
    "create",
    "if",
    "join",
    "lock",
    "process",
    "read",
    "read_file",
    "recv",
    "select",
    "send",
    "stop",
    "timeout",
    "write",
];

/// Kinds of insight, and whether this version finds them.
pub(super) const INSIGHTS: &[(&str, bool)] = &[
    ("blocked-loop", true),
    ("starved", true),
    ("saturated-pool", true),
    ("never-polled", true),
    ("never-yields", true),
    ("lost-update", false),
    ("deadlock", false),
    ("outlived-timeout", false),
    ("gil-contention", false),
    ("unfair-lock", false),
];

/// The whole file.
pub(super) const ROOT: Table = Table {
    what: "a scenario",
    fields: &[
        must("title", Kind::Text, "One line, as the menu shows it."),
        may("asks", Kind::Text, "The question; never its answer."),
        may("shows", Kind::Text, "The answer, in one sentence."),
        may("contrast", Kind::Id, "The scenario to put beside this one."),
        may(
            "remedy",
            Kind::Text,
            "What to change in one's own code, in one sentence.",
        ),
        may(
            "speed",
            Kind::Pace,
            "Scenario seconds in a wall second; 1 unless told.",
        ),
        may(
            "limit",
            Kind::Length,
            "The run is stopped when it reaches this moment.",
        ),
        may("runtime", Kind::Row(&RUNTIME), "The server's shape."),
        must(
            "function",
            Kind::Rows(&FUNCTION),
            "What can be run: handlers and helpers.",
        ),
        may("client", Kind::Rows(&CLIENT), "Who sends requests."),
        may(
            "start",
            Kind::Rows(&START),
            "Tasks put on the loop at a moment, for programs that are no server.",
        ),
        may("knob", Kind::Rows(&KNOB), "Numbers that may be turned."),
        may(
            "note",
            Kind::Rows(&NOTE),
            "Sentences said when the trace gets there.",
        ),
        may("predict", Kind::Rows(&PREDICT), "Asked before the run."),
        may(
            "expect",
            Kind::Row(&EXPECT),
            "What the run must show; proved by `loopscope check`.",
        ),
        later("variable"),
        later("channel"),
        later("lock"),
        later("pool"),
        later("loop"),
    ],
};

const RUNTIME: Table = Table {
    what: "[runtime]",
    fields: &[
        may(
            "loop",
            Kind::OneOf(&["current_thread", "multi_thread"]),
            "One thread that polls, as asyncio has it, or several.",
        ),
        may(
            "worker_threads",
            Kind::Count(1, 64),
            "How many threads poll; `multi_thread` only.",
        ),
        may(
            "pool_threads",
            Kind::Count(1, 512),
            "The blocking pool's size; 40 unless told.",
        ),
        may(
            "processes",
            Kind::Count(1, 64),
            "Whole copies of the server; only 1 in this version.",
        ),
        may(
            "gil",
            Kind::Flag,
            "Model of CPython's lock; only false in this version.",
        ),
        may(
            "eager_driver_handoff",
            Kind::Flag,
            "tokio's own switch; only false in this version.",
        ),
    ],
};

const FUNCTION: Table = Table {
    what: "a function",
    fields: &[
        must("name", Kind::Name, "Its name in both listings."),
        may("route", Kind::Route, "Where clients reach it."),
        may(
            "async",
            Kind::Flag,
            "true unless told; false: dispatched to the pool, as FastAPI does with plain def.",
        ),
        must("body", Kind::Steps, "Its steps in order."),
        later("depends"),
        later("params"),
        later("on"),
    ],
};

const CLIENT: Table = Table {
    what: "a client",
    fields: &[
        must("name", Kind::Label, "Its name on the screen."),
        must("requests", Kind::Rows(&REQUEST), "What it sends, and when."),
        later("timeout"),
        later("leaves"),
    ],
};

const REQUEST: Table = Table {
    what: "a request",
    fields: &[
        must("route", Kind::Route, "The route of a function."),
        may("at", Kind::Length, "When it is sent; 0s unless told."),
        may(
            "times",
            Kind::Count(1, MAX_REQUESTS),
            "How many are sent; all at once unless `every` is there.",
        ),
        may(
            "every",
            Kind::Length,
            "The time between two; needs `times`.",
        ),
        may(
            "connection",
            Kind::OneOf(&["own", "shared"]),
            "`own`: each request has its own; only that in this version.",
        ),
    ],
};

const START: Table = Table {
    what: "a start",
    fields: &[
        must("run", Kind::Name, "The async function that it runs."),
        may("at", Kind::Length, "When; 0s unless told."),
        later("on"),
    ],
};

const KNOB: Table = Table {
    what: "a knob",
    fields: &[
        must(
            "name",
            Kind::Name,
            "Stands as {name} in texts, durations and numbers.",
        ),
        must("default", Kind::Integer, "Its value unless turned."),
        must("min", Kind::Integer, "Its smallest value."),
        must("max", Kind::Integer, "Its largest value."),
    ],
};

const NOTE: Table = Table {
    what: "a note",
    fields: &[
        must(
            "when",
            Kind::Anchor,
            "The moment: `start`, `first blocked-loop`, `second output \"bye\"` …",
        ),
        must("say", Kind::Text, "The sentence."),
    ],
};

const PREDICT: Table = Table {
    what: "a question",
    fields: &[
        must("ask", Kind::Text, "The question."),
        must(
            "options",
            Kind::Rows(&OPTION),
            "3 to 5 answers, exactly one of them right.",
        ),
    ],
};

const OPTION: Table = Table {
    what: "an option",
    fields: &[
        must("say", Kind::Text, "The answer's words."),
        may(
            "reply",
            Kind::Text,
            "What to say to somebody who chose it; every wrong one has it.",
        ),
        may("right", Kind::Flag, "Whether it is the right one."),
        may(
            "lines",
            Kind::Lines,
            "The lines that it predicts, where `say` does not list them.",
        ),
    ],
};

const EXPECT: Table = Table {
    what: "[expect]",
    fields: &[
        may("output", Kind::Lines, "The printed lines, in order."),
        may(
            "output_any_order",
            Kind::Lines,
            "The printed lines, in any order.",
        ),
        may(
            "timeline",
            Kind::Rows(&TIMELINE),
            "Lines that must be printed at a moment.",
        ),
        may(
            "elapsed",
            Kind::Elapsed,
            "From the first request or start to the last end.",
        ),
        may(
            "insights",
            Kind::Insights(false),
            "Kinds that must be found.",
        ),
        may(
            "no_insights",
            Kind::Insights(true),
            "Kinds that must not be found; `*` for all.",
        ),
        may("peak", Kind::Row(&PEAK), "The largest figures of the run."),
        may("requests", Kind::Figure, "How many are answered."),
        may(
            "outcome",
            Kind::OneOf(&["finished", "unfinished"]),
            "`unfinished` for a run that its limit stops.",
        ),
        may("needs", Kind::Row(&NEEDS), "What it only makes sense with."),
        later("variables"),
        later("distinct"),
    ],
};

const TIMELINE: Table = Table {
    what: "a moment of the timeline",
    fields: &[
        must("at", Kind::Length, "The moment."),
        must("text", Kind::Printed, "The line."),
    ],
};

const PEAK: Table = Table {
    what: "peak",
    fields: &[
        may("pool_threads", Kind::Figure, "Jobs on pool threads."),
        may("pool_queue", Kind::Figure, "Jobs queued for the pool."),
        may("ready", Kind::Figure, "Tasks that were ready."),
        may("backlog", Kind::Figure, "Requests in the backlog."),
        may("tasks", Kind::Figure, "Tasks alive."),
    ],
};

const NEEDS: Table = Table {
    what: "needs",
    fields: &[must(
        "cores",
        Kind::Count(1, 1024),
        "The least number of cores.",
    )],
};

/// The row of a step.
pub(super) fn step(key: &str) -> Option<&'static StepRow> {
    STEPS.iter().find(|row| row.key == key)
}
