//! All steps: the key, what it takes, and what it does.

// table

use crate::scenario::schema::row::{
    Fact, Kind, MAX_AT_ONCE, MAX_REPEATS, StepRow, Table, may, must, step, table,
};

/// All steps, in the order in which the documentation lists them.
#[rustfmt::skip]
pub(crate) const STEPS: &[StepRow] = &[
    step("print", Kind::Said, "Prints a line.", "{ print = \"Hello\" }"),
    step("sleep", Kind::Wait, "Waits at an await for a timer; the loop is free meanwhile.", "{ sleep = \"5s\" }")
        .awaits().facts(&[Fact::TakesTime, Fact::Waits]),
    step("block", Kind::Wait, "Sleeps on the thread and keeps it.", "{ block = \"5s\" }")
        .facts(&[Fact::TakesTime]),
    step("cpu", Kind::Wait, "Computes for so much CPU time and keeps the thread.", "{ cpu = \"40ms\" }")
        .facts(&[Fact::TakesTime])
        .fields(&[
            may("keeps_gil", Kind::Flag, "In one call of C code that does not let go of CPython's lock, as `json.dumps` or a regex; with `gil` in `[runtime]`."),
        ]),
    step("yield", Kind::Yes, "Gives way once.", "{ yield = true }")
        .awaits().facts(&[Fact::Waits]),
    step("yield_request", Kind::Yes, "In a dependency: the request is served here, and what follows is done when its answer has gone out: `yield` in a dependency of FastAPI. Python only.",
        "{ acquire = \"slots\", do = [ { yield_request = true } ] }")
        .facts(&[Fact::Shares]),
    step("spawn_blocking", Kind::Work, "Runs a body or a plain function on a pool and awaits it.",
        "{ spawn_blocking = [ { block = \"5s\" } ] }")
        .awaits().facts(&[Fact::Waits, Fact::Starts, Fact::WaitsForCalls])
        .fields(&[
            may("detach", Kind::Flag, "Leaves the job running and goes on."),
            may("pool", Kind::Name, "The `[[pool]]` that runs it; the default one unless told."),
            may("as", Kind::Name, "What `await` and `abort` call the job; it is not awaited here."),
        ]),
    step("process", Kind::Work, "Runs a body or a plain function on the pool of child processes and awaits it.",
        "{ process = [ { cpu = \"1s\" } ] }")
        .awaits().facts(&[Fact::TakesTime, Fact::Waits, Fact::Starts, Fact::Limits, Fact::Processes])
        .fields(&[
            may("limit", Kind::Wait, "The child is killed after so long."),
            may("else", Kind::Steps, "What is done where the child was killed."),
        ]),
    step("spawn", Kind::Call, "Puts an async function on the loop as a task and goes on.",
        "{ spawn = \"work\", as = \"job\" }")
        .awaits().facts(&[Fact::Starts])
        .fields(&[
            may("as", Kind::Name, "What `await` and `abort` call the task."),
            may("detach", Kind::Flag, "The task is never awaited."),
            may("on", Kind::Name, "The `[[loop]]` that runs it; this one unless told."),
        ]),
    step("await", Kind::Name, "Waits for a task or job that was started in the same function; a coroutine that was made there runs in place.",
        "{ await = \"job\" }")
        .awaits().facts(&[Fact::TakesTime, Fact::Waits])
        .fields(&[
            may("into", Kind::Name, "The local that gets the result."),
            may("shield", Kind::Flag, "It goes on although this wait is cancelled: `asyncio.shield`; in tokio it does anyway."),
        ]),
    step("call", Kind::Call, "Calls a function in place; an async one is awaited.", "{ call = \"work\" }")
        .facts(&[Fact::Waits, Fact::WaitsForCalls])
        .fields(&[may("into", Kind::Name, "The local that gets the result.")]),
    step("create", Kind::Call, "Makes the coroutine of an async function and does not start it.", "{ create = \"work\" }")
        .awaits().facts(&[Fact::Starts, Fact::Skips])
        .fields(&[may("as", Kind::Name, "What `await` calls the coroutine.")]),
    step("gather", Kind::Calls, "Runs async functions as tasks at the same time and waits for all.",
        "{ gather = [\"slow\", \"quick\"] }")
        .awaits().facts(&[Fact::Waits, Fact::StartsEach, Fact::WaitsForCalls])
        .fields(&[
            may("into", Kind::Into, "The locals that get the results, one a call."),
            may("return_exceptions", Kind::Flag, "Errors are results, too: all are waited for, and none is raised."),
        ]),
    step("group", Kind::Calls, "Runs async functions as tasks and waits for all; the first error cancels the others: `asyncio.TaskGroup`, a `JoinSet` with `?`.",
        "{ group = [\"slow\", \"quick\"] }")
        .awaits().facts(&[Fact::Waits, Fact::StartsEach, Fact::WaitsForCalls, Fact::Skips]),
    step("as_completed", Kind::Calls, "Runs async functions as tasks at the same time and does a body for each, in the order in which they end.",
        "{ as_completed = [\"slow\", \"quick\"], into = \"r\", do = [ { print = \"{r}\" } ] }")
        .awaits().facts(&[Fact::Waits, Fact::StartsEach, Fact::WaitsForCalls])
        .fields(&[
            must("do", Kind::Steps, "What is done for each that ends."),
            may("into", Kind::Name, "The local that gets its result."),
        ]),
    step("buffered", Kind::Calls, "Polls async functions in this very task, only while it waits for the next result, and does a body for each: `stream.buffered(n)`. Rust only.",
        "{ buffered = [\"fetch(1)\", \"fetch(2)\"], into = \"n\", do = [ { print = \"{n}\" } ] }")
        .awaits().facts(&[Fact::Waits, Fact::StartsEach, Fact::WaitsForCalls, Fact::Skips])
        .fields(&[
            must("do", Kind::Steps, "What is done for each result; nothing is polled meanwhile."),
            may("at_once", Kind::Count(1, MAX_AT_ONCE), "How many are polled side by side; all unless told."),
            may("unordered", Kind::Flag, "Each result comes as it is there: `buffer_unordered`, as from a `FuturesUnordered`; in the order of the calls unless told."),
            may("into", Kind::Name, "The local that gets the result."),
        ]),
    step("interval", Kind::Wait, "Makes an interval, whose first tick is due at once: `tokio::time::interval`. Rust only.",
        "{ interval = \"100ms\", as = \"ticks\" }")
        .awaits()
        .fields(&[
            must("as", Kind::Name, "What `tick` calls it."),
            may("missed", Kind::OneOf(&["burst", "delay", "skip"]), "What becomes of ticks that were missed: they come at once, one after the other, unless told; the rhythm begins anew; they are left out."),
        ]),
    step("tick", Kind::Name, "Waits for the next tick of an interval that was made in the same function.", "{ tick = \"ticks\" }")
        .awaits().facts(&[Fact::TakesTime, Fact::Waits]),
    step("join", Kind::Calls, "Polls async functions side by side in this very task until all have ended: `join!`.",
        "{ join = [\"slow\", \"quick\"] }")
        .awaits().facts(&[Fact::Waits, Fact::StartsEach, Fact::WaitsForCalls])
        .fields(&[may("into", Kind::Into, "The locals that get the results, one a call.")]),
    step("select", Kind::Rows(&BRANCH), "Polls futures side by side until the first has ended; the others are dropped where they stand: `select!`.",
        "{ select = [ { do = [ { recv = \"jobs\" } ] }, { do = [ { sleep = \"1s\" } ], then = [ { print = \"tick\" } ] } ] }")
        .awaits().facts(&[Fact::Waits, Fact::Skips])
        .fields(&[
            may("biased", Kind::Flag, "The first that is ready goes on, in the order of the file; a random one unless told."),
        ]),
    step("timeout", Kind::Wait, "Does a body for so long at most; it is dropped at the await where it stands.",
        "{ timeout = \"1s\", do = [ { sleep = \"5s\" } ], else = [ { print = \"gave up\" } ] }")
        .awaits().facts(&[Fact::Waits, Fact::Limits])
        .fields(&[
            must("do", Kind::Steps, "What is done for so long at most."),
            may("else", Kind::Steps, "What is done where the time ran out."),
        ]),
    step("lock", Kind::Name, "Does a body while owning a `[[lock]]`; an async one is awaited, a `std` one blocks the thread.",
        "{ lock = \"turn\", do = [ { write = \"id\", value = \"{id + 1}\" } ] }")
        .facts(&[Fact::Shares])
        .fields(&[must("do", Kind::Steps, "What is done while owning the lock.")]),
    step("acquire", Kind::Name, "Does a body while owning a permit of a `[[semaphore]]`; an async one is awaited, a `std` one blocks the thread. Permits are given in the order of asking.",
        "{ acquire = \"slots\", do = [ { sleep = \"1s\" } ] }")
        .facts(&[Fact::Shares])
        .fields(&[must("do", Kind::Steps, "What is done while owning a permit.")]),
    step("read_lock", Kind::Name, "Does a body while reading under an `[[rwlock]]`: others may read at the same time. Who asks after a writer has waits for that one.",
        "{ read_lock = \"config\", do = [ { read = \"id\", into = \"x\" } ] }")
        .awaits().facts(&[Fact::Shares])
        .fields(&[must("do", Kind::Steps, "What is done while reading.")]),
    step("write_lock", Kind::Name, "Does a body while nobody else reads or writes under an `[[rwlock]]`.",
        "{ write_lock = \"config\", do = [ { write = \"id\", value = 1 } ] }")
        .awaits().facts(&[Fact::Shares])
        .fields(&[must("do", Kind::Steps, "What is done while writing.")]),
    step("read", Kind::Name, "Reads a `[[variable]]`.", "{ read = \"id\", into = \"x\" }")
        .facts(&[Fact::Shares])
        .fields(&[must("into", Kind::Name, "The local that gets the value.")]),
    step("write", Kind::Name, "Writes a `[[variable]]`.", "{ write = \"id\", value = \"{x + 1}\" }")
        .facts(&[Fact::Shares])
        .fields(&[must("value", Kind::Value, "Its value from now on.")]),
    step("send", Kind::Name, "Puts a value into a `[[channel]]`; waits for room where that has a `capacity`.", "{ send = \"jobs\", value = 3 }")
        .facts(&[Fact::Shares])
        .fields(&[
            must("value", Kind::Value, "What is sent."),
            may("unsafe", Kind::Flag, "Straight from a thread: a loop that sleeps is not woken. Python only; plain functions and jobs only."),
        ]),
    step("recv", Kind::Name, "Takes the next value out of a `[[channel]]`; waits for one.",
        "{ recv = \"jobs\", into = \"job\" }")
        .awaits().facts(&[Fact::TakesTime, Fact::Waits])
        .fields(&[
            may("into", Kind::Name, "The local that gets the value."),
            may("lost", Kind::Name, "Of a `broadcast`: the local that gets how many values were lost before this one."),
        ]),
    step("subscribe", Kind::Name, "From here on this function gets each value that is sent into a `[[channel]]` with `broadcast`. Rust only.",
        "{ subscribe = \"news\" }")
        .awaits(),
    step("wait", Kind::Name, "Waits for an `[[event]]`: until it is set, or notified; at once where that was kept.", "{ wait = \"ready\" }")
        .awaits().facts(&[Fact::TakesTime, Fact::Waits]),
    step("set", Kind::Name, "Sets an `[[event]]`: all who wait go on, and who waits later passes. Python only.", "{ set = \"ready\" }")
        .awaits().facts(&[Fact::Shares]),
    step("clear", Kind::Name, "Clears an `[[event]]`: who waits from now on waits. Python only.", "{ clear = \"ready\" }")
        .awaits().facts(&[Fact::Shares]),
    step("notify", Kind::Name, "Wakes the first that waits for an `[[event]]` of kind `notify` or `condition`.", "{ notify = \"changed\" }")
        .awaits().facts(&[Fact::Shares])
        .fields(&[may("all", Kind::Flag, "All who wait are woken; nothing is kept where nobody waits: `notify_waiters`, `notify_all`.")]),
    step("block_on", Kind::Call, "Hands an async function to a loop and blocks this thread until it has ended: `run_coroutine_threadsafe(…).result()`.",
        "{ block_on = \"work\", on = \"second\" }")
        .facts(&[Fact::Starts, Fact::Limits, Fact::Shares, Fact::WaitsForCalls])
        .fields(&[
            may("on", Kind::Name, "The `[[loop]]` that runs it; the function's own unless told."),
            may("into", Kind::Name, "The local that gets the result."),
            may("limit", Kind::Wait, "Stops waiting after so long; the task goes on."),
            may("else", Kind::Steps, "What is done where the time ran out."),
        ]),
    step("background", Kind::Call, "Runs a function after this request's response: an async one on the loop, a plain one on the pool.",
        "{ background = \"write_log\" }")
        .awaits().facts(&[Fact::Starts]),
    step("chunk", Kind::Said, "Sends a piece of a streamed response; the function is a generator, a plain one goes to the pool for each piece.",
        "{ chunk = \"one\" }")
        .facts(&[Fact::Starts, Fact::Chunks, Fact::Answers]),
    step("read_file", Kind::Size, "Reads an uploaded file of this size: above 1 MB through the pool, else on the loop.",
        "{ read_file = \"3MB\" }")
        .awaits().facts(&[Fact::TakesTime, Fact::Starts]),
    step("abort", Kind::Name, "Aborts a task or job that was started in the same function.", "{ abort = \"job\" }")
        .awaits().facts(&[Fact::Skips]),
    step("block_in_place", Kind::Steps, "Does a body on this thread while the worker hands its other tasks to another one; `multi_thread` only.",
        "{ block_in_place = [ { block = \"300ms\" } ] }")
        .awaits(),
    step("if", Kind::Condition, "Does one of two bodies.", "{ if = \"{x == 3}\", then = [ { print = \"three\" } ] }")
        .facts(&[Fact::Skips])
        .fields(&[
            must("then", Kind::Steps, "What is done where it holds."),
            may("else", Kind::Steps, "What is done where it does not."),
        ]),
    step("repeat", Kind::Times(1, MAX_REPEATS), "Does a body so many times, or \"forever\": until the condition holds, it is left, or nothing comes any more.",
        "{ repeat = 3, do = [ { print = \"again\" } ] }")
        .fields(&[
            must("do", Kind::Steps, "What is repeated."),
            may("until", Kind::Condition, "Ends it after the round in which it holds."),
        ]),
    step("stop", Kind::OneOf(&["polite", "interrupt"]), "Stops the server: `polite` (SIGTERM) drops the jobs of the pools, `interrupt` (SIGINT) waits for them.",
        "{ stop = \"polite\" }")
        .awaits().facts(&[Fact::Skips, Fact::Stops]),
    step("raise", Kind::Said, "Raises an error, which goes up through calls, awaits and bodies to the next `try`: an exception, or an `Err` and `?`.",
        "{ raise = \"no such row\" }")
        .facts(&[Fact::Leaves, Fact::Skips]),
    step("try", Kind::Steps, "Does a body, and another one where an error leaves it.",
        "{ try = [ { call = \"work\" } ], except = [ { print = \"{error}\" } ], into = \"error\" }")
        .facts(&[Fact::Skips])
        .fields(&[
            must("except", Kind::Steps, "What is done where an error came; all goes on after it."),
            may("into", Kind::Name, "The local that gets what the error says."),
        ]),
    step("respond", Kind::Said, "Answers the request and leaves the function.", "{ respond = \"pong\" }")
        .facts(&[Fact::Leaves, Fact::Answers]),
    step("return", Kind::Answer, "Leaves the function, with a result where one is given.", "{ return = true }")
        .facts(&[Fact::Leaves]),
];

