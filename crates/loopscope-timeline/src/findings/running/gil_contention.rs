//! Threads wanted CPython's lock while another one had it.

use std::collections::{BTreeMap, BTreeSet};

use crate::counts::seconds;
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use loopscope_trace::{EventKind, Nanos, ProcessId, ThreadId};

pub(crate) static KIND: Kind = Kind {
    id: "gil-contention",
    word: "GIL wanted",
    row_word: "GIL wanted",
    symptoms: "gil, global interpreter lock, slow threads, one core",
    runs_did: "had at least one finding of the kind gil-contention",
    on_map: None,
    sentence: |names, finding, _| {
        let (threads, they) = match finding.count {
            1 => ("One thread".to_owned(), "it"),
            count => (format!("{count} threads"), "they"),
        };
        let (amount, so_far) = (seconds(finding.amount), finding.so_far());
        let is_model = names.story().runtime.gil;
        let model = if is_model { " (model)" } else { "" };
        format!(
            "{threads} wanted CPython's lock while another one had it: {they} waited {amount} in all{so_far}{model}."
        )
    },
    short: |_, finding, row| format!("{} threads, {} in all", finding.count, row.amount),
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// Threads that want the lock while another one has it, and since when.
    waits: BTreeMap<ThreadId, Nanos>,
    stretches: Vec<Stretch>,
}

/// A stretch of time in which the lock of a process was always owned or wanted.
#[derive(Clone, Debug, Default)]
struct Stretch {
    process: Option<ProcessId>,
    since: Nanos,
    waited: Nanos,
    threads: BTreeSet<ThreadId>,
    finding: Option<usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::GilWanted { thread } => self.wanted(now, thread),
            EventKind::GilTaken { thread } => self.taken(now, thread, log),
            EventKind::GilReleased { thread } | EventKind::ThreadEnded { thread } => {
                self.released(now, thread, log);
            }
            EventKind::ProcessEnded { process, .. } => self.over(now, Some(process), log),
            _ => {}
        }
    }
}

impl Detector {
    fn wanted(&mut self, now: Now, thread: ThreadId) {
        let world = now.world;
        let Some(process) = world.thread(thread).map(|thread| thread.process) else {
            return;
        };
        let gil = world.shared.gil(process);
        // Where another one waits already, it is about to have it.
        if gil.is_none_or(|gil| gil.owner.is_none() && gil.waiters.len() < 2) {
            return;
        }
        self.waits.insert(thread, world.now);
        if !self.stretches.iter().any(|one| one.process == process) {
            self.stretches.push(Stretch {
                process,
                since: world.now,
                ..Stretch::default()
            });
        }
    }

    fn taken(&mut self, now: Now, thread: ThreadId, log: &mut Log) {
        let world = now.world;
        let Some(since) = self.waits.remove(&thread) else {
            return;
        };
        let Some(thread) = world.thread(thread) else {
            return;
        };
        let mut stretches = self.stretches.iter_mut();
        let Some(stretch) = stretches.find(|one| one.process == thread.process) else {
            return;
        };
        stretch.waited += world.now.since(since);
        stretch.threads.insert(thread.id);
        if stretch.waited < LONG {
            return;
        }
        let since = stretch.since;
        let finding = *stretch.finding.get_or_insert_with(|| {
            let actor = thread.doing.map(|doing| doing.actor);
            let lane = actor.and_then(|actor| now.lanes.of(actor));
            log.open_at(now, &KIND, since, actor, lane)
        });
        let count = u32::try_from(stretch.threads.len()).unwrap_or(u32::MAX);
        log.amount(finding, stretch.waited, world.now);
        log.count(finding, count, world.now);
    }

    /// A thread has let go of the lock; where no other wants it the stretch is over.
    fn released(&mut self, now: Now, thread: ThreadId, log: &mut Log) {
        self.waits.remove(&thread);
        let process = now.world.thread(thread).and_then(|thread| thread.process);
        let gil = now.world.shared.gil(process);
        if gil.is_none_or(|gil| gil.owner.is_none() && gil.waiters.is_empty()) {
            self.over(now, process, log);
        }
    }

    fn over(&mut self, now: Now, process: Option<ProcessId>, log: &mut Log) {
        let mut stretches = self.stretches.iter();
        if let Some(place) = stretches.position(|one| one.process == process)
            && let Some(finding) = self.stretches.swap_remove(place).finding
        {
            log.close(finding, now.world.now);
        }
    }
}
