//! What the clients send, put together again: rows of requests at equal distances.

use loopscope_trace::{ClientId, FunctionId, Nanos, Story};

/// Requests of one client to one function, at equal distances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) client: ClientId,
    pub(crate) function: FunctionId,
    /// The first.
    pub(crate) at: Nanos,
    pub(crate) times: u64,
    /// The time between two.
    pub(crate) every: Nanos,
    pub(crate) shared: bool,
}

/// All requests of a story, client by client.
pub(crate) fn rows(story: &Story) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut planned: Vec<_> = story.planned.iter().collect();
    planned.sort_by_key(|planned| planned.client);
    for planned in planned {
        let shared = planned.shared;
        let fits = |row: &Row| {
            let next = row.at + Nanos(row.every.0 * row.times);
            let same = row.client == planned.client
                && row.function == planned.function
                && row.shared == shared;
            same && (row.times == 1 || next == planned.at)
        };
        match rows.iter_mut().rev().find(|row| fits(row)) {
            Some(row) => {
                if row.times == 1 {
                    row.every = planned.at.since(row.at);
                }
                row.times += 1;
            }
            None => rows.push(Row {
                client: planned.client,
                function: planned.function,
                at: planned.at,
                times: 1,
                every: Nanos::ZERO,
                shared,
            }),
        }
    }
    rows
}
