//! Tasks and callbacks: spawned, woken, and their turns.

use loopscope_trace::{EventKind, Outcome, TaskId, TaskRole, ThreadRole, WaitOn, WakeCause};

use crate::ring::kinds;
use crate::translate::rows::{Place, short};
use crate::translate::state::{Runs, Task, next};
use crate::translate::translator::{At, Translator};
use crate::translate::waits::CLIENT;

/// What a turn ends in, as the ring has it.
const AGAIN: u64 = 0;
const WAITS: u64 = 1;
const COMPLETED: u64 = 3;
const CANCELLED: u64 = 4;
const FAILED: u64 = 5;

/// How long after an end those are woken who wait for it, in nanoseconds.
const AT_ONCE: u64 = 100_000;

/// Why a task is woken, as the ring has it.
const BY_TIMER: u64 = 1;
const BY_SOCKET: u64 = 2;

impl Translator {
    pub(super) fn spawned(&mut self, at: At, task: u64, parent: u64, text: &str) {
        let place = Place::parse(text);
        let own = self.is_own(at, &place);
        let parent = self.whose(at, parent);
        if let Some(before) = self.processes[at.process].tasks.remove(&task) {
            // Its number was given to another one: it was dropped before its end.
            let outcome = Outcome::Cancelled;
            self.out.event(
                at.moment,
                EventKind::TaskEnded {
                    task: before.id,
                    outcome,
                },
            );
        }
        let process = &self.processes[at.process];
        let by = process.tasks.get(&parent).map(|task| task.id);
        let role = match by {
            // What a Rust library spawns runs the user's own functions, such as those that serve a connection.
            _ if !own && !process.wakes_at_once => TaskRole::Framework,
            Some(_) => TaskRole::Spawned,
            None => TaskRole::Program,
        };
        let name = if place.more.is_empty() {
            &place.name
        } else {
            &place.more
        }
        .clone();
        self.add_task(at, task, role, by, &name, &place);
        // Where it was spawned; a look at its thread tells more.
        if own && self.processes[at.process].wakes_at_once {
            self.is_at(at, task, &place);
        }
    }

    /// The task of a record; the one that its thread runs where the record leaves that open.
    pub(super) fn whose(&self, at: At, task: u64) -> u64 {
        let runs = self.processes[at.process]
            .threads
            .get(&at.thread)
            .and_then(|thread| thread.runs);
        match (task, runs) {
            (kinds::WHO_RUNS, Some(Runs::Task(task))) => task,
            (kinds::WHO_RUNS, _) => 0,
            (task, _) => task,
        }
    }

    /// The future of a task was dropped, and not in a turn.
    pub(super) fn dropped(&mut self, at: At, task: u64) {
        if let Some(task) = self.processes[at.process].tasks.remove(&task) {
            let kind = EventKind::TaskEnded {
                task: task.id,
                outcome: Outcome::Cancelled,
            };
            self.out.event(at.moment, kind);
        }
    }

    fn add_task(
        &mut self,
        at: At,
        task: u64,
        role: TaskRole,
        parent: Option<TaskId>,
        name: &str,
        place: &Place,
    ) {
        let new = self.new_task(at, role, parent, name, place);
        self.processes[at.process].tasks.insert(task, new);
    }

    pub(super) fn new_task(
        &mut self,
        at: At,
        role: TaskRole,
        parent: Option<TaskId>,
        name: &str,
        place: &Place,
    ) -> Task {
        let roots = self.processes[at.process].roots.clone();
        let function = self.rows.function(place, None, &roots, &mut self.out);
        let id = TaskId(next(&mut self.numbers.tasks));
        let kind = EventKind::TaskSpawned {
            task: id,
            role,
            function: short(function),
            parent: parent.unwrap_or(TaskId::NONE),
            name: self.out.text(name),
        };
        self.out.event(at.moment, kind);
        Task {
            id,
            role,
            name: name.to_owned(),
            function,
            ready: true,
            on: None,
            waits: false,
            step: None,
            turned: None,
        }
    }

    pub(super) fn woken(&mut self, at: At, task: u64, cause: u64) {
        let by = self.cause(at, task, cause);
        let Some(task) = self.processes[at.process].tasks.get_mut(&task) else {
            return;
        };
        if !std::mem::replace(&mut task.ready, true) {
            let kind = EventKind::Woken { task: task.id, by };
            self.out.event(at.moment, kind);
        }
    }

    /// Why a task is woken: what the program says, else what runs on the thread that wakes it, else what it waited for.
    fn cause(&self, at: At, task: u64, cause: u64) -> WakeCause {
        let process = &self.processes[at.process];
        let of = process.tasks.get(&task).filter(|task| task.waits);
        let on = of
            .and_then(|task| task.on)
            .map_or((0, 0), |(sort, value, _)| (sort, value));
        let job = |job: u64| process.jobs.get(&job).map(|job| job.id);
        let runs = process
            .threads
            .get(&at.thread)
            .and_then(|thread| thread.runs);
        match (cause, on, runs) {
            (BY_TIMER, ..) => WakeCause::Timer,
            (BY_SOCKET, (CLIENT, _), _) => WakeCause::Client,
            (_, (10, of), _) => job(of).map_or(WakeCause::Unknown, WakeCause::Job),
            (0, _, Some(Runs::Task(other))) if other == task => WakeCause::Itself,
            (0, _, Some(Runs::Task(other))) => {
                let other = process.tasks.get(&other).map(|task| task.id);
                other.map_or(WakeCause::Unknown, WakeCause::Task)
            }
            (0, _, Some(Runs::Job(of))) => job(of).map_or(WakeCause::Unknown, WakeCause::Job),
            (0, _, None) if process.wakes_at_once => self.cause_before(at, task),
            _ => WakeCause::Unknown,
        }
    }

