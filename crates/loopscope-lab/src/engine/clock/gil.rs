//! CPython's lock, as a model: a thread that computes or prints holds it, one that sleeps or awaits does not.
//!
//! It follows CPython's own protocol: a thread that has waited for the switch interval asks, the holder
//! lets go at its next look, and stands behind all others then. A loop holds it from turn to turn, and lets go while
//! it waits for its sockets, and at a system call that takes long enough for another thread to wake.
//!
//! CPython keeps no order among those that wait: the one that asks first after a release has the lock. The model
//! needs one: a thread that comes stands in the middle of those that wait, as it would on the average.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use loopscope_probe::Recorder;
use loopscope_trace::{EventKind, Nanos};
use parking_lot::{Condvar, Mutex};

use crate::engine::clock::participants::{Look, Progress, Signal};
use crate::engine::clock::virtual_clock::VirtualClock;

/// `sys.getswitchinterval()`, in scenario time.
const SWITCH_INTERVAL: Nanos = Nanos::from_millis(5);

/// No interval is shorter than this many nanoseconds of wall time.
const SHORTEST: f64 = 50e3;

/// How long a halted run may have to wait for a waiting thread to look up.
const HALT_POLL: Duration = Duration::from_millis(20);

/// The lock of one process.
#[derive(Debug)]
pub(crate) struct Gil {
    recorder: Recorder,
    halt: Arc<Signal>,
    /// Where time is computed.
    clock: Option<Arc<VirtualClock>>,
    /// Scenario time.
    interval: Nanos,
    /// When a thread that waits will have waited for the whole interval, and so asks; in nanoseconds.
    due: AtomicU64,
    state: Arc<Mutex<State>>,
    /// The lock has been passed on.
    passed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    holder: Option<thread::ThreadId>,
    /// It has been passed to this thread, which has not taken it yet.
    next: Option<thread::ThreadId>,
    /// The threads that wait, in the order in which they will have it.
    line: Vec<thread::ThreadId>,
}

impl State {
    fn is_free(&self) -> bool {
        self.holder.is_none() && self.next.is_none()
    }

    /// A thread waits from now on; one that was made to let go stands behind all others.
    fn enter(&mut self, thread: thread::ThreadId, behind: bool) {
        let all = self.line.len();
        let place = if behind { all } else { all.div_ceil(2) };
        self.line.insert(place, thread);
    }

    /// The first that waits has it next.
    fn pass(&mut self) {
        self.holder = None;
        self.next = (!self.line.is_empty()).then(|| self.line.remove(0));
    }

    /// A thread waits no longer.
    fn leave(&mut self, thread: thread::ThreadId) {
        self.line.retain(|other| *other != thread);
        if self.next == Some(thread) {
            self.pass();
        }
    }
}

/// The lock is held until this is dropped, unless the thread had it before.
pub(crate) struct GilGuard<'a>(Option<&'a Gil>);

impl Drop for GilGuard<'_> {
    fn drop(&mut self) {
        if let Some(gil) = self.0 {
            gil.give();
        }
    }
}

impl Gil {
    /// A lock that is free.
    pub(crate) fn new(
        recorder: Recorder,
        halt: Arc<Signal>,
        speed: f64,
        clock: Option<Arc<VirtualClock>>,
    ) -> Self {
        Self {
            clock,
            recorder,
            halt,
            interval: SWITCH_INTERVAL.max(Nanos((SHORTEST * speed) as u64)),
            due: AtomicU64::new(u64::MAX),
            state: Arc::default(),
            passed: Condvar::new(),
        }
    }

