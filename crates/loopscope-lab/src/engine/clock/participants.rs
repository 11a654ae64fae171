//! The threads of a run: the signal that ends them, and in computed time which can go on now, and when the
//! others will.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Waker;
use std::time::{Duration, Instant};

use loopscope_trace::{EndReason, Nanos};
use parking_lot::{Condvar, Mutex};

use crate::engine::clock::iteration::{Iteration, Timers};

/// Given once, never taken back.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    given: AtomicBool,
    guard: Mutex<()>,
    changed: Condvar,
}

impl Signal {
    /// Whether it has been given.
    pub(crate) fn given(&self) -> bool {
        self.given.load(Ordering::Acquire)
    }

    /// Gives it; all threads that wait go on at once.
    pub(crate) fn give(&self) {
        // Under the lock, so that no thread can miss it between looking and waiting.
        let _guard = self.guard.lock();
        self.given.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    /// Waits for `length`, or until the signal is given; true if it was given.
    pub(crate) fn wait(&self, length: Duration) -> bool {
        let until = Instant::now() + length;
        let mut guard = self.guard.lock();
        loop {
            if self.given() {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            self.changed.wait_for(&mut guard, left);
        }
    }
}

/// Chooses by a seed between threads that can go on at the same moment, so that an order that nothing decides comes out
/// differently.
#[derive(Debug)]
pub(crate) struct Delays(u64);

impl Delays {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Whether this one lets others go first; the generator is Steele's splitmix, good from the first number on.
    pub(crate) const fn next(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (number ^ (number >> 31)) >> 63 == 1
    }
}

/// Whose turn it is: a loop, the clients, or a thread of a pool.
pub(crate) type Actor = usize;

/// Everything that is decided under one lock.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) now: Nanos,
    pub(crate) actors: Vec<Slot>,
    pub(crate) running: Option<Actor>,
    /// The threads that can go on at this moment, in order.
    pub(crate) ready: VecDeque<Actor>,
    /// The threads that sleep, or wait at most until then.
    pub(crate) schedule: BTreeMap<(Nanos, u64), Actor>,
    /// Of each loop's root; a wake makes the loop look around once more.
    pub(crate) wakers: BTreeMap<Actor, Waker>,
    pub(crate) timers: Timers,
    pub(crate) number: u64,
    /// What threads have done since those that watch looked last.
    pub(crate) progress: Progress,
    /// What had been done when those that are ready began to look.
    pub(crate) round: Progress,
    pub(crate) ended: Option<EndReason>,
    /// Where an order that nothing decides shall come out differently.
    pub(crate) delays: Option<Delays>,
}

/// What threads have done, and so who may go on by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Progress {
    /// Nothing.
    #[default]
    None,
    /// They took, freed or asked for CPython's lock: only those go on that are looked at.
    Lock,
    /// Anything.
    Any,
}

/// What a thread that waits says when it is looked at.
pub(crate) enum Look {
    /// It goes on: what it waits for has come.
    GoesOn,
    /// It goes on: its moment has come.
    Due,
    /// It waits on, at most until then.
    Waits(Option<Nanos>),
}

/// A thread of the run.
#[derive(Default)]
pub(crate) struct Slot {
    /// Notified when the thread has its turn.
    pub(crate) turn: Arc<Condvar>,
    /// Waits for something that others do, and looks again after each turn in which they did.
    pub(crate) watches: bool,
    /// Looks in its place, while it waits.
    pub(crate) look: Option<Box<dyn FnMut(Nanos) -> Look + Send>>,
    /// Where it is a loop: what is left of its iteration.
    pub(crate) iteration: Iteration,
    /// It is a loop that has nothing to do, and so looks at its timers.
    pub(crate) idle: bool,
    /// Where it is a loop: when it has looked at its timers last.
    pub(crate) looked: Nanos,
    /// Its place in the schedule.
    pub(crate) until: Option<(Nanos, u64)>,
}

impl State {
    /// A number that no timer or sleeper has yet.
    pub(crate) fn number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// Takes out what is left of wakers once the run's threads have ended: a waker keeps its runtime,
    /// which keeps this clock. To be dropped without its lock.
    pub(crate) fn take_wakers(&mut self) -> impl Sized + use<> {
        let timers = std::mem::take(&mut self.timers);
        (std::mem::take(&mut self.wakers), timers)
    }

    /// Puts a thread into the schedule.
    pub(crate) fn enter(&mut self, actor: Actor, until: Nanos) {
        let key = (until, self.number());
        self.schedule.insert(key, actor);
        self.actors[actor].until = Some(key);
    }

    /// Takes a thread out of the schedule.
    pub(crate) fn leave(&mut self, actor: Actor) {
        if let Some(key) = self.actors[actor].until.take() {
            self.schedule.remove(&key);
        }
    }

    /// Whether a thread goes on now that its turn has come: one that is looked at may wait on, and one
    /// that watches does so where only the lock was moved.
    pub(crate) fn goes_on(&mut self, actor: Actor) -> bool {
        let (now, slot) = (self.now, &mut self.actors[actor]);
        let unmoved = self.round == Progress::Lock && self.progress <= Progress::Lock;
        let looked = match &mut slot.look {
            Some(look) => look(now),
            None if slot.watches && unmoved => Look::Waits(slot.until.map(|(at, _)| at)),
            None => return true,
        };
        if matches!(looked, Look::GoesOn) {
            self.progress = self.progress.max(Progress::Lock);
        }
        let until = match looked {
            Look::GoesOn | Look::Due => return true,
            Look::Waits(until) => until,
        };
        self.leave(actor);
        if let Some(until) = until {
            self.enter(actor, until);
        }
        self.actors[actor].watches = true;
        false
    }

    /// All whose moment has come can go on, in the order of their numbers unless that is to be disturbed: sleepers, and
    /// loops of which a timer has run out.
    pub(crate) fn due(&mut self) {
        let now = self.now;
        let sleepers = self.schedule.iter().map(|(key, actor)| (*key, *actor));
        let timers = self
            .timers
            .waiting
            .iter()
            .map(|(key, (own, _))| (*key, *own));
        let idle = timers.filter(|(_, own)| self.actors[*own].idle);
        let mut all: Vec<_> = sleepers
            .take_while(|((at, _), _)| *at <= now)
            .chain(idle.take_while(|((at, _), _)| *at <= now))
            .collect();
        all.sort_unstable();

        for (key, actor) in all {
            self.schedule.remove(&key);
            if self.ready.contains(&actor) {
                continue;
            }
            match self.delays.as_mut().is_some_and(Delays::next) {
                true => self.ready.push_front(actor),
                false => self.ready.push_back(actor),
            }
        }
    }
}
