//! The kinds of records, and the numbers inside them.
// table

pub(crate) const THREAD: u8 = 1;
pub(crate) const SPAWN: u8 = 2;
pub(crate) const WOKEN: u8 = 3;
pub(crate) const TURN: u8 = 4;
pub(crate) const ON: u8 = 5;
pub(crate) const CALL: u8 = 6;
pub(crate) const PARKED: u8 = 7;
pub(crate) const POOL: u8 = 8;
pub(crate) const QUEUED: u8 = 9;
pub(crate) const STARTED: u8 = 10;
pub(crate) const ENDED: u8 = 11;
pub(crate) const PRINTED: u8 = 12;
pub(crate) const REQUEST: u8 = 13;
pub(crate) const ENDPOINT: u8 = 14;
pub(crate) const ANSWERED: u8 = 15;
pub(crate) const GONE: u8 = 16;
pub(crate) const FAILED: u8 = 17;
pub(crate) const CHUNK: u8 = 18;
pub(crate) const LOOP: u8 = 19;

/// What only a stream tells: a task's future was dropped outside of a turn, a thread has ended, the route of a request.
pub(crate) const DROPPED: u8 = 64;
pub(crate) const LEFT: u8 = 65;
pub(crate) const ROUTE: u8 = 66;

/// In the place of a task: the one that the thread runs at that moment.
pub(crate) const WHO_RUNS: u64 = u64::MAX;

/// In the text of a request: where the port of its client begins, and what is below it.
pub(crate) const PORT: u32 = 46;
pub(crate) const TEXT: u64 = (1 << PORT) - 1;

/// Whether a record tells a span at its end.
pub(crate) const fn ends_span(kind: u8) -> bool {
    matches!(kind, TURN | CALL | PARKED)
}
