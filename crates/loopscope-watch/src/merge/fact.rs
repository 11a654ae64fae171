//! A fact about a watched program, and its place in the order of all.

use crate::blocks::held::Sample;
use crate::merge::seen::Seen;
use crate::outside::connections::Waiting;
use crate::ring::records::Record;
use crate::ring::slots::Doing;

/// What happened when, in which process.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fact {
    /// In nanoseconds of the monotonic clock.
    pub(crate) at: u64,
    /// The process, numbered from 0 as they were found.
    pub(crate) process: usize,
    /// Its place among those of its process that have the same moment.
    pub(crate) order: u64,
    /// The index of its thread, where it has one.
    pub(crate) thread: u16,
    pub(crate) what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    /// The process was found.
    Joined,
    /// A thread began to do something.
    Begins { doing: Doing, what: u64 },
    /// The process told it.
    Told(Record),
    /// A thread was seen held since it began what it does, or still.
    Held(Box<Sample>),
    /// What was seen of a thread of a program that tells nothing.
    Seen(Seen),
    /// All connections that wait for the process.
    Waiting(Vec<Waiting>),
    /// So many records were lost since the moment.
    Lost { count: u64, since: u64 },
    /// What the process does not tell from now on, and why.
    Unheard(String),
    /// The process has ended: with an exit code, or, below zero, by a signal, where that is known.
    Ended(Option<i32>),
}
