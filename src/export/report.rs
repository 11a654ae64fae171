//! The shape of the JSON report, format 1: every key is always there, `null` means not (yet).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::export::rows::{Name, Rows};

use loopscope_trace::{Clock, Language, Line};

/// A run, as a program can read it. All times are scenario seconds.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    /// The version of this shape: 1.
    pub format: u32,
    /// The scenario's id.
    pub scenario: &'a str,
    /// Its title.
    pub title: &'a str,
    /// `real` or `virtual`.
    pub clock: Clock,
    /// Scenario seconds in a wall second.
    pub speed: f64,
    /// The language whose rules of cancellation it was played by, `python` or `rust`.
    pub language: Option<Language>,
    /// Seeds tokio's own random choices.
    pub seed: u64,
    /// `finished`, `unfinished` or `stopped`.
    pub outcome: &'static str,
    /// Why it was ended before its own end; absent where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// From the first request or start to the last end of what the story started.
    pub elapsed: Option<f64>,
    /// All printed lines, by time.
    pub output: Rows<'a, OutputRow<'a>>,
    /// All requests, by id.
    pub requests: Rows<'a, RequestRow<'a>>,
    /// All tasks, then all jobs; `id` counts through both.
    pub tasks: Rows<'a, TaskRow<'a>>,
    /// All threads, by id.
    pub threads: Rows<'a, ThreadRow<'a>>,
    /// The highest counts.
    pub peak: Peak,
    /// The heartbeat.
    pub heartbeat: Heartbeat,
    /// What the trace proves, by the time at which it did.
    pub insights: Rows<'a, InsightRow>,
    /// The last values of the scenario's variables.
    pub variables: BTreeMap<Name<'a>, Option<Value<'a>>>,
    /// All child processes, by id.
    pub processes: Rows<'a, ProcessRow<'a>>,
    /// What people said about the scenario's questions, by question.
    pub answers: Vec<SaidRow>,
    /// Figures of the runtime, where they were asked for.
    pub metrics: BTreeMap<String, f64>,
    /// How many events were recorded.
    pub events: usize,
    /// How many events were lost.
    pub dropped: u64,
    /// How many events arrived too late for their place in the order.
    pub late: u64,
    /// How many events the table of transitions does not allow; anything but 0 is a mistake of
    /// the recorder.
    pub problems: u32,
}

/// What people said about a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SaidRow {
    /// Its place among the scenario's questions, from 0.
    pub question: usize,
    /// The question; empty where the story has none at this place.
    pub ask: String,
    /// Whether it was asked after the run.
    pub after: bool,
    /// The answers of the one at the keys, the first one first: at most two.
    pub answers: Vec<AnswerRow>,
    /// Hands counted for each option, before and after the discussion: at most two lists.
    pub hands: Vec<Vec<u32>>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerRow {
    /// In words.
    pub say: String,
    /// The place of the option that was chosen, from 0.
    pub option: Option<usize>,
    /// The lines, where they were put into order.
    pub lines: Option<Vec<String>>,
    /// The number, where one was typed: scenario seconds, or a count.
    pub number: Option<f64>,
    /// Whether it is right by the run; `null` where the run does not tell.
    pub right: Option<bool>,
}

/// A variable's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value<'a> {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(&'a str),
}

/// A child process.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProcessRow<'a> {
    /// `process-1` …
    pub name: &'a str,
    /// What the system called it.
    pub pid: u32,
    /// When it was started.
    pub started: f64,
    /// When it ended.
    pub ended: Option<f64>,
    /// Its exit code, or, below zero, the signal that ended it.
    pub status: Option<i32>,
}

/// A printed line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OutputRow<'a> {
    /// When.
    pub at: f64,
    /// The id of who printed it, in the list of tasks; `null` where a client did.
    pub task: Option<usize>,
    /// Its name.
    pub name: &'a str,
    /// The thread.
    pub thread: Option<&'a str>,
    /// The line.
    pub text: &'a str,
}

