//! What is over by the records while its slot still says that it goes on, and the other way round.

use std::collections::HashMap;

use crate::ring::kinds;
use crate::ring::records::Record;
use crate::ring::slots::{Doing, Open};

/// For how many looks the record of an end is waited for.
const LOOKS: u32 = 2;

/// How many of a thread's last records are looked at.
const LAST: usize = 16;

/// The turns of the look before: by thread, since when, and at how many looks each was gone.
#[derive(Debug, Default)]
pub(crate) struct Missed(HashMap<u16, (u64, u32)>);

impl Missed {
    /// Since when a turn went on of whose end nothing is told yet.
    pub(crate) fn look(&mut self, open: &[Open], records: &[Record]) -> Option<u64> {
        self.0.retain(|&thread, (since, looks)| {
            *looks += 1;
            let mut own = records.iter().filter(|record| record.thread == thread);
            let is_told = own.any(|record| kinds::ends_span(record.kind) && record.c >= *since);
            *looks <= LOOKS && !is_told
        });
        // Of a callback that was over soon nothing is told.
        let doing = open.iter().filter(|open| open.doing == Doing::Turn);
        self.0
            .extend(doing.map(|open| (open.thread, (open.since, 0))));
        let gone = self.0.values().filter(|(_, looks)| *looks > 0);
        gone.map(|(since, _)| *since).min()
    }
}

/// Whether the records say already that what a slot holds is over.
pub(crate) fn is_over(open: &Open, records: &[Record]) -> bool {
    let ends = |record: &Record| match open.doing {
        Doing::Job => record.kind == kinds::ENDED && record.moment >= open.since,
        _ => record.c == open.since && kinds::ends_span(record.kind),
    };
    let own = records
        .iter()
        .rev()
        .filter(|record| record.thread == open.thread);
    own.take(LAST).any(ends)
}
