//! Sentences that are said when the trace reaches a moment.

use serde::{Deserialize, Serialize};

/// A sentence that is said when the trace gets there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// When it is said.
    pub when: Anchor,
    /// The sentence.
    pub say: String,
}

/// A moment that only the trace can name. `nth` counts from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the sentence of a variant explains its fields")]
pub enum Anchor {
    /// The first event.
    Start,
    /// The end of the run.
    End,
    /// The nth insight of a kind: `first blocked-loop`.
    Insight { kind: String, nth: u32 },
    /// The nth line of output with this text, or the nth of all: `second output "bye"`.
    Output { text: Option<String>, nth: u32 },
    /// The nth request sent: `first request`.
    Sent { nth: u32 },
    /// The nth request let in: `second accepted`.
    Accepted { nth: u32 },
    /// The nth answer: `first answer`.
    Answered { nth: u32 },
    /// The nth job that had to queue for the pool: `first queued`.
    Queued { nth: u32 },
    /// The nth request whose client stopped waiting: `first given-up`.
    GivenUp { nth: u32 },
    /// The nth timeout that ran out: `first timeout`.
    TimedOut { nth: u32 },
    /// The nth write of a variable: `first write "id"`.
    Written { variable: String, nth: u32 },
    /// The nth piece of a streamed answer: `third chunk`.
    Chunk { nth: u32 },
    /// The nth line that a client printed: `first client-output "1"`.
    ClientOutput { text: Option<String>, nth: u32 },
    /// The nth task that was cancelled, or aborted job that never ran: `first cancelled`.
    Cancelled { nth: u32 },
    /// The nth value put into a channel: `first sent "jobs"`.
    ChannelSent { channel: String, nth: u32 },
    /// The nth value taken out of a channel: `first received "jobs"`.
    ChannelReceived { channel: String, nth: u32 },
    /// The nth child process that ended: `first child-ended`.
    ChildEnded { nth: u32 },
    /// The nth stop of the server: `first stop`.
    Stopping { nth: u32 },
}
