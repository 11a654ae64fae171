//! One other process as its events show it: its ids become ours, and what it leaves open is ended.

use std::collections::BTreeSet;

use loopscope_trace::{
    EventKind, JobId, Outcome, ProcessId, TaskId, TextId, ThreadId, Use, Visitor,
};

use crate::collect::id_map::IdMap;
use crate::record::recorder::Recorder;

/// Maps one process's ids to provisional ids of this process's recorder.
#[derive(Debug)]
pub(crate) struct OtherProcess {
    process: ProcessId,
    name: String,
    works_for_us: bool,
    one_loop: bool,
    texts: Vec<TextId>,
    tasks: IdMap,
    jobs: IdMap,
    threads: IdMap,
    processes: IdMap,
    main: Option<ThreadId>,
    unended: Unended,
}

/// Jobs that are remembered as done: more than a process is ever given before it answers.
const REMEMBERED: usize = 4_096;

/// What has begun and not ended, by our ids.
#[derive(Debug, Default)]
struct Unended {
    tasks: BTreeSet<TaskId>,
    jobs: BTreeSet<JobId>,
    done: BTreeSet<JobId>,
    processes: BTreeSet<ProcessId>,
}

impl OtherProcess {
    pub(crate) fn new(
        process: ProcessId,
        name: String,
        works_for_us: bool,
        one_loop: bool,
    ) -> Self {
        Self {
            process,
            name,
            works_for_us,
            one_loop,
            texts: Vec::new(),
            tasks: IdMap::default(),
            jobs: IdMap::default(),
            threads: IdMap::default(),
            processes: IdMap::default(),
            main: None,
            unended: Unended::default(),
        }
    }

    pub(crate) const fn id(&self) -> ProcessId {
        self.process
    }

    /// The first thread that was seen.
    pub(crate) const fn main_thread(&self) -> Option<ThreadId> {
        self.main
    }

    /// Texts that were new in a batch.
    pub(crate) fn texts(&mut self, texts: &[String], recorder: &Recorder) {
        self.texts
            .extend(texts.iter().map(|text| recorder.intern(text)));
    }

    /// The events that one of its events stands for here.
    pub(crate) fn join(&mut self, mut kind: EventKind, recorder: &Recorder) -> Vec<EventKind> {
        kind.visit(&mut Joining(self, recorder));
        let mut more = None;
        match &mut kind {
            EventKind::ThreadStarted { thread, name, .. } => {
                let process = self.process;
                let thread = *thread;
                self.main.get_or_insert(thread);
                *name = self.lane(*name, recorder);
                more = Some(EventKind::ThreadOfProcess { thread, process });
            }
            EventKind::TaskSpawned { task, .. } if self.one_loop => {
                let task = *task;
                more = self
                    .main
                    .map(|thread| EventKind::TaskOnLoop { task, thread });
            }
            EventKind::ProcessStarted { name, .. } => *name = self.lane(*name, recorder),
            _ => {}
        }
        kind.visit(&mut self.unended);
        if let EventKind::JobStarted { job, .. } = kind {
            // Another process may have queued it.
            self.unended.jobs.insert(job);
        }
        [Some(kind), more].into_iter().flatten().collect()
    }

    /// `loop` there is `process-1` here, and `pool-1` is `process-1 pool-1`.
    fn lane(&self, name: TextId, recorder: &Recorder) -> TextId {
        match recorder.text(name).as_deref() {
            Some("loop" | "process") | None => recorder.intern(&self.name),
            Some(name) => recorder.intern(&format!("{} {name}", self.name)),
        }
    }

    /// Ends the process, and then what nothing else can end: `id_map` are the jobs that it had. Its
    /// threads, and the tasks of its one loop, end with it by themselves.
    pub(crate) fn end(&mut self, status: i32, given: &[JobId]) -> Vec<EventKind> {
        let unended = std::mem::take(&mut self.unended);
        let (process, outcome) = (self.process, Outcome::Cancelled);
        // First the reason, while all that it ends is still open.
        let mut events = vec![EventKind::ProcessEnded { process, status }];
        for process in unended.processes {
            // Its own children have seen the end of their input.
            events.push(EventKind::ProcessEnded { process, status: 0 });
        }
        let unfinished = given.iter().filter(|job| !unended.done.contains(job));
        let jobs: BTreeSet<JobId> = unended.jobs.iter().chain(unfinished).copied().collect();
        for job in jobs {
            events.push(EventKind::JobEnded { job, outcome });
        }
        if !self.one_loop {
            let ended = |task| EventKind::TaskEnded { task, outcome };
            events.extend(unended.tasks.into_iter().map(ended));
        }
        events
    }
}

impl Visitor for Unended {
    fn task(&mut self, id: &mut TaskId, how: Use) {
        follow(&mut self.tasks, *id, how);
    }

    fn job(&mut self, id: &mut JobId, how: Use) {
        follow(&mut self.jobs, *id, how);
        if how == Use::Ends {
            self.done.insert(*id);
            if self.done.len() > REMEMBERED {
                self.done.pop_first();
            }
        }
    }

    fn process(&mut self, id: &mut ProcessId, how: Use) {
        follow(&mut self.processes, *id, how);
    }
}

/// Keeps in `open` what has begun and not ended.
fn follow<T: Ord>(open: &mut BTreeSet<T>, id: T, how: Use) {
    match how {
        Use::Introduces => _ = open.insert(id),
        Use::Ends => _ = open.remove(&id),
        Use::Names => {}
    }
}

/// Gives our ids for those of a process.
struct Joining<'a>(&'a mut OtherProcess, &'a Recorder);

/// Requests have our numbers everywhere: the process that asks gives them.
impl Visitor for Joining<'_> {
    fn task(&mut self, id: &mut TaskId, how: Use) {
        let Self(process, recorder) = self;
        give(&mut process.tasks, &mut id.0, how, || recorder.new_task().0);
    }

    fn job(&mut self, id: &mut JobId, how: Use) {
        let Self(process, recorder) = self;
        if !process.works_for_us {
            give(&mut process.jobs, &mut id.0, how, || recorder.new_job().0);
        }
    }

    fn thread(&mut self, id: &mut ThreadId, how: Use) {
        let Self(process, recorder) = self;
        let new = || recorder.core.slots.new_thread().0;
        give(&mut process.threads, &mut id.0, how, new);
    }

    fn process(&mut self, id: &mut ProcessId, how: Use) {
        let Self(process, recorder) = self;
        let new = || recorder.new_process().0;
        give(&mut process.processes, &mut id.0, how, new);
    }

    fn text(&mut self, id: &mut TextId) {
        *id = self.0.texts.get(id.index()).copied().unwrap_or(*id);
    }
}

fn give(given: &mut IdMap, id: &mut u32, how: Use, new: impl FnOnce() -> u32) {
    let old = std::mem::replace(id, given.get(*id, new));
    if how == Use::Ends {
        given.end(old);
    }
}
