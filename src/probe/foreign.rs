//! One other process as its events show it: its ids become ours, and what it leaves open is ended.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Recorder;
use super::ids::{Ids, map};
use crate::trace::{
    Actor, EventKind, JobId, Outcome, ProcessId, RequestId, TaskId, TextId, ThreadId,
};

/// Maps one process's ids to provisional ids of this process's recorder.
#[derive(Debug)]
pub(super) struct Foreign {
    process: ProcessId,
    name: String,
    works_for_us: bool,
    one_loop: bool,
    texts: Vec<TextId>,
    tasks: HashMap<TaskId, TaskId>,
    jobs: HashMap<JobId, JobId>,
    threads: HashMap<ThreadId, ThreadId>,
    processes: HashMap<ProcessId, ProcessId>,
    main: Option<ThreadId>,
    left: Left,
}

/// What has begun and not ended, by our ids.
#[derive(Debug, Default)]
struct Left {
    threads: BTreeSet<ThreadId>,
    tasks: BTreeSet<TaskId>,
    jobs: BTreeSet<JobId>,
    done: BTreeSet<JobId>,
    polls: BTreeMap<ThreadId, TaskId>,
    blocks: BTreeMap<Actor, ThreadId>,
    processes: BTreeSet<ProcessId>,
    gil: Option<ThreadId>,
}

impl Foreign {
    pub(super) fn new(
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
            tasks: HashMap::new(),
            jobs: HashMap::new(),
            threads: HashMap::new(),
            processes: HashMap::new(),
            main: None,
            left: Left::default(),
        }
    }

    pub(super) const fn process(&self) -> ProcessId {
        self.process
    }

    /// The first thread that was seen.
    pub(super) const fn main_thread(&self) -> Option<ThreadId> {
        self.main
    }

    /// Texts that were new in a batch.
    pub(super) fn texts(&mut self, texts: &[String], recorder: &Recorder) {
        self.texts
            .extend(texts.iter().map(|text| recorder.intern(text)));
    }

    /// The events that one of its events stands for here.
    pub(super) fn join(&mut self, kind: EventKind, recorder: &Recorder) -> Vec<EventKind> {
        let mut kind = map(kind, &mut Joining(self, recorder));
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
        self.left.note(kind);
        [Some(kind), more].into_iter().flatten().collect()
    }

    /// `loop` there is `process-1` here, and `pool-1` is `process-1 pool-1`.
    fn lane(&self, name: TextId, recorder: &Recorder) -> TextId {
        match recorder.text(name).as_deref() {
            Some("loop" | "process") | None => recorder.intern(&self.name),
            Some(name) => recorder.intern(&format!("{} {name}", self.name)),
        }
    }

    /// Ends all that is open, and the process: `given` are the jobs that it had.
    pub(super) fn end(&mut self, status: i32, given: &[JobId]) -> Vec<EventKind> {
        let left = std::mem::take(&mut self.left);
        let mut events = Vec::new();
        for (actor, thread) in left.blocks {
            events.push(EventKind::BlockEnded { actor, thread });
        }
        if let Some(thread) = left.gil {
            events.push(EventKind::GilReleased { thread });
        }
        let cancelled = Outcome::Cancelled;
        for task in left.tasks {
            let outcome = cancelled;
            events.push(EventKind::TaskEnded { task, outcome });
        }
        for (thread, task) in left.polls {
            events.push(EventKind::PollEnded { task, thread });
        }
        let unfinished = given.iter().filter(|job| !left.done.contains(job));
        let jobs: BTreeSet<JobId> = left.jobs.iter().chain(unfinished).copied().collect();
        for job in jobs {
            let outcome = cancelled;
            events.push(EventKind::JobEnded { job, outcome });
        }
        for process in left.processes {
            // Its own children have seen the end of their input.
            events.push(EventKind::ProcessEnded { process, status: 0 });
        }
        for thread in left.threads {
            events.push(EventKind::ThreadEnded { thread });
        }
        let process = self.process;
        events.push(EventKind::ProcessEnded { process, status });
        events
    }
}

impl Left {
    // table
    fn note(&mut self, kind: EventKind) {
        match kind {
            EventKind::ThreadStarted { thread, .. } => _ = self.threads.insert(thread),
            EventKind::ThreadEnded { thread } => _ = self.threads.remove(&thread),
            EventKind::TaskSpawned { task, .. } => _ = self.tasks.insert(task),
            EventKind::TaskEnded { task, .. } => _ = self.tasks.remove(&task),
            EventKind::PollStarted { task, thread } => _ = self.polls.insert(thread, task),
            EventKind::PollEnded { thread, .. } => _ = self.polls.remove(&thread),
            EventKind::BlockStarted { actor, thread, .. } => {
                self.blocks.insert(actor, thread);
            }
            EventKind::BlockEnded { actor, .. } => _ = self.blocks.remove(&actor),
            EventKind::JobQueued { job, .. } | EventKind::JobStarted { job, .. } => {
                self.jobs.insert(job);
            }
            EventKind::JobEnded { job, .. } => {
                self.jobs.remove(&job);
                self.done.insert(job);
            }
            EventKind::ProcessStarted { process, .. } => _ = self.processes.insert(process),
            EventKind::ProcessEnded { process, .. } => _ = self.processes.remove(&process),
            EventKind::GilTaken { thread } => self.gil = Some(thread),
            EventKind::GilReleased { .. } => self.gil = None,
            _ => {}
        }
    }
}

/// Gives our ids for those of a process.
struct Joining<'a>(&'a mut Foreign, &'a Recorder);

impl Ids for Joining<'_> {
    fn task(&mut self, id: TaskId) -> TaskId {
        let Self(foreign, recorder) = self;
        match id.get() {
            Some(id) => *foreign
                .tasks
                .entry(id)
                .or_insert_with(|| recorder.new_task()),
            None => id,
        }
    }

    fn job(&mut self, id: JobId) -> JobId {
        let Self(foreign, recorder) = self;
        match id.get() {
            Some(id) if !foreign.works_for_us => {
                *foreign.jobs.entry(id).or_insert_with(|| recorder.new_job())
            }
            _ => id,
        }
    }

    /// Requests have our numbers everywhere: the one who asks gives them.
    fn request(&mut self, id: RequestId) -> RequestId {
        id
    }

    fn thread(&mut self, id: ThreadId) -> ThreadId {
        let Self(foreign, recorder) = self;
        match id.get() {
            Some(id) => *foreign
                .threads
                .entry(id)
                .or_insert_with(|| recorder.new_thread()),
            None => id,
        }
    }

    fn process(&mut self, id: ProcessId) -> ProcessId {
        let Self(foreign, recorder) = self;
        match id.get() {
            Some(id) => *foreign
                .processes
                .entry(id)
                .or_insert_with(|| recorder.new_process()),
            None => id,
        }
    }

    fn text(&mut self, id: TextId) -> TextId {
        self.0.texts.get(id.index()).copied().unwrap_or(id)
    }
}