/// A request.
#[derive(Debug, Serialize)]
pub struct RequestRow<'a> {
    /// Who sent it.
    pub client: &'a str,
    /// Where to.
    pub route: &'a str,
    /// When.
    pub sent: f64,
    /// When the accept task let it in.
    pub accepted: Option<f64>,
    /// When its function began: the first turn of its task, or its job on a thread.
    pub started: Option<f64>,
    /// When it was answered.
    pub finished: Option<f64>,
    /// The answer.
    pub response: Option<&'a str>,
    /// Pieces of a streamed answer.
    pub chunks: Rows<'a, &'a str>,
    /// When each of them went out to the client.
    pub chunk_moments: Rows<'a, f64>,
    /// When the client stopped waiting.
    pub given_up: Option<f64>,
    /// What the machine lacked to bring it to the server; absent where it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<&'a str>,
    /// Sent by a key on the stage, not by the scenario.
    pub live: bool,
}

/// A task or a job. From creation to the end: running + ready + overdue + queued + waiting
/// (+ unknown, where events were lost).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskRow<'a> {
    /// Its place in this list.
    pub id: usize,
    /// Its name.
    pub name: &'a str,
    /// `task`, `job` or `process`.
    pub kind: &'static str,
    /// `accept`, `heartbeat`, `handler`, `dispatch`, `program`, `spawned`, `coroutine`,
    /// `background` or `job`.
    pub role: &'static str,
    /// Who spawned or queued it.
    pub parent: Option<usize>,
    /// `done`, `cancelled`, `panicked`, `failed`, `never polled` or `unfinished`.
    pub outcome: &'static str,
    /// When it was spawned or queued.
    pub created: f64,
    /// When it ended.
    pub ended: Option<f64>,
    /// Its turns on a loop.
    pub polls: u32,
    /// On a thread.
    pub running: f64,
    /// The part of `running` in which it held its thread by a block or a computation.
    pub blocking: f64,
    /// Could run, and the loop was busy.
    pub ready: f64,
    /// Its timer had run out, and the loop had not noticed.
    pub overdue: f64,
    /// Wanted a thread of the pool.
    pub queued: f64,
    /// Stopped at an await, or never started.
    pub waiting: f64,
    /// Events were lost.
    pub unknown: f64,
}

/// A thread.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThreadRow<'a> {
    /// `loop`, `pool-1` …
    pub name: &'a str,
    /// `loop`, `pool`, `process` or `client`.
    pub role: &'static str,
    /// The child process that it belongs to.
    pub process: Option<&'a str>,
    /// How long it did something.
    pub busy: f64,
}

/// The highest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Peak {
    /// Jobs on a thread.
    pub pool_threads: u32,
    /// Jobs that wanted one.
    pub pool_queue: u32,
    /// Tasks that were ready, the heartbeat left out.
    pub ready: u32,
    /// Requests in the backlog.
    pub backlog: u32,
    /// Tasks that were alive, the heartbeat left out.
    pub tasks: u32,
}

/// The heartbeat.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Heartbeat {
    /// How many ticks a free loop would have seen until the end of what the story started.
    pub expected: u64,
    /// How many there were.
    pub seen: usize,
    /// The longest time without one.
    pub longest_gap: f64,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InsightRow {
    /// `blocked-loop` …
    pub kind: &'static str,
    /// Since when it was the case.
    pub at: f64,
    /// For how long.
    pub seconds: f64,
    /// Who, in the list of tasks.
    pub task: Option<usize>,
    /// In which step.
    pub step: Option<u32>,
    /// The step's line in each text.
    pub line: Option<Line>,
    /// How many suffered from it.
    pub count: u32,
    /// Further ones that it names: those of a circle, each waiting for the next one; or the two
    /// writes, in order.
    pub with: Vec<WithRow>,
    /// One sentence.
    pub text: String,
}

/// An actor that a finding names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WithRow {
    /// Who, in the list of tasks.
    pub task: usize,
    /// In which step.
    pub step: Option<u32>,
    /// The step's line in each text.
    pub line: Option<Line>,
}