    /// Why a task is woken where nothing runs on the thread, in tokio: what has just ended there, or, where a task lets others
    /// go first, its own turn. Else a timer, a socket, or a thread of the program's own.
    fn cause_before(&self, at: At, task: u64) -> WakeCause {
        let process = &self.processes[at.process];
        let is_just = |when: u64| at.moment.saturating_sub(when) < AT_ONCE;
        let turned = process.tasks.get(&task).and_then(|task| task.turned);
        let turned = turned.filter(|(thread, when)| *thread == at.thread && is_just(*when));
        let turned = turned.map(|(_, when)| (WakeCause::Itself, when));
        let thread = process.threads.get(&at.thread);
        let ended = thread.and_then(|thread| thread.ended);
        let ended = ended.filter(|(_, when)| is_just(*when));
        let last = turned
            .into_iter()
            .chain(ended)
            .max_by_key(|(_, when)| *when);
        last.map_or(WakeCause::Unknown, |(cause, _)| cause)
    }

    pub(super) fn turn_begins(&mut self, at: At, task: u64) {
        self.out.begin(at.moment);
        self.stop(at);
        let thread = self.thread_id(at, ThreadRole::Loop);
        if !self.processes[at.process].tasks.contains_key(&task) {
            // Its beginning was lost, or lies before the watch.
            self.add_task(
                at,
                task,
                TaskRole::Spawned,
                None,
                "a task",
                &Place::default(),
            );
        }
        let process = &mut self.processes[at.process];
        process.threads.entry(at.thread).or_default().runs = Some(Runs::Task(task));
        let Some(task) = process.tasks.get_mut(&task) else {
            return;
        };
        let ready = std::mem::replace(&mut task.ready, false);
        let id = task.id;
        if !ready {
            let by = WakeCause::Unknown;
            self.out.event(at.moment, EventKind::Woken { task: id, by });
        }
        self.out
            .event(at.moment, EventKind::PollStarted { task: id, thread });
    }

    /// A turn ends: `how` tells in what, `place` where, `on` names what it waits for.
    pub(super) fn turn_ends(&mut self, at: At, task: u64, how: u64, place: &str, on: &str) {
        let runs = self.processes[at.process]
            .threads
            .get(&at.thread)
            .and_then(|thread| thread.runs);
        if runs != Some(Runs::Task(task)) {
            self.turn_begins(at, task);
        }
        self.lets_go(at);
        let thread = self.thread_id(at, ThreadRole::Loop);
        let outcome = match how {
            COMPLETED => Some(Outcome::Completed),
            CANCELLED => Some(Outcome::Cancelled),
            FAILED => Some(Outcome::Panicked),
            _ => None,
        };
        let process = &mut self.processes[at.process];
        process.threads.entry(at.thread).or_default().runs = None;
        let Some(id) = process.tasks.get(&task).map(|task| task.id) else {
            return;
        };
        if let Some(outcome) = outcome {
            process.tasks.remove(&task);
            let thread = process.threads.entry(at.thread).or_default();
            thread.ended = Some((WakeCause::Task(id), at.moment));
            self.out
                .event(at.moment, EventKind::TaskEnded { task: id, outcome });
        } else {
            self.stops_at(at, task, place);
            if let Some(task) = self.processes[at.process].tasks.get_mut(&task) {
                task.waits = how == WAITS;
                task.turned = Some((at.thread, at.moment));
            }
            match how {
                AGAIN => self.goes_on(at, task, id),
                WAITS => self.waits(at, task, on),
                _ => self.waits_unknown(at, task),
            }
        }
        self.out
            .event(at.moment, EventKind::PollEnded { task: id, thread });
    }

    /// Where a task stops to wait.
    fn stops_at(&mut self, at: At, task: u64, place: &str) {
        let place = Place::parse(place);
        // A line of a library says nothing about the program; the task's own name does.
        if self.is_own(at, &place) {
            self.is_at(at, task, &place);
        }
    }

    /// A task is at a line.
    fn is_at(&mut self, at: At, task: u64, place: &Place) {
        let roots = self.processes[at.process].roots.clone();
        let Some(step) = self.rows.step(place, &roots, &mut self.out) else {
            return;
        };
        let Some(task) = self.processes[at.process].tasks.get_mut(&task) else {
            return;
        };
        if task.step.replace(step) != Some(step) {
            let actor = loopscope_trace::Actor::Task(task.id);
            self.out
                .event(at.moment, EventKind::StepEntered { actor, step });
        }
    }

    /// A task is ready again at once.
    fn goes_on(&mut self, at: At, task: u64, id: TaskId) {
        let on = WaitOn::Turn;
        self.out
            .event(at.moment, EventKind::Waiting { task: id, on });
        let by = WakeCause::Itself;
        self.out.event(at.moment, EventKind::Woken { task: id, by });
        if let Some(task) = self.processes[at.process].tasks.get_mut(&task) {
            task.ready = true;
        }
    }
}
