//! The wrapper round a task's future and its waker: wakes with their causes, and how it ended.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use super::record::Fact;
use super::{Recorder, local};
use loopscope_trace::{
    ChannelId, EventKind, JobId, LockId, Nanos, Outcome, TaskId, WaitOn, WakeCause,
};

/// What a task, its wakers and its program share: who it is and what it waits for.
#[derive(Debug)]
pub struct TaskCell {
    recorder: Recorder,
    id: TaskId,
    waits: AtomicU64,
    // One a task: a wake through any of its branches is a wake of the task.
    woken: Arc<AtomicBool>,
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

impl TaskCell {
    /// A cell for the task with this provisional id.
    pub fn new(recorder: Recorder, id: TaskId) -> Self {
        Self {
            recorder,
            id,
            waits: AtomicU64::new(NOTHING),
            // Ready since its spawn; its first turn clears this.
            woken: Arc::new(AtomicBool::new(true)),
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

    /// Somebody aborts the task: tokio gives it one more turn, to be dropped in.
    pub fn aborted(&self, by: WakeCause) {
        self.note_wake(by);
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
            WaitOn::Futures(_) | WaitOn::Forever => NOTHING,
        };
        self.waits.store(packed, Ordering::Relaxed);
        self.recorder
            .record(EventKind::Waiting { task: self.id, on });
    }

    /// Why somebody wakes the task now, on this thread.
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
            TASKS => local::last_ended()
                .get()
                .map_or(WakeCause::Unknown, WakeCause::Task),
            _ => match local::current().get() {
                Some(task) if task == self.id => WakeCause::Itself,
                Some(task) => WakeCause::Task(task),
                None => WakeCause::Unknown,
            },
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
pub(super) struct TracedWaker {
    cell: Arc<TaskCell>,
    inner: Waker,
}

/// Somebody's waker and ours round it, kept for all turns.
pub(super) type Wakers = Option<(Waker, Waker)>;

impl TracedWaker {
    /// Our waker round `outer`; made anew only where the outer one has changed.
    #[inline]
    pub(super) fn round<'a>(
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

/// A task's future that tells its wakes and its end; where tokio's hooks are missing, its turns.
pub struct Traced<F> {
    // Boxed, because a pinned field cannot be reached without `unsafe`; once a task, not a turn.
    inner: Option<Pin<Box<F>>>,
    cell: Arc<TaskCell>,
    waker: Wakers,
    outcome: Outcome,
}

impl<F: Future> Traced<F> {
    /// Wraps `future`, which runs as the task of `cell`.
    pub fn new(cell: Arc<TaskCell>, future: F) -> Self {
        Self {
            inner: Some(Box::pin(future)),
            cell,
            waker: None,
            outcome: Outcome::NeverPolled,
        }
    }
}

impl<F: Future> Future for Traced<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        let turn = Turn::start(&this.cell);
        this.cell.woken.store(false, Ordering::Release);
        this.outcome = Outcome::Cancelled;
        let inner = match &mut this.inner {
            Some(inner) => inner,
            // Polled again after its end, which no runtime does.
            None => return Poll::Pending,
        };
        let waker = TracedWaker::round(&mut this.waker, &this.cell, context.waker());
        let result = inner.as_mut().poll(&mut Context::from_waker(waker));
        if result.is_ready() {
            this.outcome = Outcome::Completed;
            this.end();
        }
        drop(turn);
        result
    }
}

impl<F> Traced<F> {
    fn end(&mut self) {
        // The future first: what it drops still belongs to the task.
        if self.inner.take().is_some() {
            self.cell.woken.store(true, Ordering::Release);
            local::set_last_ended(self.cell.id);
            let (task, outcome) = (self.cell.id, self.outcome);
            self.cell.recorder.note(|| Fact::Ended { task, outcome });
        }
    }
}

impl<F> Drop for Traced<F> {
    fn drop(&mut self) {
        if thread::panicking() && self.outcome == Outcome::Cancelled {
            self.outcome = Outcome::Panicked;
        }
        let before = local::set_current(self.cell.id);
        self.end();
        local::set_current(before);
    }
}

/// Marks this thread as polling the task, also if the poll panics.
struct Turn {
    cell: Option<Arc<TaskCell>>,
    before: TaskId,
}

impl Turn {
    #[inline]
    fn start(cell: &Arc<TaskCell>) -> Self {
        let before = local::set_current(cell.id);
        if cell.recorder.hooks() {
            return Self { cell: None, before };
        }
        let thread = cell.recorder.thread();
        cell.recorder.record(EventKind::PollStarted {
            task: cell.id,
            thread,
        });
        Self {
            cell: Some(Arc::clone(cell)),
            before,
        }
    }
}

impl Drop for Turn {
    #[inline]
    fn drop(&mut self) {
        local::set_current(self.before);
        let Some(cell) = &self.cell else { return };
        if thread::panicking() {
            // tokio ends a task before its last turn; without the hooks this is the place.
            let (task, outcome) = (cell.id, Outcome::Panicked);
            cell.recorder.note(|| Fact::Ended { task, outcome });
        }
        let thread = cell.recorder.thread();
        cell.recorder.record(EventKind::PollEnded {
            task: cell.id,
            thread,
        });
    }
}
