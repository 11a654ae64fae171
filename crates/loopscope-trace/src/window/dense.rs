//! Dense ids for the things of a trace that began in the middle of another.

use std::collections::HashMap;

use crate::event::actor::{WaitOn, WakeCause};
use crate::event::kind::EventKind;
use crate::event::visit::{Use, Visitor};
use crate::ids::{JobId, ProcessId, RequestId, TaskId, TextId, ThreadId};

/// The new ids, by the old ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dense {
    tasks: HashMap<u32, u32>,
    jobs: HashMap<u32, u32>,
    requests: HashMap<u32, u32>,
    threads: HashMap<u32, u32>,
    processes: HashMap<u32, u32>,
    texts: HashMap<u32, u32>,
}

/// Renumbers one event; what it names and what was not introduced is noted.
struct Numbering<'a> {
    dense: &'a mut Dense,
    /// Old ids of texts that are named for the first time, in order.
    texts: &'a mut Vec<TextId>,
    unknown: bool,
}

impl Dense {
    /// The event with new ids; `None` where it is about something that has ended before. `texts` grows by the old ids
    /// of texts that were not named before.
    pub(crate) fn renumber(
        &mut self,
        kind: EventKind,
        texts: &mut Vec<TextId>,
    ) -> Option<EventKind> {
        let mut kind = self.without_unknown(kind);
        let mut numbering = Numbering {
            dense: self,
            texts,
            unknown: false,
        };
        kind.visit(&mut numbering);
        (!numbering.unknown).then_some(kind)
    }

    /// A cause or a parent that has ended before is not known any more.
    fn without_unknown(&self, mut kind: EventKind) -> EventKind {
        match &mut kind {
            EventKind::Woken { by, .. } => {
                let known = match by {
                    WakeCause::Task(task) => self.tasks.contains_key(&task.0),
                    WakeCause::Job(job) => self.jobs.contains_key(&job.0),
                    WakeCause::Process(process) => self.processes.contains_key(&process.0),
                    _ => true,
                };
                if !known {
                    *by = WakeCause::Unknown;
                }
            }
            EventKind::TaskSpawned { parent, .. } | EventKind::JobQueued { parent, .. }
                if !self.tasks.contains_key(&parent.0) =>
            {
                *parent = TaskId::NONE;
            }
            EventKind::Waiting { on, .. } => {
                let known = match on {
                    WaitOn::Task(task) => self.tasks.contains_key(&task.0),
                    WaitOn::Job(job) => self.jobs.contains_key(&job.0),
                    _ => true,
                };
                if !known {
                    *on = WaitOn::Futures(1);
                }
            }
            EventKind::Lapsed { task, .. } if !self.tasks.contains_key(&task.0) => {
                *task = TaskId::NONE;
            }
            _ => {}
        }
        kind
    }
}

impl Numbering<'_> {
    fn give(ids: &mut HashMap<u32, u32>, id: &mut u32, how: Use) -> bool {
        let next = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        match (ids.get(id), how) {
            (Some(new), _) => *id = *new,
            (None, Use::Introduces) => {
                ids.insert(*id, next);
                *id = next;
            }
            (None, Use::Names | Use::Ends) => return false,
        }
        true
    }
}

impl Visitor for Numbering<'_> {
    fn task(&mut self, id: &mut TaskId, how: Use) {
        self.unknown |= !Self::give(&mut self.dense.tasks, &mut id.0, how);
    }

    fn job(&mut self, id: &mut JobId, how: Use) {
        self.unknown |= !Self::give(&mut self.dense.jobs, &mut id.0, how);
    }

    fn request(&mut self, id: &mut RequestId, how: Use) {
        self.unknown |= !Self::give(&mut self.dense.requests, &mut id.0, how);
    }

    fn thread(&mut self, id: &mut ThreadId, how: Use) {
        self.unknown |= !Self::give(&mut self.dense.threads, &mut id.0, how);
    }

    fn process(&mut self, id: &mut ProcessId, how: Use) {
        self.unknown |= !Self::give(&mut self.dense.processes, &mut id.0, how);
    }

    fn text(&mut self, id: &mut TextId) {
        if id.is_none() {
            return;
        }
        let next = self.dense.texts.len();
        let texts = &mut *self.texts;
        let old = *id;
        id.0 = *self.dense.texts.entry(old.0).or_insert_with(|| {
            texts.push(old);
            u32::try_from(next).unwrap_or(u32::MAX)
        });
    }
}
