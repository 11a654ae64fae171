//! Computed time: the run's own threads take turns, one at a time, and nothing sleeps.
//!
//! *In:* threads that say how long they sleep or what they wait for. *Out:* whose turn it is, and
//! what time it is. *Invariant:* one thread has the turn; time moves on only when nobody can go on
//! in this moment; the next is chosen by time and number alone, so that every run is the same.
//! *Absent on purpose:* wall time, and everything that the engine does in a turn.

mod host;
mod pool;
mod state;
mod timer;
mod turns;

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;

pub(super) use host::Computed;
pub(super) use pool::Ticket;

use self::state::{Seat, State};
use loopscope_probe::VirtualTime;
use loopscope_trace::{EndReason, Nanos};

/// Whose turn it is: a loop, the clients, or a thread of a pool.
pub(super) type Actor = usize;

thread_local! {
    static ME: Cell<Option<Actor>> = const { Cell::new(None) };
}

/// The threads of a run in computed time.
pub(super) struct World {
    ticks: Arc<VirtualTime>,
    state: Mutex<State>,
    /// Whether nothing is left that the story has begun.
    done: OnceLock<Box<dyn Fn() -> bool + Send + Sync>>,
    limit: Nanos,
    loops: usize,
}

impl std::fmt::Debug for World {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("World")
    }
}

impl World {
    /// A world of so many loops, and the clients. The further loops take their places first, then
    /// the first loop begins, then the clients.
    pub(super) fn new(ticks: Arc<VirtualTime>, loops: usize, limit: Nanos) -> Arc<Self> {
        let mut ready: VecDeque<Actor> = (1..loops).chain([0, loops]).collect();
        let running = ready.pop_front();
        let state = State {
            actors: (0..=loops).map(|_| Seat::default()).collect(),
            running,
            ready,
            ..State::default()
        };
        Arc::new(Self {
            ticks,
            state: Mutex::new(state),
            done: OnceLock::new(),
            limit,
            loops,
        })
    }

    /// Says how the end of the story is seen.
    pub(super) fn ends_when(&self, done: impl Fn() -> bool + Send + Sync + 'static) {
        let _ = self.done.set(Box::new(done));
    }

    /// The clients' place.
    pub(super) const fn clients(&self) -> Actor {
        self.loops
    }

    /// How the story has ended.
    pub(super) fn ended(&self) -> Option<EndReason> {
        self.state().ended
    }

    /// The time.
    pub(super) fn now(&self) -> Nanos {
        self.state().now
    }

    /// This thread is `actor`; waits for its first turn. A thread that sits already goes on.
    pub(super) fn sit(&self, actor: Actor) {
        if ME.get() != Some(actor) {
            ME.set(Some(actor));
            drop(self.turn(self.state(), actor));
        }
    }

    /// This thread gives its turn away and is no part of the run any more.
    pub(super) fn leave(&self) {
        if ME.take().is_some() {
            let mut state = self.state();
            state.progress = true;
            self.next(&mut state);
        }
    }

    /// Sleeps; false if the story ended meanwhile.
    pub(super) fn sleep(&self, length: Nanos) -> bool {
        let Some(me) = ME.get() else { return false };
        let mut state = self.state();
        state.progress = true;
        let until = state.now + length;
        state.enter(me, until);
        self.give(state, me)
    }

    /// Waits until `look` says that it may go on, or the moment has come; true where it may go on.
    pub(super) fn watch(&self, until: Option<Nanos>, mut look: impl FnMut() -> bool) -> bool {
        let Some(me) = ME.get() else { return look() };
        // Whatever it did since its last turn may be what others wait for.
        self.state().progress = true;
        loop {
            if look() {
                self.state().progress = true;
                return true;
            }
            let mut state = self.state();
            if state.ended.is_some() || until.is_some_and(|until| until <= state.now) {
                return false;
            }
            if let Some(until) = until {
                state.enter(me, until);
            }
            state.actors[me].watches = true;
            if !self.give(state, me) {
                return false;
            }
        }
    }

    /// A loop has nothing to do: others have their turns until one of its timers runs out or
    /// somebody may have woken one of its tasks.
    pub(super) fn idle(&self, me: Actor) {
        if ME.get() != Some(me) {
            return;
        }
        let mut state = self.state();
        if state.ended.is_some() {
            return;
        }
        state.actors[me].watches = true;
        state.actors[me].idle = true;
        if self.give(state, me) {
            self.fire(me);
        }
        let pulse = self.state().pulses.get(&me).cloned();
        // Without it the loop's thread would go to sleep in earnest, and keep its turn.
        if let Some(pulse) = pulse {
            pulse.wake();
        }
    }

    /// What the root of a loop does at each of its turns.
    pub(super) fn pulse(&self, me: Actor, waker: &Waker) {
        self.state().pulses.insert(me, waker.clone());
    }

    /// A thread that has left can go on in this moment.
    fn rouse(&self, actor: Actor) {
        self.state().ready.push_back(actor);
    }

    /// A thread that was added could not be started.
    fn forget(&self, actor: Actor) {
        self.state().ready.retain(|other| *other != actor);
    }

    /// A loop has given a task its turn: timers that have run out meanwhile wake their tasks.
    pub(super) fn polled(&self, me: Actor) {
        self.state().progress = true;
        self.fire(me);
    }

    /// Wakes all whose timers have run out on this loop, in the order of their times.
    fn fire(&self, me: Actor) {
        loop {
            let mut state = self.state();
            let now = state.now;
            let due = state
                .timers
                .iter()
                .take_while(|((at, _), _)| *at <= now)
                .find(|(_, (own, _))| *own == me)
                .map(|(key, _)| *key);
            let Some((_, waker)) = due.and_then(|key| state.timers.remove(&key)) else {
                return;
            };
            drop(state);
            waker.wake();
        }
    }

    /// A new thread that can go on in this moment.
    fn add(&self) -> Actor {
        let mut state = self.state();
        state.actors.push(Seat::default());
        let actor = state.actors.len() - 1;
        state.ready.push_back(actor);
        actor
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which thread of the run this is.
fn me() -> Option<Actor> {
    ME.get()
}
