//! What was seen of a thread of a program that tells nothing.

use loopscope_trace::ThreadRole;

use crate::outside::frames::Frame;

/// What a thread began or ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Seen {
    /// It is there, under this name, and for this.
    Thread { name: String, role: ThreadRole },
    /// It sleeps until there is something to do.
    Parked,
    /// It woke up.
    Unparked,
    /// It began a poll; the frame is the outermost of what is polled.
    Polls(Frame),
    /// It began a job; the frame is the outermost of it.
    Runs(Frame),
    /// What it began is over.
    Ends,
    /// It has ended.
    Over,
}

/// What was seen, and when.
pub(crate) type Moment = (u64, Seen);
