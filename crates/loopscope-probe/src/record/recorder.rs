//! The recorder: the handle through which facts enter, from any thread.

use std::sync::Arc;
use std::time::Duration;

use loopscope_trace::{EventKind, JobId, Nanos, ProcessId, RequestId, TaskId, TextId, ThreadId};

use crate::clock::VirtualTime;
use crate::record::core::Core;
use crate::record::fact::Fact;
use crate::record::thread;

/// Notes events from any thread, without waiting and without allocating. Clones are the same
/// recorder. A program can tell its own steps through it as well.
#[derive(Clone, Debug)]
pub struct Recorder {
    pub(crate) core: Arc<Core>,
}

impl Recorder {
    /// A recorder whose time runs at `speed` seconds of the run in a second of wall time (1.0 for a
    /// program that is only watched), from the call of [`Recorder::start`] on.
    pub fn new(speed: f64) -> Self {
        Self::with_hooks(speed, true)
    }

    /// Like [`Recorder::new`]. Without `hooks`, or where this build has none, spawns, turns and ends
    /// are known of wrapped tasks only.
    pub fn with_hooks(speed: f64, hooks: bool) -> Self {
        Self {
            core: Arc::new(Core::new(speed, hooks, None)),
        }
    }

    /// A recorder whose time is what `time` says.
    pub fn with_virtual_time(speed: f64, time: Arc<VirtualTime>) -> Self {
        Self {
            core: Arc::new(Core::new(speed, true, Some(time))),
        }
    }

    /// Notes an event that happens now, on this thread.
    #[inline]
    pub fn record(&self, event: EventKind) {
        self.note(|| Fact::Event(event));
    }

    /// The id of `text`; the same text has the same id.
    pub fn intern(&self, text: &str) -> TextId {
        self.core.texts.intern(text)
    }

    /// The text behind an id of this recorder's.
    pub fn text(&self, id: TextId) -> Option<String> {
        self.core.texts.text(id)
    }

    /// Time since the start of the run; zero before it.
    pub fn now(&self) -> Nanos {
        self.core.clock.at(self.core.clock.raw())
    }

    /// This thread's id; takes a ring for the thread if it has none.
    pub fn thread(&self) -> ThreadId {
        thread::id(&self.core)
    }

    /// A new provisional id for a task.
    pub fn new_task(&self) -> TaskId {
        TaskId(self.core.tasks.next())
    }

    /// A new provisional id for a job.
    pub fn new_job(&self) -> JobId {
        JobId(self.core.jobs.next())
    }

    /// A new provisional id for a request.
    pub fn new_request(&self) -> RequestId {
        RequestId(self.core.requests.next())
    }

    /// A new provisional id for a child process.
    pub fn new_process(&self) -> ProcessId {
        ProcessId(self.core.processes.next())
    }

    /// The run starts now, unless it has started: what was noted before happened at zero.
    pub fn start(&self) {
        self.core.clock.start(self.core.clock.raw());
    }

    /// The run started when CLOCK_MONOTONIC said `origin`: how a child process joins the clock. A
    /// run that has started keeps its start.
    pub fn start_at(&self, origin: Duration) {
        self.core.clock.start_at(origin);
    }

    /// What CLOCK_MONOTONIC said at the start of the run; `None` before it.
    pub fn started_at(&self) -> Option<Duration> {
        self.core.clock.started_at()
    }

    /// Whether tokio's hooks tell spawns, turns and ends.
    #[inline]
    pub fn hooks(&self) -> bool {
        self.core.hooks
    }

    #[inline]
    pub(crate) fn note(&self, fact: impl FnOnce() -> Fact) {
        thread::note(&self.core, fact);
    }
}
