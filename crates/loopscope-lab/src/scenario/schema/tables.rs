//! All tables of the file and their keys.

// table

use crate::scenario::schema::row::{Kind, MAX_KEPT, MAX_REQUESTS, Table, may, must, table};

/// The whole file.
#[rustfmt::skip]
pub(crate) const ROOT: Table = table("a scenario", &[
    must("title", Kind::Text, "One line, as the menu shows it."),
    may("asks", Kind::Text, "The question; never its answer."),
    may("shows", Kind::Text, "The answer, in one sentence."),
    may("contrast", Kind::Id, "The scenario to put beside this one."),
    may("remedy", Kind::Text, "What to change in one's own code, in one sentence."),
    may("speed", Kind::Pace, "Scenario seconds in a wall second; 1 unless told."),
    may("max_speed", Kind::Pace, "The largest speed at which it still tells the truth; a higher one is lowered to it."),
    may("differs", Kind::Text, "Where real Python does something else, and why, in one sentence."),
    may("languages", Kind::Some(&["python", "rust"]), "The listings and exports that there are, the one to show first in front; both unless told."),
    may("limit", Kind::Length, "The run is stopped when it reaches this moment."),
    may("runtime", Kind::Row(&RUNTIME), "The server's shape."),
    must("function", Kind::Rows(&FUNCTION), "What can be run: handlers and helpers."),
    may("client", Kind::Rows(&CLIENT), "Who sends requests."),
    may("start", Kind::Rows(&START), "Tasks put on the loop at a moment, for programs that are no server."),
    may("knob", Kind::Rows(&KNOB), "Numbers that may be turned."),
    may("note", Kind::Rows(&NOTE), "Sentences said when the trace gets there."),
    may("predict", Kind::Rows(&PREDICT), "Asked before the run."),
    may("why", Kind::Rows(&WHY), "Asked after the run: why it came so; at most 3."),
    may("expect", Kind::Row(&EXPECT), "What the run must show; proved by `loopscope check`."),
    may("variable", Kind::Rows(&VARIABLE), "What the functions share."),
    may("channel", Kind::Rows(&CHANNEL), "Queues between functions."),
    may("lock", Kind::Rows(&LOCK), "Locks."),
    may("semaphore", Kind::Rows(&SEMAPHORE), "Semaphores."),
    may("event", Kind::Rows(&EVENT), "What tasks wait for until another one tells them."),
    may("rwlock", Kind::Rows(&RWLOCK), "Locks that many may have at once to read; Rust only."),
    may("pool", Kind::Rows(&POOL), "Thread pools besides the default one."),
    may("loop", Kind::Rows(&LOOP), "Loops besides the first one, each on a thread of its own."),
]);

#[rustfmt::skip]
const RUNTIME: Table = table("[runtime]", &[
    may("loop", Kind::OneOf(&["current_thread", "multi_thread"]), "One thread that polls, as asyncio has it, or several."),
    may("worker_threads", Kind::Count(1, 64), "How many threads poll; `multi_thread` only."),
    may("pool_threads", Kind::Count(1, 512), "The blocking pool's size; 40 unless told."),
    may("processes", Kind::Count(1, 64), "Whole copies of the server, each a process that shares nothing with the others; 1 unless told."),
    may("gil", Kind::Switch, "Model of CPython's lock: one thread computes at a time; false unless told."),
    may("eager_driver_handoff", Kind::Switch, "tokio's own switch: a worker hands the timers over before it polls; `multi_thread` only."),
    may("process_pool", Kind::Count(1, 64), "How many child processes work off `process` steps; one a core unless told."),
]);

#[rustfmt::skip]
const FUNCTION: Table = table("a function", &[
    must("name", Kind::Name, "Its name in both listings."),
    may("route", Kind::Route, "Where clients reach it."),
    may("async", Kind::Flag, "true unless told; false: dispatched to the pool, as FastAPI does with plain def."),
    must("body", Kind::Steps, "Its steps in order."),
    may("depends", Kind::Calls, "What runs before it, in this order, as FastAPI does: an async one on the loop, a plain one on the pool."),
    may("params", Kind::Names, "What it is called with; stands as {name} in its body."),
    may("on", Kind::Name, "The `[[loop]]` that runs it; the first one unless told."),
    may("encode", Kind::Length, "How long its answer takes to be encoded, as a large JSON document does: on the loop, also where the function is plain, in one call of C code that keeps CPython's lock."),
]);

#[rustfmt::skip]
const CLIENT: Table = table("a client", &[
    must("name", Kind::Label, "Its name on the screen."),
    must("requests", Kind::Rows(&REQUEST), "What it sends, and when."),
    may("timeout", Kind::Length, "It gives a request up so long after sending it."),
    may("leaves", Kind::Length, "It disconnects so long after sending."),
    may("connection", Kind::OneOf(&["own", "shared"]), "How its requests travel unless they tell: `shared` is one at a time on one connection."),
    may("prints", Kind::OneOf(&["answered", "in order"]), "It prints the answers: each as it comes, or all in the order asked when the last is there."),
]);

