//! Turns that are over by what their threads do, while the records of their ends are still to come.

use std::collections::HashMap;

use crate::ring::kinds;
use crate::ring::records::Record;
use crate::ring::slots::{Doing, Open};

/// For how many looks the record of an end is waited for.
const LOOKS: u32 = 2;

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
