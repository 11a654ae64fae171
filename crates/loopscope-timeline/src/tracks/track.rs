//! What each lane and each thread did over time: spans that tile its life, lines, pieces of answers, and who read and
//! wrote what is shared.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::world::state::State;
use loopscope_trace::{Actor, JobId, Nanos, RequestId, StepId, TaskId, TextId, ThreadId};

/// The place of a lane among the lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId(pub u32);

/// A row on the screen: a request from the moment it is sent (its task and, for a plain
/// function, its job go on in the same lane), a task without a request, or a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Its place.
    pub id: LaneId,
    /// What it shows.
    pub kind: LaneKind,
    /// `A`, `B` … for requests and for the story's own tasks; empty for accept, heartbeat, jobs.
    pub letter: Letter,
    /// `tab 1`, `accept`, `heartbeat`, `main`, `job of A` …
    pub name: Arc<str>,
    /// When it appeared.
    pub from: Nanos,
    /// Its spans in order; the last one is open (`to` is `None`) while the lane lives, and a final
    /// state (done, cancelled, panicked) has an open span too.
    pub spans: Vec<Span>,
}

/// What a lane is called in short: `A` to `Z`, then `AA` to `ZZ`, and so on; empty where it is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    letters: [u8; 7],
    length: u8,
}

impl Letter {
    /// The letter of the place among those that have one, from 0.
    pub(crate) fn of(mut place: usize) -> Self {
        let mut letter = Self::default();
        let figures = &mut letter.letters;
        for (written, figure) in (1..).zip(figures.iter_mut()) {
            *figure = b'A' + u8::try_from(place % 26).unwrap_or(0);
            letter.length = written;
            if place < 26 {
                break;
            }
            place = place / 26 - 1;
        }
        figures[..usize::from(letter.length)].reverse();
        letter
    }

    /// As a text.
    pub fn as_str(&self) -> &str {
        let written = self.letters.get(..usize::from(self.length));
        str::from_utf8(written.unwrap_or_default()).unwrap_or_default()
    }
}

impl Deref for Letter {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a lane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneKind {
    /// A request, with the task and the job that serve it.
    Request(RequestId),
    /// A task that serves no request.
    Task(TaskId),
    /// A job whose parent has a lane of its own.
    Job(JobId),
}

/// A stretch of one state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Its first moment.
    pub from: Nanos,
    /// Its end; `None` while it goes on.
    pub to: Option<Nanos>,
    /// The state.
    pub state: State,
    /// The step that it was in when it began.
    pub step: Option<StepId>,
}

/// A printed line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutputLine {
    /// When.
    pub at: Nanos,
    /// The place of its event in the trace.
    pub event: usize,
    /// The task or job that printed it; `None` where a client did.
    pub actor: Option<Actor>,
    /// The request whose client printed it.
    pub request: Option<RequestId>,
    /// The lane of who printed it.
    pub lane: Option<LaneId>,
    /// The step that printed it.
    pub step: Option<StepId>,
    /// The thread on which it was printed.
    pub thread: Option<ThreadId>,
    /// What.
    pub text: TextId,
}

/// A piece of a streamed answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// When it went out.
    pub at: Nanos,
    /// To whom.
    pub request: RequestId,
    /// What.
    pub text: TextId,
}

/// A read or a write of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The place of its event in the trace.
    pub event: u32,
    /// Whose write it wiped out, made since its own read.
    pub over: Option<Actor>,
}

/// The reads and writes of each lane that has any.
pub(crate) type Touches = BTreeMap<LaneId, Vec<Touch>>;
