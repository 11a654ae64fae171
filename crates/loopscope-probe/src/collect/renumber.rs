//! Dense ids for provisional ones, in the order of the trace.

use loopscope_trace::{
    EventKind, JobId, ProcessId, RequestId, TaskId, TextId, ThreadId, Use, Visitor,
};

use crate::record::recorder::Recorder;

/// Dense ids by provisional ones, given in the order of first appearance.
#[derive(Debug, Default)]
struct Dense {
    ids: Vec<u32>,
    next: u32,
    /// Gives every id as it is.
    kept: bool,
}

impl Dense {
    fn get(&mut self, id: u32) -> (u32, bool) {
        const UNSEEN: u32 = u32::MAX;
        if id == u32::MAX || self.kept {
            return (id, false);
        }
        let place = id as usize;
        if self.ids.len() <= place {
            self.ids.resize(place + 1, UNSEEN);
        }
        let first = self.ids[place] == UNSEEN;
        if first {
            self.ids[place] = self.next;
            self.next += 1;
        }
        (self.ids[place], first)
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
    texts: Dense,
}

impl Renumber {
    /// Keeps all ids but those of texts, for somebody who will number them himself.
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
            texts: Dense::default(),
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
    fn task(&mut self, id: &mut TaskId, _: Use) {
        id.0 = self.ids.tasks.get(id.0).0;
    }

    fn job(&mut self, id: &mut JobId, _: Use) {
        id.0 = self.ids.jobs.get(id.0).0;
    }

    fn request(&mut self, id: &mut RequestId, _: Use) {
        id.0 = self.ids.requests.get(id.0).0;
    }

    fn thread(&mut self, id: &mut ThreadId, _: Use) {
        id.0 = self.ids.threads.get(id.0).0;
    }

    fn process(&mut self, id: &mut ProcessId, _: Use) {
        id.0 = self.ids.processes.get(id.0).0;
    }

    fn text(&mut self, id: &mut TextId) {
        let (dense, first) = self.ids.texts.get(id.0);
        if first {
            self.texts.push(self.recorder.text(*id).unwrap_or_default());
        }
        id.0 = dense;
    }
}
