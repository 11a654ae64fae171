//! One thread of a tokio program: parked, or since when it does the same, and what that is.

use loopscope_stack::proc::thread::{Call, Ran, Thread as Files};
use loopscope_stack::{Process, Role, Ticks};
use loopscope_trace::ThreadRole;

use crate::blocks::noted::Noted;
use crate::merge::seen::Seen;
use crate::native::state::{Given, Spot, State, is_loop, spot};
use crate::outside::thread::look;

/// How long what is not sampled yet is waited for beyond the threshold.
const PATIENCE: u64 = 100_000_000;
/// For how long a loop is busy before that is told.
const BUSY: u64 = 10_000_000;
/// How often a thread is looked at to learn how it counts.
const LESSON: u64 = 20_000_000;

/// A thread that is looked at.
#[derive(Debug)]
pub(crate) struct Thread {
    pub(super) files: Files,
    pub(super) tid: u32,
    pub(super) role: Option<Role>,
    /// What it was told to be for.
    pub(super) told: Option<ThreadRole>,
    pub(super) state: State,
    /// Whether it was told that it is awake.
    pub(super) awake: bool,
    pub(super) ran: Ran,
    /// When it was looked at before.
    pub(super) looked: u64,
    /// Since when it does what it does.
    pub(super) since: u64,
    /// Where it parks.
    pub(super) parks: Vec<Spot>,
    pub(super) ticks: Ticks,
    /// When it was last looked at to learn how it counts.
    pub(super) lesson: u64,
    /// When it may be looked into again, where it is none of tokio's.
    pub(super) rest: u64,
    pub(super) noted: Noted,
}

impl Thread {
    /// A thread of the process; `None` where it has ended.
    pub(crate) fn open(pid: u32, tid: u32, now: u64) -> Option<Self> {
        let files = Files::open(pid, tid)?;
        Some(Self {
            ran: files.ran()?,
            files,
            tid,
            role: None,
            told: None,
            state: State::Busy,
            awake: true,
            looked: now,
            since: now,
            parks: Vec::new(),
            ticks: Ticks::default(),
            lesson: 0,
            rest: 0,
            noted: Noted::default(),
        })
    }

    /// Whether it is held for a while.
    pub(crate) fn is_held(&self, now: u64, threshold: u64) -> bool {
        let is_loop = self.role.is_some_and(is_loop);
        is_loop
            && !matches!(self.state, State::Free)
            && now.saturating_sub(self.since) > threshold * 2 / 5
    }

    /// Whether it is one of tokio's, or may be.
    pub(crate) fn is_of_tokio(&self) -> bool {
        self.role != Some(Role::Other)
    }

    /// Whether it has nothing to do.
    pub(crate) const fn is_free(&self) -> bool {
        matches!(self.state, State::Free)
    }

    /// Looks at it once.
    pub(crate) fn look(&mut self, process: &mut Process, now: u64, threshold: u64) -> Given {
        let mut given = Given::default();
        let (Some(ran), Some(call)) = (self.files.ran(), self.files.call()) else {
            self.over(now, &mut given);
            return given;
        };
        let slept = ran == self.ran;
        // One whose loop another thread has taken over counts no more.
        let counts = matches!(self.role, Some(Role::Worker | Role::CurrentThread));
        let moved = counts
            .then(|| process.moved(&mut self.ticks, slept))
            .flatten();
        // A thread that woke and has run since began at the earliest when what it ran fits in.
        let began = now.saturating_sub(
            ran.on.saturating_sub(self.ran.on) + ran.waited.saturating_sub(self.ran.waited),
        );
        let began = began.max(self.looked);
        if self.is_at_its_park(call) {
            self.sleeps(process, now, call, slept, &mut given);
        } else {
            match (&self.state, moved) {
                (State::Free, _) => self.state_since(State::Busy, began),
                (State::Works(_), Some(true)) => {
                    self.ends(now.midpoint(self.looked), &mut given);
                    self.state_since(State::Busy, now.midpoint(self.looked));
                }
                (State::Busy, Some(true)) => self.since = now.midpoint(self.looked),
                _ => {}
            }
            self.works(process, now, threshold, (call, slept), &mut given);
        }
        (self.ran, self.looked) = (ran, now);
        given.floor = self.floor(now, threshold);
        given
    }

    fn is_at_its_park(&self, call: Call) -> bool {
        spot(call).is_some_and(|spot| self.parks.contains(&spot))
    }

    /// It sleeps where it parks.
    fn sleeps(
        &mut self,
        process: &mut Process,
        now: u64,
        call: Call,
        slept: bool,
        given: &mut Given,
    ) {
        if !matches!(self.state, State::Free) {
            // It has ended at some moment since the look before.
            self.free(now.midpoint(self.looked), given);
        }
        let is_loop = matches!(self.role, Some(Role::Worker | Role::CurrentThread));
        if is_loop && !slept && !self.ticks.is_learned() && now >= self.lesson + LESSON {
            self.lesson = now;
            let look = process.look(self.tid, call);
            if let Some(snapshot) = look.and_then(|look| look.snapshot) {
                self.ticks.learn(snapshot);
            }
        }
    }

    /// It is somewhere else.
    fn works(
        &mut self,
        process: &mut Process,
        now: u64,
        threshold: u64,
        (call, slept): (Call, bool),
        given: &mut Given,
    ) {
        let age = now.saturating_sub(self.since);
        if age >= BUSY && !self.awake && self.told == Some(ThreadRole::Loop) {
            self.awake = true;
            given.seen.push((self.since, Seen::Unparked));
        }
        let is_due = match &self.state {
            State::Works(works) => now >= works.next,
            // One that sleeps is read without a stop, one that runs is stopped for it.
            _ => {
                now >= self.rest
                    && ((slept && call != Call::Runs)
                        || age >= threshold / 2
                        || self.role.is_none())
            }
        };
        if self.role.is_some_and(|role| role != Role::Other)
            && age >= threshold * 2 / 5
            && let Some(found) = look(process.pid(), self.tid)
        {
            self.noted.note(process.pid(), now, found);
        }
        if is_due && let Some(look) = process.look(self.tid, call) {
            self.found(look, (now, threshold), (call, slept), given);
        }
        self.tell(now, threshold, given);
    }

    /// What began since this moment may still need its place there.
    fn floor(&self, now: u64, threshold: u64) -> Option<u64> {
        let waits = match &self.state {
            State::Free => false,
            State::Busy => self.role != Some(Role::Other),
            State::Works(works) => !works.told || works.samples == 0,
        };
        let is_young = now.saturating_sub(self.since) < threshold + PATIENCE;
        (waits && is_young).then_some(self.since)
    }
}
