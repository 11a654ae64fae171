//! Processes and threads: what they are, when they sleep, and how they end.

use loopscope_trace::{EventKind, LateRow, Outcome, ProcessId, TaskId, ThreadId, ThreadRole};

use crate::translate::rows::Place;
use crate::translate::state::{Thread, next};
use crate::translate::translator::{At, Translator};

/// How many characters of a command name its process.
const NAME: usize = 60;

impl Translator {
    /// The process as the trace has it; with its first sign it is introduced.
    pub(super) fn process_id(&mut self, at: At) -> ProcessId {
        let state = &mut self.processes[at.process];
        if let Some(id) = state.id {
            return id;
        }
        let id = ProcessId(next(&mut self.numbers.processes));
        state.id = Some(id);
        let mut words = state.command.iter().map(String::as_str);
        let program = words.next().and_then(|path| path.rsplit('/').next());
        let words: Vec<&str> = program.into_iter().chain(words).collect();
        let name: String = words.join(" ").chars().take(NAME).collect();
        let pid = state.pid;
        let kind = EventKind::ProcessStarted {
            process: id,
            pid,
            name: self.out.text(&name),
        };
        self.out.event(at.moment, kind);
        id
    }

    /// A thread tells its name; it is part of the trace once it runs something.
    pub(super) fn thread(&mut self, at: At, _native: u64, name: &str) {
        self.end_of_thread(at);
        let thread = Thread {
            name: name.to_owned(),
            ..Thread::default()
        };
        self.processes[at.process].threads.insert(at.thread, thread);
    }

    /// An index that is given to another thread: the one before has ended.
    pub(super) fn end_of_thread(&mut self, at: At) {
        self.stop(at);
        let before = self.processes[at.process].threads.remove(&at.thread);
        if let Some(thread) = before.and_then(|thread| thread.id) {
            self.out.event(at.moment, EventKind::ThreadEnded { thread });
        }
    }

    /// The thread, which is for this.
    pub(super) fn thread_id(&mut self, at: At, role: ThreadRole) -> ThreadId {
        let process = &mut self.processes[at.process];
        let thread = process.threads.entry(at.thread).or_default();
        if let Some(id) = thread.id {
            if thread.role != Some(role) {
                thread.role = Some(role);
                self.out
                    .event(at.moment, EventKind::RoleChanged { thread: id, role });
            }
            return id;
        }
        let process = self.process_id(at);
        let state = &mut self.processes[at.process];
        let thread = state.threads.entry(at.thread).or_default();
        let id = ThreadId(next(&mut self.numbers.threads));
        (thread.id, thread.role) = (Some(id), Some(role));
        let name = self.out.text(&thread.name);
        let started = EventKind::ThreadStarted {
            thread: id,
            role,
            name,
        };
        self.out.event(at.moment, started);
        self.out.event(
            at.moment,
            EventKind::ThreadOfProcess {
                thread: id,
                process,
            },
        );
        id
    }

    /// A loop of this class begins to run.
    pub(super) fn runs_loop(&mut self, at: At, class: &str) {
        self.thread_id(at, ThreadRole::Loop);
        let module = class.split('.').next().unwrap_or(class);
        self.runs_by(&self.processes[at.process].python.clone(), Some(module));
    }

    /// What runs the program: the version of its Python, and the module of its loop.
    pub(super) fn runs_by(&mut self, python: &str, module: Option<&str>) {
        if python.is_empty() {
            return;
        }
        let mut parts = python.split('.');
        let version: Vec<&str> = parts.by_ref().take(2).collect();
        let words = format!("python {}", version.join("."));
        let words = match module {
            Some(module) => format!("{words}, {module}"),
            None => words,
        };
        // A process that only starts others says less than they do.
        if !self.runtime.starts_with(&words) {
            self.out.row(LateRow::Runtime(words.clone()));
            self.runtime = words;
        }
    }

    pub(super) fn parks(&mut self, at: At) {
        self.stop(at);
        let thread = self.thread_id(at, ThreadRole::Loop);
        self.set_parked(at, true);
        self.out.event(at.moment, EventKind::Parked { thread });
    }

    pub(super) fn unparks(&mut self, at: At) {
        if !self.set_parked(at, false) {
            return;
        }
        let thread = self.thread_id(at, ThreadRole::Loop);
        self.out.event(at.moment, EventKind::Unparked { thread });
    }

    /// Whether a thread sleeps; returns whether it did.
    fn set_parked(&mut self, at: At, parked: bool) -> bool {
        let thread = self.processes[at.process]
            .threads
            .entry(at.thread)
            .or_default();
        std::mem::replace(&mut thread.parked, parked)
    }

    /// So many records of the process were lost: whatever was going on may be over.
    pub(super) fn lost(&mut self, at: At, count: u64, since: u64) {
        let since = self.out.moment(since);
        let threads = &self.processes[at.process].threads;
        let role = threads.get(&at.thread).and_then(|thread| thread.role);
        let thread = self.thread_id(at, role.unwrap_or(ThreadRole::Loop));
        let mut rest = count;
        while rest > 0 {
            let part = rest.min(u64::from(u16::MAX));
            let count = u16::try_from(part).unwrap_or(u16::MAX);
            self.out.event(
                at.moment,
                EventKind::Dropped {
                    thread,
                    count,
                    since,
                },
            );
            // Of a great many the number is no news.
            rest = if rest > 64 * u64::from(u16::MAX) {
                0
            } else {
                rest - part
            };
        }
    }

    /// The process has ended; how is known of the one that was started, and of those that no other has waited for yet.
    pub(super) fn ended(&mut self, at: At, status: Option<i32>) {
        let id = self.process_id(at);
        let process = &mut self.processes[at.process];
        let mut threads: Vec<u16> = process.threads.keys().copied().collect();
        threads.sort_unstable();
        for thread in threads {
            self.end_of_thread(At { thread, ..at });
        }
        let process = &mut self.processes[at.process];
        let mut left: Vec<TaskId> = {
            let tasks = process.tasks.values().chain(process.callbacks.values());
            tasks.map(|task| task.id).collect()
        };
        left.sort_unstable();
        for task in left {
            // Whatever it waited for, it will not go on.
            let outcome = Outcome::Cancelled;
            self.out
                .event(at.moment, EventKind::TaskEnded { task, outcome });
        }
        let status = status.unwrap_or(EventKind::STATUS_UNKNOWN);
        self.out.event(
            at.moment,
            EventKind::ProcessEnded {
                process: id,
                status,
            },
        );
        let process = &mut self.processes[at.process];
        process.tasks.clear();
        process.jobs.clear();
        process.requests.clear();
        process.callbacks.clear();
    }

    /// The place of a text, and whether it is the user's own.
    pub(super) fn is_own(&self, at: At, place: &Place) -> bool {
        !crate::source::files::is_library(&place.file, &self.processes[at.process].roots.prefix)
    }
}