    /// Waits for the lock and holds it. A halted run gets no lock, and needs none.
    pub(crate) fn hold(&self) -> GilGuard<'_> {
        GilGuard((!self.is_mine() && self.take()).then_some(self))
    }

    /// A turn of a loop begins: it holds the lock until it [lets go](Self::give), and looks whether another
    /// thread has asked.
    pub(crate) fn hold_on(&self) {
        if self.is_mine() {
            self.look();
        } else {
            self.take();
        }
    }

    /// When a thread asks for it that waits; never where none does.
    pub(crate) fn due(&self) -> Nanos {
        Nanos(self.due.load(Ordering::Acquire))
    }

    /// Does something that CPython does without the lock: sleeping, reading, waiting.
    pub(crate) fn without<T>(&self, wait: impl FnOnce() -> T) -> T {
        if !self.give() {
            return wait();
        }
        let result = wait();
        self.take();
        result
    }

    /// A system call, for which the lock is let go of: where another thread waits, that has it then.
    pub(crate) fn system_call(&self) {
        self.exchange(false);
    }

    /// Lets go if another thread has asked, and waits for the next turn. Called while computing.
    pub(crate) fn look(&self) {
        if self.due() <= self.recorder.now() {
            self.exchange(true);
        }
    }

    /// Passes it to the first that waits, and waits for it again, behind all others or among them.
    fn exchange(&self, behind: bool) {
        let (thread, me) = (self.recorder.thread(), thread::current().id());
        let mut state = self.state.lock();
        if state.holder != Some(me) || state.line.is_empty() {
            return;
        }
        self.recorder.record(EventKind::GilReleased { thread });
        self.recorder.record(EventKind::GilWanted { thread });
        state.pass();
        // At once: a thread that comes back later would find no other in its way.
        state.enter(me, behind);
        self.passed.notify_all();
        drop(state);
        // Who was made to let go has done nothing else.
        let done = if behind {
            Progress::Lock
        } else {
            Progress::Any
        };
        self.wait(me, done);
    }

    /// Has it, at once or after all that wait longer; false where the run was halted first.
    fn take(&self) -> bool {
        let (thread, me) = (self.recorder.thread(), thread::current().id());
        self.recorder.record(EventKind::GilWanted { thread });
        let mut state = self.state.lock();
        if state.is_free() {
            self.taken(&mut state, me);
            return true;
        }
        if state.line.is_empty() {
            self.asks_from_now();
        }
        state.enter(me, false);
        drop(state);
        self.wait(me, Progress::Any)
    }

    /// A thread has it. Noted under the lock, so that two holders never seem to overlap.
    fn taken(&self, state: &mut State, me: thread::ThreadId) {
        state.next = None;
        state.holder = Some(me);
        match state.line.is_empty() {
            true => self.due.store(u64::MAX, Ordering::Release),
            false => self.asks_from_now(),
        }
        let thread = self.recorder.thread();
        self.recorder.record(EventKind::GilTaken { thread });
    }

    /// The interval of those that wait begins.
    fn asks_from_now(&self) {
        let due = self.recorder.now() + self.interval;
        self.due.store(due.0, Ordering::Release);
    }

    /// Waits in the line; false where the run was halted first.
    fn wait(&self, me: thread::ThreadId, done: Progress) -> bool {
        let passed = match &self.clock {
            Some(clock) => self.is_passed_in(clock, me, done),
            None => self.is_passed(me),
        };
        let mut state = self.state.lock();
        match passed {
            true => self.taken(&mut state, me),
            false => {
                state.leave(me);
                self.passed.notify_all();
            }
        }
        passed
    }

    /// Waits until it is passed to this thread; false where the run was halted.
    fn is_passed(&self, me: thread::ThreadId) -> bool {
        let mut state = self.state.lock();
        while state.next != Some(me) {
            if self.halt.given() {
                return false;
            }
            self.passed.wait_for(&mut state, HALT_POLL);
        }
        true
    }

    /// The same in computed time; `done` is what this thread has done since its last turn.
    fn is_passed_in(&self, clock: &VirtualClock, me: thread::ThreadId, done: Progress) -> bool {
        let own = Arc::clone(&self.state);
        clock.watch_asleep(done, move |_| match own.lock().next == Some(me) {
            true => Look::GoesOn,
            false => Look::Waits(None),
        });
        clock.ended().is_none()
    }

    /// Lets go of it, and passes it to the first that waits; false where this thread does not hold it.
    pub(crate) fn give(&self) -> bool {
        let mut state = self.state.lock();
        if state.holder != Some(thread::current().id()) {
            return false;
        }
        let thread = self.recorder.thread();
        self.recorder.record(EventKind::GilReleased { thread });
        state.pass();
        self.passed.notify_all();
        true
    }

    fn is_mine(&self) -> bool {
        self.state.lock().holder == Some(thread::current().id())
    }
}

/// Does something that CPython does without the lock, where there is one.
pub(crate) fn without<T>(gil: Option<&Gil>, wait: impl FnOnce() -> T) -> T {
    match gil {
        Some(gil) => gil.without(wait),
        None => wait(),
    }
}
