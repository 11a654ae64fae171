//! All steps: the key, what it takes, and what it does.

// table

use crate::scenario::schema::row::{Fact, Kind, MAX_REPEATS, StepRow, Table, may, must};

/// All steps, in the order in which the documentation lists them.
#[rustfmt::skip]
pub(crate) const STEPS: &[StepRow] = &[
    StepRow {
        key: "print", kind: Kind::Said, awaits: false, facts: &[],
        fields: &[],
        say: "Prints a line.",
        shown: "{ print = \"Hello\" }",
    },
    StepRow {
        key: "sleep", kind: Kind::Wait, awaits: true, facts: &[Fact::TakesTime, Fact::Waits],
        fields: &[],
        say: "Waits at an await for a timer; the loop is free meanwhile.",
        shown: "{ sleep = \"5s\" }",
    },
    StepRow {
        key: "block", kind: Kind::Wait, awaits: false, facts: &[Fact::TakesTime],
        fields: &[],
        say: "Sleeps on the thread and keeps it.",
        shown: "{ block = \"5s\" }",
    },
    StepRow {
        key: "cpu", kind: Kind::Wait, awaits: false, facts: &[Fact::TakesTime],
        fields: &[],
        say: "Computes for so much CPU time and keeps the thread.",
        shown: "{ cpu = \"40ms\" }",
    },
    StepRow {
        key: "yield", kind: Kind::Yes, awaits: true, facts: &[Fact::Waits],
        fields: &[],
        say: "Gives way once.",
        shown: "{ yield = true }",
    },
    StepRow {
        key: "spawn_blocking", kind: Kind::Work, awaits: true, facts: &[Fact::Waits, Fact::Starts],
        fields: &[
            may("detach", Kind::Flag, "Leaves the job running and goes on."),
            may("pool", Kind::Name, "The `[[pool]]` that runs it; the default one unless told."),
            may("as", Kind::Name, "What `await` and `abort` call the job; it is not awaited here."),
        ],
        say: "Runs a body or a plain function on a pool and awaits it.",
        shown: "{ spawn_blocking = [ { block = \"5s\" } ] }",
    },
    StepRow {
        key: "process", kind: Kind::Work, awaits: true, facts: &[Fact::Waits, Fact::Starts, Fact::Limits, Fact::Processes],
        fields: &[
            may("limit", Kind::Wait, "The child is killed after so long."),
            may("else", Kind::Steps, "What is done where the child was killed."),
        ],
        say: "Runs a body or a plain function on the pool of child processes and awaits it.",
        shown: "{ process = [ { cpu = \"1s\" } ] }",
    },
    StepRow {
        key: "spawn", kind: Kind::Call, awaits: true, facts: &[Fact::Starts],
        fields: &[
            may("as", Kind::Name, "What `await` and `abort` call the task."),
            may("detach", Kind::Flag, "The task is never awaited."),
            may("on", Kind::Name, "The `[[loop]]` that runs it; this one unless told."),
        ],
        say: "Puts an async function on the loop as a task and goes on.",
        shown: "{ spawn = \"work\", as = \"job\" }",
    },
    StepRow {
        key: "await", kind: Kind::Name, awaits: true, facts: &[Fact::TakesTime, Fact::Waits],
        fields: &[may("into", Kind::Name, "The local that gets the result.")],
        say: "Waits for a task or job that was started in the same function; a coroutine that was made there runs in place.",
        shown: "{ await = \"job\" }",
    },
    StepRow {
        key: "call", kind: Kind::Call, awaits: false, facts: &[Fact::Waits],
        fields: &[may("into", Kind::Name, "The local that gets the result.")],
        say: "Calls a function in place; an async one is awaited.",
        shown: "{ call = \"work\" }",
    },
    StepRow {
        key: "create", kind: Kind::Call, awaits: true, facts: &[Fact::Starts, Fact::Skips],
        fields: &[may("as", Kind::Name, "What `await` calls the coroutine.")],
        say: "Makes the coroutine of an async function and does not start it.",
        shown: "{ create = \"work\" }",
    },
    StepRow {
        key: "gather", kind: Kind::Calls, awaits: true, facts: &[Fact::Waits, Fact::StartsEach],
        fields: &[may("into", Kind::Into, "The locals that get the results, one a call.")],
        say: "Runs async functions as tasks at the same time and waits for all.",
        shown: "{ gather = [\"slow\", \"quick\"] }",
    },
    StepRow {
        key: "as_completed", kind: Kind::Calls, awaits: true, facts: &[Fact::Waits, Fact::StartsEach],
        fields: &[
            must("do", Kind::Steps, "What is done for each that ends."),
            may("into", Kind::Name, "The local that gets its result."),
        ],
        say: "Runs async functions as tasks at the same time and does a body for each, in the order in which they end.",
        shown: "{ as_completed = [\"slow\", \"quick\"], into = \"r\", do = [ { print = \"{r}\" } ] }",
    },
    StepRow {
        key: "join", kind: Kind::Calls, awaits: true, facts: &[Fact::Waits, Fact::StartsEach],
        fields: &[may("into", Kind::Into, "The locals that get the results, one a call.")],
        say: "Polls async functions side by side in this very task until all have ended: `join!`.",
        shown: "{ join = [\"slow\", \"quick\"] }",
    },
    StepRow {
        key: "select", kind: Kind::Rows(&BRANCH), awaits: true, facts: &[Fact::Waits, Fact::Skips],
        fields: &[],
        say: "Polls bodies side by side until the first has ended; the others are dropped where they stand: `select!`.",
        shown: "{ select = [ { do = [ { recv = \"jobs\" } ] }, { do = [ { sleep = \"1s\" } ] } ] }",
    },
    StepRow {
        key: "timeout", kind: Kind::Wait, awaits: true, facts: &[Fact::Waits, Fact::Limits],
        fields: &[
            must("do", Kind::Steps, "What is done for so long at most."),
            may("else", Kind::Steps, "What is done where the time ran out."),
        ],
        say: "Does a body for so long at most; it is dropped at the await where it stands.",
        shown: "{ timeout = \"1s\", do = [ { sleep = \"5s\" } ], else = [ { print = \"gave up\" } ] }",
    },
    StepRow {
        key: "lock", kind: Kind::Name, awaits: false, facts: &[Fact::Shares],
        fields: &[must("do", Kind::Steps, "What is done while owning the lock.")],
        say: "Does a body while owning a `[[lock]]`; an async one is awaited, a `std` one blocks the thread.",
        shown: "{ lock = \"turn\", do = [ { write = \"id\", value = \"{id + 1}\" } ] }",
    },
    StepRow {
        key: "read", kind: Kind::Name, awaits: false, facts: &[Fact::Shares],
        fields: &[must("into", Kind::Name, "The local that gets the value.")],
        say: "Reads a `[[variable]]`.",
        shown: "{ read = \"id\", into = \"x\" }",
    },
    StepRow {
        key: "write", kind: Kind::Name, awaits: false, facts: &[Fact::Shares],
        fields: &[must("value", Kind::Value, "Its value from now on.")],
        say: "Writes a `[[variable]]`.",
        shown: "{ write = \"id\", value = \"{x + 1}\" }",
    },
    StepRow {
        key: "send", kind: Kind::Name, awaits: false, facts: &[Fact::Shares],
        fields: &[must("value", Kind::Value, "What is sent.")],
        say: "Puts a value into a `[[channel]]`; never waits.",
        shown: "{ send = \"jobs\", value = 3 }",
    },
    StepRow {
        key: "recv", kind: Kind::Name, awaits: true, facts: &[Fact::TakesTime, Fact::Waits],
        fields: &[may("into", Kind::Name, "The local that gets the value.")],
        say: "Takes the next value out of a `[[channel]]`; waits for one.",
        shown: "{ recv = \"jobs\", into = \"job\" }",
    },
    StepRow {
        key: "block_on", kind: Kind::Call, awaits: false, facts: &[Fact::Starts, Fact::Limits, Fact::Shares],
        fields: &[
            may("on", Kind::Name, "The `[[loop]]` that runs it; the function's own unless told."),
            may("into", Kind::Name, "The local that gets the result."),
            may("limit", Kind::Wait, "Stops waiting after so long; the task goes on."),
            may("else", Kind::Steps, "What is done where the time ran out."),
        ],
        say: "Hands an async function to a loop and blocks this thread until it has ended: `run_coroutine_threadsafe(…).result()`.",
        shown: "{ block_on = \"work\", on = \"second\" }",
    },
    StepRow {
        key: "background", kind: Kind::Call, awaits: true, facts: &[Fact::Starts],
        fields: &[],
        say: "Runs a function after this request's response: an async one on the loop, a plain one on the pool.",
        shown: "{ background = \"write_log\" }",
    },
    StepRow {
        key: "chunk", kind: Kind::Said, awaits: false, facts: &[Fact::Starts, Fact::Chunks, Fact::Answers],
        fields: &[],
        say: "Sends a piece of a streamed response; the function is a generator, a plain one goes to the pool for each piece.",
        shown: "{ chunk = \"one\" }",
    },
    StepRow {
        key: "read_file", kind: Kind::Size, awaits: true, facts: &[Fact::TakesTime, Fact::Starts],
        fields: &[],
        say: "Reads an uploaded file of this size: above 1 MB through the pool, else on the loop.",
        shown: "{ read_file = \"3MB\" }",
    },
    StepRow {
        key: "abort", kind: Kind::Name, awaits: true, facts: &[Fact::Skips],
        fields: &[],
        say: "Aborts a task or job that was started in the same function.",
        shown: "{ abort = \"job\" }",
    },
    StepRow {
        key: "block_in_place", kind: Kind::Steps, awaits: true, facts: &[],
        fields: &[],
        say: "Does a body on this thread while the worker hands its other tasks to another one; `multi_thread` only.",
        shown: "{ block_in_place = [ { block = \"300ms\" } ] }",
    },
    StepRow {
        key: "if", kind: Kind::Condition, awaits: false, facts: &[Fact::Skips],
        fields: &[
            must("then", Kind::Steps, "What is done where it holds."),
            may("else", Kind::Steps, "What is done where it does not."),
        ],
        say: "Does one of two bodies.",
        shown: "{ if = \"{x == 3}\", then = [ { print = \"three\" } ] }",
    },
    StepRow {
        key: "repeat", kind: Kind::Times(1, MAX_REPEATS), awaits: false, facts: &[],
        fields: &[
            must("do", Kind::Steps, "What is repeated."),
            may("until", Kind::Condition, "Ends it after the round in which it holds."),
        ],
        say: "Does a body so many times, or \"forever\": until the condition holds, it is left, or nothing comes any more.",
        shown: "{ repeat = 3, do = [ { print = \"again\" } ] }",
    },
    StepRow {
        key: "stop", kind: Kind::OneOf(&["polite", "interrupt"]), awaits: true, facts: &[Fact::Skips, Fact::Stops],
        fields: &[],
        say: "Stops the server: `polite` (SIGTERM) drops the jobs of the pools, `interrupt` (SIGINT) waits for them.",
        shown: "{ stop = \"polite\" }",
    },
    StepRow {
        key: "respond", kind: Kind::Said, awaits: false, facts: &[Fact::Leaves, Fact::Answers],
        fields: &[],
        say: "Answers the request and leaves the function.",
        shown: "{ respond = \"pong\" }",
    },
    StepRow {
        key: "return", kind: Kind::Answer, awaits: false, facts: &[Fact::Leaves],
        fields: &[],
        say: "Leaves the function, with a result where one is given.",
        shown: "{ return = true }",
    },
];

#[rustfmt::skip]
const BRANCH: Table = Table {
    what: "a branch",
    fields: &[must("do", Kind::Steps, "What is done until it or another has ended.")],
};

/// The row of a step.
pub(crate) fn step(key: &str) -> Option<&'static StepRow> {
    STEPS.iter().find(|row| row.key == key)
}

/// The keys of all steps.
pub fn steps() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|row| row.key)
}

/// Whether this is true of the step with this key.
pub(crate) fn is(key: &str, fact: Fact) -> bool {
    step(key).is_some_and(|row| row.facts.contains(&fact))
}