#[rustfmt::skip]
const REQUEST: Table = table("a request", &[
    must("route", Kind::Route, "The route of a function."),
    may("at", Kind::Length, "When it is sent; 0s unless told."),
    may("times", Kind::Count(1, MAX_REQUESTS), "How many are sent; all at once unless `every` is there."),
    may("every", Kind::Length, "The time between two; needs `times`."),
    may("connection", Kind::OneOf(&["own", "shared"]), "`own`: each request has its own; `shared`: one at a time on the client's one connection."),
]);

#[rustfmt::skip]
const START: Table = table("a start", &[
    must("run", Kind::Call, "The async function that it runs."),
    may("at", Kind::Length, "When; 0s unless told."),
    may("on", Kind::Name, "The `[[loop]]` that runs it; the first one unless told."),
    may("main", Kind::Flag, "Its end is the end of all; the first one of a program without clients unless told."),
]);

#[rustfmt::skip]
const VARIABLE: Table = table("a variable", &[
    must("name", Kind::Name, "Its name in both listings."),
    must("initial", Kind::Initial, "Its value before the run."),
    may("file", Kind::Flag, "It is a number in a file, which all processes of the server read and write; in the memory of each unless told."),
]);

#[rustfmt::skip]
const CHANNEL: Table = table("a channel", &[
    must("name", Kind::Name, "Its name in both listings."),
    may("keep", Kind::OneOf(&["all", "newest"]), "All values in order, or the newest only; all unless told."),
    may("broadcast", Kind::Count(1, MAX_KEPT), "Each receiver gets every value, and so many are kept for a slow one, as tokio does rounded up to a power of two: it loses the oldest. Rust only."),
    may("capacity", Kind::Count(1, 10_000), "How many values have room in it: a `send` waits while it is full, in the order of asking. Without it there is always room."),
]);

#[rustfmt::skip]
const LOCK: Table = table("a lock", &[
    must("name", Kind::Name, "Its name in both listings."),
    may("kind", Kind::OneOf(&["async", "std"]), "Who waits when it is taken: the task (`async`, unless told) or the thread (`std`)."),
]);

#[rustfmt::skip]
const SEMAPHORE: Table = table("a semaphore", &[
    must("name", Kind::Name, "Its name in both listings."),
    must("permits", Kind::Count(1, 10_000), "How many may have a permit at once."),
    may("kind", Kind::OneOf(&["async", "std"]), "Who waits where all are taken: the task (`async`, unless told) or the thread (`std`)."),
]);

#[rustfmt::skip]
const EVENT: Table = table("an event", &[
    must("name", Kind::Name, "Its name in the listings."),
    may("kind", Kind::OneOf(&["event", "notify", "condition"]), "What is kept where nobody waits: `event` (`asyncio.Event`, unless told) stays set until it is cleared; `notify` (tokio's `Notify`) keeps one permit, and none of `all`; `condition` (`asyncio.Condition`) keeps nothing."),
]);

#[rustfmt::skip]
const RWLOCK: Table = table("an rwlock", &[must("name", Kind::Name, "Its name in the listing.")]);

#[rustfmt::skip]
const POOL: Table = table("a pool", &[
    must("name", Kind::Name, "Its name in both listings."),
    must("threads", Kind::Count(1, 512), "How many threads it may have."),
]);

#[rustfmt::skip]
const LOOP: Table = table("a loop", &[must("name", Kind::Name, "Its name in both listings.")]);

#[rustfmt::skip]
const KNOB: Table = table("a knob", &[
    must("name", Kind::Name, "Stands as {name} in texts, durations and numbers."),
    must("default", Kind::Integer, "Its value unless turned."),
    must("min", Kind::Integer, "Its smallest value."),
    must("max", Kind::Integer, "Its largest value."),
]);

#[rustfmt::skip]
const NOTE: Table = table("a note", &[
    must("when", Kind::Anchor, "The moment: `start`, `first blocked-loop`, `second output \"bye\"` …"),
    must("say", Kind::Text, "The sentence."),
]);

#[rustfmt::skip]
const PREDICT: Table = table("a question", &[
    must("ask", Kind::Text, "The question."),
    may("how", Kind::OneOf(&["choose", "order", "number"]), "How it is answered: one of the options is chosen (unless told), the lines are put into order, or a number is typed."),
    may("options", Kind::Rows(&OPTION), "3 to 5 answers, exactly one of them right; with `order` and `number` at most 5 known answers that get a reply."),
    may("lines", Kind::Lines, "`order` only: the lines as they stand at first; those of [expect] `output`, mixed, unless told."),
    may("number", Kind::Name, "`number` only: `elapsed`, `lines` (how many are printed), or a variable whose last value it is."),
]);

#[rustfmt::skip]
const WHY: Table = table("a why question", &[
    must("ask", Kind::Text, "The question."),
    must("options", Kind::Rows(&REASON), "3 to 5 answers, exactly one of them right."),
]);

#[rustfmt::skip]
const REASON: Table = table("an option", &[
    must("say", Kind::Text, "The answer's words."),
    may("reply", Kind::Text, "What to say to somebody who chose it; every wrong one has it."),
    may("right", Kind::Flag, "Whether it is the right one."),
]);

