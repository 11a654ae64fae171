//! What a task and its wakers share: wakes with their causes, and how the task ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Wake, Waker};

use loopscope_trace::{
    ChannelId, EventKind, JobId, LockId, NamedEventId, Nanos, Outcome, TaskId, WaitOn, WakeCause,
};

use crate::record::current;
use crate::record::fact::Fact;
use crate::record::recorder::Recorder;

/// What a task, its wakers and its program share: its id, and what it waits for.
#[derive(Debug)]
pub struct TaskCell {
    pub(crate) recorder: Recorder,
    id: TaskId,
    waits: AtomicU64,
    // One a task: a wake through any of its branches is a wake of the task.
    woken: Arc<AtomicBool>,
    ended: AtomicBool,
    failed: AtomicBool,
}

// What a task waits for, packed: the kind in the upper half, an id in the lower.
const NOTHING: u64 = 0;
const TIMER: u64 = 1 << 32;
const JOB: u64 = 2 << 32;
const TASK: u64 = 3 << 32;
const CLIENT: u64 = 4 << 32;
const TURN: u64 = 5 << 32;
const TASKS: u64 = 6 << 32;
const LOCK: u64 = 7 << 32;
const CHANNEL: u64 = 8 << 32;
const ROOM: u64 = 9 << 32;
const EVENT: u64 = 10 << 32;

impl TaskCell {
    /// A cell for the task with this provisional id.
    pub fn new(recorder: Recorder, id: TaskId) -> Self {
        Self {
            recorder,
            id,
            waits: AtomicU64::new(NOTHING),
            // Ready since its spawn; its first turn clears this.
            woken: Arc::new(AtomicBool::new(true)),
            ended: AtomicBool::new(false),
            failed: AtomicBool::new(false),
        }
    }

    /// A cell for one of several futures that the task polls side by side: the same task, with
    /// something of its own to wait for.
    pub fn branch(&self) -> Arc<Self> {
        Arc::new(Self {
            recorder: self.recorder.clone(),
            id: self.id,
            waits: AtomicU64::new(NOTHING),
            woken: Arc::clone(&self.woken),
            ended: AtomicBool::new(false),
            failed: AtomicBool::new(false),
        })
    }

    /// The provisional id.
    pub const fn id(&self) -> TaskId {
        self.id
    }

    /// The task is about to wait for a timer that runs out at `deadline`.
    pub fn waits_for_timer(&self, deadline: Nanos) {
        self.waits.store(TIMER, Ordering::Relaxed);
        self.recorder.record(EventKind::WaitingTimer {
            task: self.id,
            deadline,
        });
    }

    /// A wake that comes through this cell is a timer's, whatever the task was told to wait for.
    pub fn expects_timer(&self) {
        self.waits.store(TIMER, Ordering::Relaxed);
    }

    /// The task is being aborted: tokio gives it one more turn, to be dropped in.
    pub fn aborted(&self, by: WakeCause) {
        self.note_wake(by);
    }

    /// The task's result is an error: when it ends, it has failed.
    pub fn fails(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }

    /// The task is about to wait.
    pub fn waits_for(&self, on: WaitOn) {
        let packed = match on {
            WaitOn::Task(task) => TASK | u64::from(task.0),
            WaitOn::Job(job) => JOB | u64::from(job.0),
            WaitOn::Backlog => CLIENT,
            WaitOn::Turn => TURN,
            WaitOn::Tasks(_) => TASKS,
            WaitOn::Lock(lock) => LOCK | u64::from(lock.0),
            WaitOn::Channel(channel) => CHANNEL | u64::from(channel.0),
            WaitOn::Room(channel) => ROOM | u64::from(channel.0),
            WaitOn::NamedEvent(event) => EVENT | u64::from(event.0),
            WaitOn::Futures(_) | WaitOn::Forever | WaitOn::Named { .. } => NOTHING,
        };
        self.waits.store(packed, Ordering::Relaxed);
        self.recorder
            .record(EventKind::Waiting { task: self.id, on });
    }

    /// Why the task is woken now, on this thread.
    fn cause(&self) -> WakeCause {
        let waits = self.waits.load(Ordering::Relaxed);
        let id = waits as u32;
        match waits & (0xffff_ffff << 32) {
            TIMER => WakeCause::Timer,
            JOB => WakeCause::Job(JobId(id)),
            TASK => WakeCause::Task(TaskId(id)),
            CLIENT => WakeCause::Client,
            TURN => WakeCause::Itself,
            LOCK => WakeCause::Lock(LockId(id)),
            CHANNEL => WakeCause::Channel(ChannelId(id)),
            EVENT => WakeCause::NamedEvent(NamedEventId(id)),
            ROOM => WakeCause::Room(ChannelId(id)),
            TASKS => current::last_ended()
                .get()
                .map_or(WakeCause::Unknown, WakeCause::Task),
            _ => match (current::task().get(), current::job().get()) {
                (Some(task), _) if task == self.id => WakeCause::Itself,
                (Some(task), _) => WakeCause::Task(task),
                (None, Some(job)) => WakeCause::Job(job),
                (None, None) => WakeCause::Unknown,
            },
        }
    }

    /// A turn of the task begins: the next wake counts again.
    #[inline]
    pub(crate) fn runs(&self) {
        self.woken.store(false, Ordering::Release);
    }

    /// The task has ended, or unwinds for good; told once. Later wakes change nothing.
    pub(crate) fn ends(&self, outcome: Outcome) {
        self.woken.store(true, Ordering::Release);
        if !self.ended.swap(true, Ordering::AcqRel) {
            let task = self.id;
            let outcome = match outcome {
                Outcome::Completed if self.failed.load(Ordering::Relaxed) => Outcome::Failed,
                outcome => outcome,
            };
            self.recorder.note(|| Fact::Ended { task, outcome });
        }
    }

    fn wake(&self) {
        self.note_wake(self.cause());
    }

    fn note_wake(&self, by: WakeCause) {
        // Only the first wake since the last turn changes anything; tokio ignores the others too.
        if !self.woken.swap(true, Ordering::AcqRel) {
            let task = self.id;
            self.recorder
                .note(|| Fact::Event(EventKind::Woken { task, by }));
        }
    }
}

/// A waker that tells the cause that its cell knows.
pub(crate) struct TracedWaker {
    cell: Arc<TaskCell>,
    inner: Waker,
}

/// The runtime's waker and ours round it, kept for all turns.
pub(crate) type Wakers = Option<(Waker, Waker)>;

impl TracedWaker {
    /// Our waker round `outer`; made anew only where the outer one has changed.
    #[inline]
    pub(crate) fn round<'a>(
        kept: &'a mut Wakers,
        cell: &Arc<TaskCell>,
        outer: &'a Waker,
    ) -> &'a Waker {
        let stale = |(kept, _): &(Waker, Waker)| !kept.will_wake(outer);
        if kept.as_ref().is_none_or(stale) {
            let ours = Waker::from(Arc::new(Self {
                cell: Arc::clone(cell),
                inner: outer.clone(),
            }));
            *kept = Some((outer.clone(), ours));
        }
        kept.as_ref().map_or(outer, |(_, ours)| ours)
    }
}

impl Wake for TracedWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.cell.wake();
        self.inner.wake_by_ref();
    }
}
