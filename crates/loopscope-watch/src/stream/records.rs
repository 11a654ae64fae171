//! The records of a stream that are no spans, as a ring has them.

use crate::ring::kinds;
use crate::ring::records::Record;
use crate::stream::labels;
use crate::stream::told::{Told, tag};

/// The number of tokio's pool of blocking threads: of several runtimes it is one.
pub(crate) const POOL: u32 = 1;

/// A record of a kind, its moment and its words.
pub(crate) const fn record(kind: u8, moment: u64, a: u32, b: u64, c: u64) -> Record {
    Record {
        moment,
        a: a as u64,
        b,
        c,
        number: 0,
        thread: 0,
        kind,
    }
}

/// A record that is no span; `None` for one of a later version.
pub(crate) fn plain(told: Told) -> Option<Record> {
    let Told { at, id, more, .. } = told;
    Some(match told.tag {
        tag::SPAWN | tag::ROOT => {
            record(kinds::SPAWN, at, id, labels::place(more), kinds::WHO_RUNS)
        }
        tag::END => record(kinds::DROPPED, at, id, 0, 0),
        tag::WAKE => record(kinds::WOKEN, at, id, 0, 0),
        tag::JOB_QUEUED => record(
            kinds::QUEUED,
            at,
            id,
            labels::place(more),
            (POOL as u64) << 32,
        ),
        tag::JOB_STARTED => record(kinds::STARTED, at, id, 0, 0),
        tag::JOB_ENDED => record(kinds::ENDED, at, id, more, 0),
        tag::REQUEST => record(
            kinds::REQUEST,
            at,
            id,
            labels::request(more),
            kinds::WHO_RUNS,
        ),
        tag::ROUTE => record(kinds::ROUTE, at, id, more, 0),
        tag::ANSWER if more == 0 => record(kinds::GONE, at, id, 0, 0),
        tag::ANSWER => record(kinds::ANSWERED, at, id, more, 0),
        tag::THREAD => record(kinds::THREAD, at, id, more, 0),
        tag::THREAD_ENDED => record(kinds::LEFT, at, 0, 0, 0),
        _ => return None,
    })
}
