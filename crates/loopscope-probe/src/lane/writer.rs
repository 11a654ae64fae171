//! The end of a lane that its thread writes to.

use std::cell::Cell;

use crate::lane::lane::{Lane, Open};
use crate::lane::word::{Tag, Word, flag};

/// How many polls inside one another are told apart.
const DEEPEST: usize = 8;

/// How much room stays free for what is told once: spawns and ends are lost after polls and wakes.
const KEPT: u64 = Lane::ROOM / 8;

/// Writes to a lane; what it is not given yet goes nowhere.
#[derive(Debug)]
pub struct Writer {
    lane: Cell<Option<&'static Lane>>,
    /// How many records were written, and how many were seen to be taken out.
    head: Cell<u64>,
    taken: Cell<u64>,
    self_woken: Cell<bool>,
    continued: Cell<bool>,
    /// How many polls are under way inside one another, and the outer ones.
    depth: Cell<usize>,
    outer: [Cell<u32>; DEEPEST],
    /// How many jobs run here inside one another, and whether the last one panicked.
    jobs: Cell<usize>,
    job_panicked: Cell<bool>,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// One without a lane.
    pub const fn new() -> Self {
        Self {
            lane: Cell::new(None),
            head: Cell::new(0),
            taken: Cell::new(0),
            self_woken: Cell::new(false),
            continued: Cell::new(false),
            depth: Cell::new(0),
            outer: [const { Cell::new(0) }; DEEPEST],
            jobs: Cell::new(0),
            job_panicked: Cell::new(false),
        }
    }

    /// Whether it has a lane.
    #[inline]
    pub fn has_lane(&self) -> bool {
        self.lane.get().is_some()
    }

    /// Writes to this lane from now on. No other writer may have it.
    pub fn take(&self, lane: &'static Lane) {
        lane.close();
        self.head.set(lane.written());
        self.taken.set(lane.taken());
        self.depth.set(0);
        self.jobs.set(0);
        self.lane.set(Some(lane));
    }

    /// Gives its lane back.
    pub fn leave(&self) -> Option<&'static Lane> {
        let lane = self.lane.take()?;
        lane.close();
        Some(lane)
    }

    /// Notes what is told often: it is lost first.
    #[inline]
    fn push(&self, at: u64, word: Word) {
        self.write(at, word, KEPT);
    }

    /// Notes something that happens once.
    #[inline]
    pub fn note(&self, at: u64, word: Word) {
        self.write(at, word, 0);
    }

    #[inline]
    fn write(&self, at: u64, word: Word, kept: u64) {
        let Some(lane) = self.lane.get() else { return };
        let head = self.head.get();
        if head - self.taken.get() + kept >= Lane::ROOM {
            self.taken.set(lane.taken());
            if head - self.taken.get() + kept >= Lane::ROOM {
                return lane.lose();
            }
        }
        lane.write(head, at, word);
        self.head.set(head + 1);
    }

    /// A task's turn begins. One inside another interrupts it: a thread polls one task at a time.
    #[inline]
    pub fn poll_begins(&self, at: u64, task: u32) {
        let Some(lane) = self.lane.get().filter(|_| self.jobs.get() == 0) else {
            return;
        };
        let depth = self.depth.get();
        if depth > 0 {
            self.interrupt(lane, at, depth);
        }
        self.depth.set(depth + 1);
        lane.begin(Open {
            at,
            task: Some(task),
        });
    }

    #[cold]
    fn interrupt(&self, lane: &Lane, at: u64, depth: usize) {
        let Some(Open {
            at: since,
            task: Some(task),
        }) = lane.own()
        else {
            return;
        };
        if let Some(place) = self.outer.get(depth - 1) {
            place.set(task);
        }
        // It goes on as soon as the inner one is over.
        self.self_woken.set(true);
        self.push_poll(since, at, task, false);
        lane.close();
    }

    /// A task's turn ends; `panicked`: by a panic.
    #[inline]
    pub fn poll_ends(&self, at: u64, panicked: bool) {
        let Some(lane) = self.lane.get().filter(|_| self.jobs.get() == 0) else {
            return;
        };
        if let Some(Open {
            at: since,
            task: Some(task),
        }) = lane.own()
        {
            self.push_poll(since, at, task, panicked);
        }
        lane.close();
        let depth = self.depth.get().saturating_sub(1);
        self.depth.set(depth);
        if depth > 0 {
            self.go_on(lane, at, depth);
        }
    }

    #[cold]
    fn go_on(&self, lane: &Lane, at: u64, depth: usize) {
        if let Some(place) = self.outer.get(depth - 1) {
            self.continued.set(true);
            let task = Some(place.get());
            lane.begin(Open { at, task });
        }
    }

    #[inline]
    fn push_poll(&self, since: u64, at: u64, task: u32, panicked: bool) {
        let mut flags = 0;
        if self.self_woken.replace(false) {
            flags |= flag::SELF_WOKEN;
        }
        if self.continued.replace(false) {
            flags |= flag::CONTINUED;
        }
        if panicked {
            flags |= flag::PANICKED;
        }
        let ticks = at.saturating_sub(since);
        self.push(since, Word::span(Tag::Poll, flags, ticks, task));
    }

    /// A task is woken. By itself it is a mark of its poll; else `now` is read.
    #[inline]
    pub fn wakes(&self, task: u32, now: impl FnOnce() -> u64) {
        let Some(lane) = self.lane.get() else { return };
        if lane.own().and_then(|open| open.task) == Some(task) {
            self.self_woken.set(true);
        } else {
            self.push(now(), Word::new(Tag::Wake, 0, task));
        }
    }

    /// A job's turn begins: to run, or to be dropped. What it polls itself is part of it.
    pub fn job_begins(&self, at: u64, job: u32) {
        self.jobs.set(self.jobs.get() + 1);
        self.note(at, Word::new(Tag::JobStarted, 0, job));
    }

    /// A job's turn ends; `panicked`: by a panic.
    pub fn job_ends(&self, panicked: bool) {
        self.jobs.set(self.jobs.get().saturating_sub(1));
        if panicked {
            self.job_panicked.set(true);
        }
    }

    /// A job was dropped, after its last turn.
    pub fn job_is_gone(&self, at: u64, job: u32) {
        let panicked = self.job_panicked.replace(false);
        self.note(at, Word::new(Tag::JobEnded, u32::from(panicked), job));
    }

    /// The thread is about to sleep.
    pub fn sleep_begins(&self, at: u64) {
        if let Some(lane) = self.lane.get().filter(|_| self.depth.get() == 0) {
            lane.close();
            lane.begin(Open { at, task: None });
        }
    }

    /// The thread has woken up.
    pub fn sleep_ends(&self, at: u64) {
        let Some(lane) = self.lane.get() else { return };
        if let Some(Open {
            at: since,
            task: None,
        }) = lane.own()
        {
            let ticks = at.saturating_sub(since);
            self.push(since, Word::span(Tag::Sleep, 0, ticks, 0));
            lane.close();
        }
    }
}