#[rustfmt::skip]
const BRANCH: Table = table("a branch", &[
    may("do", Kind::Steps, "What is done until it or another has ended."),
    may("by_ref", Kind::Name, "The task, job or coroutine that is polled by reference instead, `&mut f`: it lives on where it is not the first."),
    may("into", Kind::Name, "With `by_ref`: the local that gets its result."),
    may("then", Kind::Steps, "What is done where this was the first, once the others are dropped."),
]);

/// What people look for under another name, and the word for it.
#[rustfmt::skip]
pub(crate) const OTHER_WORDS: &[(&str, &str)] = &[
    ("cancel", "abort"), ("kill", "abort"), ("throw", "raise"), ("panic", "raise"), ("error", "raise"), ("catch", "try"),
    ("task_group", "group"), ("join_set", "group"), ("create_task", "spawn"), ("ensure_future", "spawn"),
    ("to_thread", "spawn_blocking"), ("run_in_executor", "spawn_blocking"), ("run_in_threadpool", "spawn_blocking"),
    ("wait_for", "timeout"), ("put", "send"), ("get", "recv"), ("log", "print"), ("for", "repeat"), ("while", "repeat"),
    ("loop", "repeat"), ("yield_now", "yield"), ("coroutine", "create"), ("match", "if"),
];

