//! The shape of the report of a watched program, format 1: every key is always there, `null` means not known.

use serde::Serialize;

/// What watching came to. All lengths are seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct WatchReport {
    /// The version of this shape: 1.
    pub(crate) format: u32,
    /// The command, word by word.
    pub(crate) command: Vec<String>,
    /// Its exit code, 128 and the number of the signal that ended it; `null` where it goes on.
    pub(crate) exit: Option<i32>,
    /// Whether any Python program told what it does; where none did, nothing is known of a loop.
    pub(crate) heard: bool,
    /// How long it was watched, from the first turn of its first loop.
    pub(crate) seconds: f64,
    /// Who held a loop, by place, the longest block first.
    pub(crate) held: Vec<HeldRow>,
    /// How long tasks that could run waited for their turns.
    pub(crate) lag: LagRow,
    /// The pools that had work.
    pub(crate) pools: Vec<PoolRow>,
    /// What the trace proves, by the time at which it did.
    pub(crate) findings: Vec<FindingRow>,
    /// How many events were lost.
    pub(crate) dropped: u64,
}

/// The blocks of one place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct HeldRow {
    /// The user's own deepest line: `so.py:7`; `null` where none was seen.
    pub(crate) place: Option<String>,
    /// The function that this line is in.
    pub(crate) function: Option<String>,
    /// `sleep`, `cpu`, `c-call`, `lock`, `file`, `socket`, `process` or `unknown`.
    pub(crate) kind: &'static str,
    /// How often.
    pub(crate) times: u32,
    /// The longest block.
    pub(crate) longest: f64,
    /// All together.
    pub(crate) total: f64,
    /// Who waited for any of them, each counted once.
    pub(crate) waited: WaitedRow,
    /// The call stack of the longest, the innermost frame first: `so.py:7 ping`.
    pub(crate) stack: Vec<String>,
    /// The same, with whose each frame is.
    #[serde(skip)]
    pub(crate) frames: Vec<FrameRow>,
    /// The source line, without indent.
    pub(crate) code: String,
    /// What helps, in one sentence.
    pub(crate) remedy: String,
    /// The scenario that shows it in small.
    pub(crate) scenario: &'static str,
    /// Whether this place may block.
    pub(crate) allowed: bool,
    /// Whether its longest block is longer than what was set as the most.
    pub(crate) too_long: bool,
}

/// A frame of a call stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FrameRow {
    /// `so.py:7 ping`.
    pub(crate) text: String,
    /// The library that it belongs to: `starlette`; `None` where it is the user's own.
    pub(crate) library: Option<String>,
}

/// Who waited because a loop was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct WaitedRow {
    /// Requests, those included that were not even accepted.
    pub(crate) requests: usize,
    /// Requests that were not accepted.
    pub(crate) connections: usize,
    /// Tasks that serve no request.
    pub(crate) tasks: usize,
}

/// The lag of the loops.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct LagRow {
    /// Half of all turns waited no longer.
    pub(crate) median: Option<f64>,
    /// 99 of 100 turns waited no longer.
    pub(crate) p99: Option<f64>,
    /// The longest wait.
    pub(crate) longest: Option<f64>,
}

/// A pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct PoolRow {
    /// `anyio`, or what its threads are called.
    pub(crate) name: String,
    /// How many threads it may have; `null` where that is not known.
    pub(crate) size: Option<u32>,
    /// The most that were busy at once.
    pub(crate) busy: u32,
    /// The most jobs that were queued at once.
    pub(crate) queued: u32,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FindingRow {
    /// `blocked-loop` …
    pub(crate) kind: &'static str,
    /// Since when it was the case; the first of several.
    pub(crate) at: f64,
    /// For how long; the longest of several.
    pub(crate) seconds: f64,
    /// How many of its kind there were at this place, in a time that is kept no more; else 1.
    pub(crate) times: u32,
    /// Where.
    pub(crate) place: Option<String>,
    /// One sentence; that of the longest of several.
    pub(crate) text: String,
}
