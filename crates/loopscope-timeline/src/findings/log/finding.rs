//! What a finding is, and what its kind knows.

use std::fmt;

use crate::tracks::track::LaneId;
use crate::words::Naming;
use crate::world::state::State;
use loopscope_trace::{Actor, JobId, Language, Nanos, StepId, TaskId, TextId, ThreadId};

/// What can be found. Two are equal where their ids are.
pub struct Kind {
    /// Its name in scenario files and in the report: `blocked-loop`.
    pub id: &'static str,
    /// Its words on the screen: `blocked loop`.
    pub word: &'static str,
    /// Its words in a narrow column: at most 13 characters.
    pub row_word: &'static str,
    /// What people who have it in a program of their own complain about, to be searched for.
    pub symptoms: &'static str,
    /// What a run that has it did, after `83 of 100 runs`.
    pub(crate) runs_did: &'static str,
    /// The state by which its whole length is drawn on the map of the run.
    pub on_map: Option<State>,
    /// The finding in one sentence with its numbers.
    pub(crate) sentence: fn(Naming<'_>, &Finding, Language) -> String,
    /// The finding in the few words of a row.
    pub(crate) short: fn(Naming<'_>, &Finding, &Row) -> String,
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// How a screen writes the parts of a finding's row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its actor, with the line that it is in: `A, line 5`.
    pub who: String,
    /// Its lane alone: `A`.
    pub lane: Option<String>,
    /// How long it was the case.
    pub length: String,
    /// [`Finding::amount`].
    pub amount: String,
}

/// Something that the trace proves. While it goes on, its length and its figures grow.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What.
    pub kind: &'static Kind,
    /// Since when it is the case (the start of the block, not the moment it reached 100 ms).
    pub at: Nanos,
    /// The moment at which the trace had it (100 ms into a block).
    pub found: Nanos,
    /// How long it was the case.
    pub length: Nanos,
    /// It has not ended yet.
    pub open: bool,
    /// The task or job that it is about.
    pub actor: Option<Actor>,
    /// The lane of that actor.
    pub lane: Option<LaneId>,
    /// The step of that actor.
    pub step: Option<StepId>,
    /// For a starved task: who had the loop when it was found, and in which step. For work that
    /// went on: whose timeout had run out. For a waiter: who was the first to come before it.
    pub held_by: Option<(Actor, Option<StepId>)>,
    /// Who could not run meanwhile, or who was queued: the first 256 of them.
    pub victims: Vec<LaneId>,
    /// The figure of the sentence: how many victims; for a pool the most that were queued at once.
    pub count: u32,
    /// The number of the variable, lock, pool, child process or text that it is about.
    pub of: Option<u32>,
    /// Those who wait for one another, each for the next one; or the two writes, in order.
    pub chain: Vec<Link>,
    /// How long all together waited, for CPython's lock.
    pub amount: Nanos,
}

impl Finding {
    /// The finding in one sentence with its numbers.
    pub fn sentence<'a>(&self, names: impl Into<Naming<'a>>, language: Language) -> String {
        (self.kind.sentence)(names.into(), self, language)
    }

    /// The finding in the few words of a row.
    pub fn short<'a>(&self, names: impl Into<Naming<'a>>, row: &Row) -> String {
        (self.kind.short)(names.into(), self, row)
    }

    /// How long it was the case until a moment at which it was known.
    pub fn length_at(&self, now: Nanos) -> Nanos {
        if self.open || self.at + self.length > now {
            now.since(self.at)
        } else {
            self.length
        }
    }

    /// ` so far`, while it goes on.
    pub(crate) const fn so_far(&self) -> &'static str {
        if self.open { " so far" } else { "" }
    }

    /// ` and counting`, while it goes on.
    pub(crate) const fn and_counting(&self) -> &'static str {
        if self.open { " and counting" } else { "" }
    }
}

/// One of several actors that a finding names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which actor.
    pub actor: Actor,
    /// In which step.
    pub step: Option<StepId>,
    /// What it waits for, or what it did.
    pub reason: Reason,
}

/// What an actor of a circle waits for, or what it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It wrote this value.
    Wrote(TextId),
    /// It holds its thread until this task ends.
    Blocks(TaskId),
    /// It awaits this task.
    Task(TaskId),
    /// It awaits this job.
    Job(JobId),
    /// It can run only on this loop, which the next one holds.
    Loop(ThreadId),
    /// The next one has this lock.
    Lock(u16),
    /// It waits for a value of this channel.
    Channel(u16),
    /// It waits for room in this channel.
    Room(u16),
    /// All threads of this pool are taken.
    Pool(u16),
}
