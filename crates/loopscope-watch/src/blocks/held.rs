//! Turns, callbacks and jobs that last: looked at while they do, and asked where they are.

use std::collections::HashMap;
use std::fs::File;

use loopscope_trace::BlockKind;

use crate::blocks::kind::refined;
use crate::blocks::noted::Noted;
use crate::outside::frames::Frame;
use crate::outside::stack::Answers;
use crate::outside::thread::look;
use crate::ring::slots::{Doing, Open};
use crate::source::files::Files;

/// How long what is not sampled yet is waited for beyond the threshold.
const PATIENCE: u64 = 100_000_000;
/// The longest time between two samples of the same turn.
const LONGEST: u64 = 500_000_000;
/// How many threads of a process are asked at one look.
const ASKED: usize = 4;

/// Where a thread was seen that is held, and by what.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) kind: BlockKind,
    /// The innermost first; empty where it did not answer.
    pub(crate) frames: Vec<Frame>,
}

impl Sample {
    /// That of a thread that was held and could not be looked at.
    pub(crate) const fn unseen() -> Self {
        Self {
            kind: BlockKind::Unknown,
            frames: Vec::new(),
        }
    }
}

/// Looks at what the threads of one process do.
#[derive(Debug)]
pub(crate) struct Holders {
    pid: u32,
    /// The one that asks for a call stack; 0 for none, below zero: only of a thread that is in a system call.
    pub(crate) signal: i32,
    threshold: u64,
    held: HashMap<u16, Holder>,
    answers: Answers,
}

/// A thread that is held since a moment.
#[derive(Debug)]
struct Holder {
    since: u64,
    noted: Noted,
    samples: u32,
    /// When it is to be asked.
    next: u64,
}

impl Holders {
    pub(crate) fn new(pid: u32, signal: i32, threshold: u64) -> Self {
        Self {
            pid,
            signal,
            threshold,
            held: HashMap::new(),
            answers: Answers::default(),
        }
    }

    /// Looks at all threads of the process; hands on what was seen of those that last.
    pub(crate) fn look(
        &mut self,
        now: u64,
        open: &[Open],
        answers: &File,
        files: &mut Files,
    ) -> Vec<(Open, Sample)> {
        let lasting = open.iter().filter(|open| open.doing != Doing::Parked);
        let since: HashMap<u16, u64> = lasting
            .clone()
            .map(|open| (open.thread, open.since))
            .collect();
        self.held
            .retain(|thread, holder| since.get(thread) == Some(&holder.since));
        let mut samples = Vec::new();
        for open in lasting {
            let may_ask = samples.len() < ASKED;
            if let Some(sample) = self.look_at(now, open, may_ask, (answers, files)) {
                samples.push((*open, sample));
            }
        }
        samples
    }

    /// Looks at one thread, and asks it where it is when that is due.
    fn look_at(
        &mut self,
        now: u64,
        open: &Open,
        may_ask: bool,
        (answers, files): (&File, &mut Files),
    ) -> Option<Sample> {
        let holder = self.held.entry(open.thread).or_insert_with(|| Holder {
            since: open.since,
            noted: Noted::default(),
            samples: 0,
            next: open.since.saturating_add(self.threshold),
        });
        let age = now.saturating_sub(open.since);
        // Turns that are over soon cost nothing.
        if age < self.threshold * 2 / 5 {
            return None;
        }
        let is_due = now >= holder.next && may_ask;
        // One that lasts and lasts is looked at before it is asked, not all the time.
        if !is_due && holder.samples > 0 && now + self.threshold < holder.next {
            return None;
        }
        let found = look(self.pid, open.native);
        let waited_for = holder.samples == 0 && age < self.threshold + PATIENCE;
        if holder.samples == 0 && !waited_for && (found.is_none() || !is_due) {
            holder.samples = 1;
            return Some(Sample::unseen());
        }
        let found = found?;
        holder.noted.note(self.pid, now, found);
        if !is_due {
            return None;
        }
        // Below zero: only a thread that is in a system call may be asked.
        let signal = self.signal.saturating_abs();
        let may_answer = self.signal > 0 || found.call.is_some();
        let handles =
            may_answer && (1..=64).contains(&signal) && found.handles >> (signal - 1) & 1 == 1;
        let frames = if handles {
            self.answers.ask(open.native, signal, answers)
        } else {
            Vec::new()
        };
        // On a busy machine the answer takes a while; until then its place is kept free.
        if frames.is_empty() && handles && waited_for {
            return None;
        }
        let line = frames
            .first()
            .map(|frame| files.line(&frame.file, frame.line));
        let kind = refined(holder.noted.kind(), &frames, &line.unwrap_or_default());
        holder.samples += 1;
        holder.next = now + (self.threshold << holder.samples.min(5)).min(LONGEST) / 2;
        Some(Sample { kind, frames })
    }

    /// What is held since this moment may still need its place there: nothing later is to be handed on.
    pub(crate) fn floor(&self, now: u64) -> Option<u64> {
        let waits = |holder: &&Holder| {
            holder.samples == 0 && now.saturating_sub(holder.since) < self.threshold + PATIENCE
        };
        self.held
            .values()
            .filter(waits)
            .map(|holder| holder.since)
            .min()
    }

    /// Whether what was seen of a thread is the first of what it does.
    pub(crate) fn is_first(&self, thread: u16) -> bool {
        self.held
            .get(&thread)
            .is_some_and(|holder| holder.samples == 1)
    }

    /// Whether a loop of the process is held for a while, so that others wait for it.
    pub(crate) fn is_held(&self, now: u64) -> bool {
        self.held
            .values()
            .any(|holder| now.saturating_sub(holder.since) > self.threshold * 2 / 5)
    }
}
