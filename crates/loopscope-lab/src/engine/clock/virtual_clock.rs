//! Computed time: the threads of a run take turns, one at a time, and none of them sleeps.
//!
//! One thread has the turn. Time moves on only when no thread can go on at this moment, and the next
//! thread is chosen by time and number alone, so that every run is the same.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use loopscope_probe::VirtualTime;
use loopscope_trace::{EndReason, Nanos};
use parking_lot::{Mutex, MutexGuard};

use crate::engine::clock::participants::{Actor, Delays, Look, Progress, Slot, State};

thread_local! {
    static ME: Cell<Option<Actor>> = const { Cell::new(None) };
}

/// The threads of a run in computed time.
pub(crate) struct VirtualClock {
    pub(crate) ticks: Arc<VirtualTime>,
    pub(crate) state: Mutex<State>,
    /// How the story has ended, where nothing goes on at this moment.
    pub(crate) done: OnceLock<Box<dyn Fn() -> Option<EndReason> + Send + Sync>>,
    pub(crate) limit: Nanos,
    pub(crate) loops: usize,
    /// Whether its loops look at their timers once an iteration, and not after each turn.
    pub(crate) iterates: bool,
}

impl std::fmt::Debug for VirtualClock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("VirtualClock")
    }
}

impl VirtualClock {
    /// A clock of `loops` loops, and the clients. The further loops take their places first, then
    /// the first loop begins, then the clients. With `iterates` a loop looks at its timers once an iteration.
    pub(crate) fn new(
        ticks: Arc<VirtualTime>,
        loops: usize,
        limit: Nanos,
        iterates: bool,
    ) -> Arc<Self> {
        let mut ready: VecDeque<Actor> = (1..loops).chain([0, loops]).collect();
        let running = ready.pop_front();
        let state = State {
            actors: (0..=loops).map(|_| Slot::default()).collect(),
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
            iterates,
        })
    }

    /// `done` says whether the story is over, and how it has ended.
    pub(crate) fn ends_when(&self, done: impl Fn() -> Option<EndReason> + Send + Sync + 'static) {
        let _ = self.done.set(Box::new(done));
    }

    /// Lets an order that nothing decides come out by this seed.
    pub(crate) fn disturb(&self, seed: u64) {
        self.state.lock().delays = Some(Delays::new(seed));
    }

    /// Whether such an order may come out otherwise.
    pub(crate) fn is_disturbed(&self) -> bool {
        self.state.lock().delays.is_some()
    }

    /// Whether a thread shall let all others go on first that can go on at this moment.
    pub(crate) fn delays(&self) -> bool {
        let mut state = self.state.lock();
        state.delays.as_mut().is_some_and(Delays::next)
    }

    /// The clients' place.
    pub(crate) const fn clients(&self) -> Actor {
        self.loops
    }

    /// How the story has ended.
    pub(crate) fn ended(&self) -> Option<EndReason> {
        self.state.lock().ended
    }

    /// The time.
    pub(crate) fn now(&self) -> Nanos {
        self.state.lock().now
    }

    /// This thread is `actor`; waits for its first turn. A thread that has joined already goes on.
    pub(crate) fn join(&self, actor: Actor) {
        if ME.get() != Some(actor) {
            ME.set(Some(actor));
            drop(self.turn(self.state.lock(), actor));
        }
    }

    /// This thread gives its turn away and is no part of the run any more.
    pub(crate) fn leave(&self) {
        if ME.take().is_some() {
            let mut state = self.state.lock();
            state.progress = Progress::Any;
            self.next(&mut state);
        }
    }

    /// Sleeps; false if the story ended meanwhile.
    pub(crate) fn sleep(&self, length: Nanos) -> bool {
        let Some(me) = ME.get() else { return false };
        let mut state = self.state.lock();
        state.progress = Progress::Any;
        let until = state.now + length;
        state.enter(me, until);
        self.pass(state, me)
    }

    /// Waits until `look` says that it may go on, or the moment has come; true where it may go on.
    pub(crate) fn watch(&self, until: Option<Nanos>, mut look: impl FnMut() -> bool) -> bool {
        let Some(me) = ME.get() else { return look() };
        // Whatever it did since its last turn may be what others wait for.
        self.state.lock().progress = Progress::Any;
        loop {
            if look() {
                self.state.lock().progress = Progress::Any;
                return true;
            }
            let mut state = self.state.lock();
            if state.ended.is_some() || until.is_some_and(|until| until <= state.now) {
                return false;
            }
            if let Some(until) = until {
                state.enter(me, until);
            }
            state.actors[me].watches = true;
            if !self.pass(state, me) {
                return false;
            }
        }
    }

    /// Waits like [`watch`](Self::watch), but is looked at where it stands: its thread wakes only to
    /// go on. `done` is what the thread has done since its last turn; `look` sees the time, and must
    /// not ask the clock.
    pub(crate) fn watch_asleep(
        &self,
        done: Progress,
        look: impl FnMut(Nanos) -> Look + Send + 'static,
    ) {
        let Some(me) = ME.get() else { return };
        let mut state = self.state.lock();
        state.progress = state.progress.max(done);
        state.actors[me].look = Some(Box::new(look));
        if state.ended.is_none() && !state.goes_on(me) {
            self.pass(state, me);
        } else {
            state.actors[me].look = None;
        }
    }

    /// A thread that has left can go on in this moment.
    pub(crate) fn make_ready(&self, actor: Actor) {
        self.state.lock().ready.push_back(actor);
    }

    /// A thread that was added could not be started.
    pub(crate) fn remove(&self, actor: Actor) {
        self.state.lock().ready.retain(|other| *other != actor);
    }

    /// A new thread that can go on in this moment.
    pub(crate) fn add(&self) -> Actor {
        let mut state = self.state.lock();
        state.actors.push(Slot::default());
        let actor = state.actors.len() - 1;
        state.ready.push_back(actor);
        actor
    }
}