/// What no step can say, and what comes nearest.
#[rustfmt::skip]
pub(crate) const UNSAID: &[(&str, &str)] = &[
    ("shield", "nearest is { await = \"job\", shield = true }, for one task or job that was started before"),
    ("finally", "nearest is the same steps at the end of `try` and of `except`; a cancellation runs neither"),
    ("websocket", "nearest is a streamed answer with `chunk`, or a [[start]] that reads a [[channel]] for the connection"),
    ("local_set", "nearest is a [[loop]]: its tasks stay on its one thread"),
    ("spawn_local", "nearest is `spawn`: on a current_thread loop every task stays on the thread"),
    ("reference", "nearest is a [[variable]], which all functions see, or an argument, which is a copy"),
    ("borrow", "nearest is a [[variable]], which all functions see, or an argument, which is a copy"),
    ("thread", "nearest is `spawn_blocking` with detach = true on a [[pool]] of one thread"),
    ("call_soon", "nearest is a `spawn` with detach = true"),
    ("call_later", "nearest is a `spawn` of a function that begins with a `sleep`"),
    ("contextvar", "nearest is an argument of the function"),
    ("signal", "nearest is { stop = \"polite\" }, or \"interrupt\""),
    ("priority", "nearest is a [[loop]] or a [[pool]] of its own"),
];

/// The row of a step.
pub(crate) fn named(key: &str) -> Option<&'static StepRow> {
    STEPS.iter().find(|row| row.key == key)
}

/// The keys of all steps.
pub fn steps() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|row| row.key)
}

/// Whether this is true of the step with this key.
pub(crate) fn is(key: &str, fact: Fact) -> bool {
    named(key).is_some_and(|row| row.facts.contains(&fact))
}
