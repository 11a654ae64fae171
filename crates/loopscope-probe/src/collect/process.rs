//! One other process as its events show it: its ids become ours, and what it leaves undone is ended.

use std::collections::{BTreeSet, HashMap};

use loopscope_trace::{EventKind, JobId, Outcome, ProcessId, RequestId, TaskId, TextId, ThreadId};

use crate::collect::ids::{Ids, map};
use crate::record::recorder::Recorder;

/// Maps one process's ids to provisional ids of this process's recorder.
#[derive(Debug)]
pub(crate) struct Foreign {
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

/// Jobs that are remembered as done: more than a process is ever given before it answers.
const REMEMBERED: usize = 4_096;

/// What has begun and not ended, by our ids.
#[derive(Debug, Default)]
struct Left {
    tasks: BTreeSet<TaskId>,
    jobs: BTreeSet<JobId>,
    done: BTreeSet<JobId>,
    processes: BTreeSet<ProcessId>,
}

impl Foreign {
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
            tasks: HashMap::new(),
            jobs: HashMap::new(),
            threads: HashMap::new(),
            processes: HashMap::new(),
            main: None,
            left: Left::default(),
        }
    }

    pub(crate) const fn process(&self) -> ProcessId {
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
    pub(crate) fn join(&mut self, kind: EventKind, recorder: &Recorder) -> Vec<EventKind> {
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

    /// Ends the process, and then what nobody else can end: `given` are the jobs that it had. Its
    /// threads, and the tasks of its one loop, end with it by themselves.
    pub(crate) fn end(&mut self, status: i32, given: &[JobId]) -> Vec<EventKind> {
        let left = std::mem::take(&mut self.left);
        let (process, outcome) = (self.process, Outcome::Cancelled);
        // First the reason, while all that it ends is still open.
        let mut events = vec![EventKind::ProcessEnded { process, status }];
        for process in left.processes {
            // Its own children have seen the end of their input.
            events.push(EventKind::ProcessEnded { process, status: 0 });
        }
        let unfinished = given.iter().filter(|job| !left.done.contains(job));
        let jobs: BTreeSet<JobId> = left.jobs.iter().chain(unfinished).copied().collect();
        for job in jobs {
            events.push(EventKind::JobEnded { job, outcome });
        }
        if !self.one_loop {
            let ended = |task| EventKind::TaskEnded { task, outcome };
            events.extend(left.tasks.into_iter().map(ended));
        }
        events
    }
}

impl Left {
    // table
    fn note(&mut self, kind: EventKind) {
        match kind {
            EventKind::TaskSpawned { task, .. } => _ = self.tasks.insert(task),
            EventKind::TaskEnded { task, .. } => _ = self.tasks.remove(&task),
            EventKind::JobQueued { job, .. } | EventKind::JobStarted { job, .. } => {
                self.jobs.insert(job);
            }
            EventKind::JobEnded { job, .. } => {
                self.jobs.remove(&job);
                self.done.insert(job);
                if self.done.len() > REMEMBERED {
                    self.done.pop_first();
                }
            }
            EventKind::ProcessStarted { process, .. } => _ = self.processes.insert(process),
            EventKind::ProcessEnded { process, .. } => _ = self.processes.remove(&process),
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
                .or_insert_with(|| recorder.core.slots.new_thread()),
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