/// Which thread of the run this is.
pub(crate) fn me() -> Option<Actor> {
    ME.get()
}

impl VirtualClock {
    /// Gives the turn away and waits for the next one; false if the story ended first.
    pub(crate) fn pass(&self, mut state: MutexGuard<'_, State>, me: Actor) -> bool {
        self.next(&mut state);
        let state = self.turn(state, me);
        state.ended.is_none()
    }

    /// Waits until it is this thread's turn, or the story has ended.
    pub(crate) fn turn<'a>(
        &self,
        mut state: MutexGuard<'a, State>,
        me: Actor,
    ) -> MutexGuard<'a, State> {
        let turn = Arc::clone(&state.actors[me].turn);
        while state.running != Some(me) && state.ended.is_none() {
            turn.wait(&mut state);
        }
        state.leave(me);
        state.actors[me].look = None;
        state.actors[me].watches = false;
        state.actors[me].idle = false;
        state
    }

    /// Chooses whose turn it is.
    pub(crate) fn next(&self, state: &mut State) {
        state.running = None;
        while state.ended.is_none() {
            if let Some(actor) = state.ready.pop_front() {
                if !state.goes_on(actor) {
                    continue;
                }
                state.running = Some(actor);
                state.actors[actor].turn.notify_one();
                return;
            }
            state.round = std::mem::take(&mut state.progress);
            if state.round > Progress::None {
                let slots = state.actors.iter().enumerate();
                let watching = slots.filter(|(_, slot)| slot.watches);
                let watching: Vec<_> = watching.map(|(actor, _)| actor).collect();
                state.ready.extend(watching);
            } else {
                self.move_on(state);
            }
        }
        for slot in &state.actors {
            slot.turn.notify_one();
        }
    }

    /// No thread can go on at this moment: the story is over, or time moves on to the next one.
    fn move_on(&self, state: &mut State) {
        if let Some(reason) = self.done.get().and_then(|done| done()) {
            return self.end(state, reason);
        }
        let idle = |own: &Actor| state.actors[*own].idle;
        let timer = state.timers.waiting.iter().find(|(_, (own, _))| idle(own));
        let timer = timer.map(|(key, _)| *key);
        let schedule = state.schedule.keys().next().copied();
        let next = match (timer, schedule) {
            (Some(timer), Some(schedule)) => timer.min(schedule).0,
            (one, other) => one.or(other).map_or(Nanos::MAX, |(at, _)| at),
        };
        if self.limit > Nanos::ZERO && next >= self.limit {
            state.now = state.now.max(self.limit);
            self.ticks.set(state.now);
            return self.end(state, EndReason::Limit);
        }
        if next == Nanos::MAX {
            // Each thread waits for another one, and nothing will ever happen.
            return self.end(state, EndReason::Limit);
        }
        state.now = next.max(state.now);
        self.ticks.set(state.now);
        state.due();
    }

    /// Ends the story in the middle: no thread gets another turn, and one that waits for a turn
    /// goes on to its own end.
    pub(crate) fn stop(&self, reason: EndReason) {
        let mut state = self.state.lock();
        if state.ended.is_none() {
            self.end(&mut state, reason);
            for slot in &state.actors {
                slot.turn.notify_one();
            }
        }
    }

    fn end(&self, state: &mut State, reason: EndReason) {
        self.ticks.close();
        state.ended = Some(reason);
    }
}
