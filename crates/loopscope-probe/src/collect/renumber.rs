//! Dense ids for provisional ones, in the order of the trace.

use std::collections::HashMap;

use loopscope_trace::{
    EventKind, JobId, ProcessId, RequestId, TaskId, TextId, ThreadId, Use, Visitor,
};

use crate::collect::id_map::IdMap;
use crate::record::recorder::Recorder;

/// Dense ids by provisional ones, given in the order of first appearance.
#[derive(Debug, Default)]
struct Dense {
    given: IdMap,
    next: u32,
    /// Gives every id as it is.
    kept: bool,
}

impl Dense {
    fn renumber(&mut self, id: &mut u32, how: Use) {
        if self.kept {
            return;
        }
        let (old, next) = (*id, &mut self.next);
        *id = self.given.get(old, || {
            *next += 1;
            *next - 1
        });
        if how == Use::Ends {
            self.given.end(old);
        }
    }
}

/// Threads give provisional ids as they come; the trace has them in order of first appearance.
#[derive(Debug, Default)]
pub(crate) struct Renumber {
    tasks: Dense,
    jobs: Dense,
    requests: Dense,
    threads: Dense,
    processes: Dense,
    texts: HashMap<TextId, TextId>,
}

impl Renumber {
    /// Keeps all ids but those of texts, for a process that numbers them itself.
    pub(crate) fn keeping() -> Self {
        let kept = || Dense {
            kept: true,
            ..Dense::default()
        };
        Self {
            tasks: kept(),
            jobs: kept(),
            requests: kept(),
            threads: kept(),
            processes: kept(),
            texts: HashMap::new(),
        }
    }

    /// Renumbers all ids of an event, and adds texts that are new to `texts`.
    pub(crate) fn renumber(
        &mut self,
        mut kind: EventKind,
        recorder: &Recorder,
        texts: &mut Vec<String>,
    ) -> EventKind {
        let mut numbering = Numbering {
            ids: self,
            recorder,
            texts,
        };
        kind.visit(&mut numbering);
        kind
    }
}

/// The numbers of one batch.
struct Numbering<'a> {
    ids: &'a mut Renumber,
    recorder: &'a Recorder,
    texts: &'a mut Vec<String>,
}

impl Visitor for Numbering<'_> {
    fn task(&mut self, id: &mut TaskId, how: Use) {
        self.ids.tasks.renumber(&mut id.0, how);
    }

    fn job(&mut self, id: &mut JobId, how: Use) {
        self.ids.jobs.renumber(&mut id.0, how);
    }

    fn request(&mut self, id: &mut RequestId, how: Use) {
        self.ids.requests.renumber(&mut id.0, how);
    }

    fn thread(&mut self, id: &mut ThreadId, how: Use) {
        self.ids.threads.renumber(&mut id.0, how);
    }

    fn process(&mut self, id: &mut ProcessId, how: Use) {
        self.ids.processes.renumber(&mut id.0, how);
    }

    fn text(&mut self, id: &mut TextId) {
        let (old, next) = (*id, self.ids.texts.len());
        *id = *self.ids.texts.entry(old).or_insert_with(|| {
            self.texts.push(self.recorder.text(old).unwrap_or_default());
            TextId::from(next)
        });
    }
}