#[rustfmt::skip]
const OPTION: Table = table("an option", &[
    must("say", Kind::Text, "The answer's words; with `number` the number itself, as in \"5s\" or \"40\"."),
    may("reply", Kind::Text, "What to say to somebody who chose it; every wrong one has it."),
    may("right", Kind::Flag, "Whether it is the right one."),
    may("lines", Kind::Lines, "The lines that it predicts, where `say` does not list them."),
]);

#[rustfmt::skip]
const EXPECT: Table = table("[expect]", &[
    may("output", Kind::Lines, "The printed lines, in order."),
    may("output_any_order", Kind::Lines, "The printed lines, in any order."),
    may("timeline", Kind::Rows(&TIMELINE), "Lines that must be printed at a moment."),
    may("elapsed", Kind::Elapsed, "From the first request or start to the last end."),
    may("insights", Kind::Insights(false), "Kinds that must be found."),
    may("no_insights", Kind::Insights(true), "Kinds that must not be found; `*` for all."),
    may("peak", Kind::Row(&PEAK), "The largest figures of the run."),
    may("requests", Kind::Figure, "How many are answered."),
    may("outcome", Kind::OneOf(&["finished", "unfinished"]), "`unfinished` for a run that its limit stops, or steps without an end, or its memory."),
    may("needs", Kind::Row(&NEEDS), "What it only makes sense with."),
    may("variables", Kind::Figures, "The last values of variables."),
    may("distinct", Kind::Figure, "How many different answers the requests got."),
    may("given_up", Kind::Figure, "How many requests their clients gave up."),
    may("latency", Kind::Rows(&LATENCY), "How long the requests of a route wait, from the sending to the answer; those given up do not count."),
    may("chunks", Kind::Rows(&CHUNK), "Pieces of streamed answers that must come to a client at a moment."),
    may("got", Kind::Rows(&GOT), "What clients get for their requests."),
]);

#[rustfmt::skip]
const TIMELINE: Table = table("a moment of the timeline", &[
    must("at", Kind::Length, "The moment."),
    must("text", Kind::Printed, "The line."),
]);

#[rustfmt::skip]
const LATENCY: Table = table("a latency", &[
    must("route", Kind::Route, "The route of a function."),
    may("median", Kind::Elapsed, "The one in the middle; where there are two, what lies between them."),
    may("longest", Kind::Elapsed, "The longest."),
]);

#[rustfmt::skip]
const CHUNK: Table = table("a piece of an answer", &[
    must("client", Kind::Label, "To whom it comes."),
    must("at", Kind::Length, "The moment."),
    must("text", Kind::Printed, "The piece."),
]);

#[rustfmt::skip]
const GOT: Table = table("what a client gets", &[
    must("client", Kind::Label, "Who gets it."),
    must("answers", Kind::Lines, "The text of each answer, in the order in which the requests are sent; `given up` where it stopped waiting, `nothing` where the run ended before."),
]);

#[rustfmt::skip]
const PEAK: Table = table("peak", &[
    may("pool_threads", Kind::Figure, "Jobs on pool threads."),
    may("pool_queue", Kind::Figure, "Jobs queued for the pool."),
    may("ready", Kind::Figure, "Tasks that were ready."),
    may("backlog", Kind::Figure, "Requests in the backlog."),
    may("tasks", Kind::Figure, "Tasks alive."),
]);

#[rustfmt::skip]
const NEEDS: Table = table("needs", &[must("cores", Kind::Count(1, 1024), "The least number of cores.")]);

/// A whole playlist.
#[rustfmt::skip]
pub(crate) const PLAYLIST: Table = table("a playlist", &[
    must("title", Kind::Text, "The lecture's title."),
    must("scenario", Kind::Rows(&SCENARIO), "The scenarios, in their order."),
]);

#[rustfmt::skip]
const SCENARIO: Table = table("a scenario of a playlist", &[
    must("run", Kind::Text, "A scenario's id, or a file as seen from the playlist's folder."),
    may("panes", Kind::Panes, "The panes that it begins with."),
    may("big", Kind::Flag, "The big layout."),
    may("ask", Kind::Flag, "Whether its question is asked."),
    may("knobs", Kind::Figures, "Values of knobs, by name."),
    may("speed", Kind::Pace, "Scenario seconds in a wall second; its own unless told."),
    may("only", Kind::Text, "The one lane that is looked at, by its letter or name."),
    may("auto_stop", Kind::OneOf(&["off", "notes", "all"]), "Where the view stops by itself; at each note unless told."),
    may("notes", Kind::Text, "For the presenter; not on the screen."),
    may("stop", Kind::Rows(&STOP), "Stops in place of the scenario's own notes."),
]);

#[rustfmt::skip]
const STOP: Table = table("a stop", &[
    must("at", Kind::Text, "The moment: `first blocked-loop`, `second output \"bye\"`, or a time: `1.5s`."),
    may("say", Kind::Text, "The sentence."),
    may("panes", Kind::Panes, "The panes from here on."),
    may("only", Kind::Text, "The one lane that is looked at up to the next stop."),
    may("notes", Kind::Text, "For the presenter; not on the screen."),
]);
