//! What is known of a lane of a stream: its thread, and what that is in the middle of.

use crate::ring::slots::{Doing, Open};

/// What a thread is in the middle of, as it was announced or as a job began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Under {
    pub(crate) doing: Doing,
    pub(crate) what: u64,
    pub(crate) since: u64,
}

/// A lane.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    /// What the system calls its thread.
    pub(crate) native: u32,
    /// The number of the record that ended its last span.
    pub(crate) ended: u64,
    /// A turn or a sleep that was announced.
    pub(crate) announced: Option<Under>,
    /// The job that runs there.
    pub(crate) job: Option<Under>,
    /// Since when it does what it was seen held by.
    pub(crate) seen: Option<u64>,
    /// Its last moment.
    pub(crate) last: u64,
}

impl Lane {
    /// What its thread is in the middle of, for who looks at it from outside.
    pub(crate) fn open(&self, thread: u16) -> Option<Open> {
        let under = self.announced.or(self.job)?;
        (self.native != 0).then_some(Open {
            thread,
            doing: under.doing,
            what: under.what,
            since: under.since,
            native: self.native,
        })
    }

    /// Whether it has been in the middle of the same since this moment.
    pub(crate) fn is_still(&self, since: u64) -> bool {
        let under = self.announced.or(self.job);
        under.is_some_and(|under| under.since == since)
    }
}
