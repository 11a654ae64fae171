//! How events change tasks, and the threads that poll them.

use std::collections::VecDeque;

use crate::world::entries::{Doing, Wake};
use crate::world::state::{State, Trigger, job_after, task_after};
use crate::world::world::World;
use loopscope_trace::{
    Actor, BlockKind, FunctionId, Nanos, Outcome, StepId, TaskId, TaskRole, TextId, ThreadId,
    WaitOn, WakeCause,
};

impl World {
    /// What an actor is doing on its thread.
    pub(crate) fn doing_of(&mut self, actor: Actor) -> Option<&mut Doing> {
        let thread = self.thread_of(actor)?;
        let doing = self.threads.get_mut(thread.index())?.doing.as_mut()?;
        (doing.actor == actor).then_some(doing)
    }

    /// Moves a task through the table, and keeps the lists of ready and overdue ones and the timers.
    pub(crate) fn move_task(&mut self, id: TaskId, trigger: Trigger) {
        let Some(task) = self.tasks.get_mut(id.index()) else {
            return;
        };
        let from = task.state;
        let Some(to) = task_after(from, trigger) else {
            self.problems = self.problems.saturating_add(1);
            return;
        };
        if from == to {
            return;
        }
        task.state = to;
        task.since = self.now;
        if from == State::Unknown {
            self.known.push(id);
        }
        self.leave(id, from);
        match to {
            State::Ready => self.ready.push_back(id),
            State::Overdue => self.overdue.push_back(id),
            State::Waiting => {
                self.tasks[id.index()].stopped = self.now;
                if let Some(deadline) = self.tasks[id.index()].deadline {
                    self.timers.insert((deadline, id));
                }
            }
            _ => {}
        }
    }

    /// Takes a task out of the list of the state that it leaves.
    fn leave(&mut self, id: TaskId, from: State) {
        match from {
            State::Ready => remove(&mut self.ready, id),
            State::Overdue => remove(&mut self.overdue, id),
            State::Waiting => {
                if let Some(deadline) = self.tasks[id.index()].deadline {
                    self.timers.remove(&(deadline, id));
                }
            }
            _ => {}
        }
    }

    pub(crate) fn task_spawned(
        &mut self,
        id: TaskId,
        role: TaskRole,
        parent: Option<TaskId>,
        name: TextId,
        function: Option<FunctionId>,
    ) {
        let now = self.now;
        let wake = self.wake(parent.map(Actor::Task));
        let Some(task) = self.mentioned_task(id, true) else {
            return;
        };
        task.role = role;
        task.name = name;
        task.parent = parent;
        task.function = function;
        task.spawned = now;
        task.woken = Some(wake);
        let trigger = match role {
            TaskRole::Coroutine => Trigger::Made,
            _ => Trigger::Spawned,
        };
        self.move_task(id, trigger);
    }

    pub(crate) fn poll_started(&mut self, id: TaskId, thread: ThreadId) {
        let now = self.now;
        if self.mentioned_task(id, false).is_none() {
            return;
        }
        self.move_task(id, Trigger::TurnBegins);
        let task = &mut self.tasks[id.index()];
        task.started.get_or_insert(now);
        task.polls = task.polls.saturating_add(1);
        task.thread = Some(thread);
        task.again = false;
        // A reason to wait stays until the next step, since a turn may end in the same wait; a
        // timer that has run out is none.
        task.deadline = task.deadline.filter(|&deadline| deadline > now);
        task.waits_on = task.waits_on.filter(|&on| on != WaitOn::Turn);
        self.begin(thread, Actor::Task(id));
    }

    pub(crate) fn poll_ended(&mut self, id: TaskId, thread: ThreadId) {
        let now = self.now;
        if let Some(thread) = self.mentioned_thread(thread) {
            thread.stop(now);
        }
        let Some(task) = self.mentioned_task(id, false) else {
            return;
        };
        // The next turn may have begun on another thread before the end of this one was told.
        if task.thread.is_some_and(|polls| polls != thread) {
            return;
        }
        task.thread = None;
        task.blocking = None;
        let again = task.again || task.waits_on == Some(WaitOn::Turn);
        task.again = false;
        self.move_task(id, Trigger::TurnEnds { again });
    }

    pub(crate) fn step_entered(&mut self, actor: Actor, step: StepId) {
        let entered = match actor {
            Actor::Task(id) => self.mentioned_task(id, false).is_some_and(|task| {
                let acts = task.state.acts();
                if acts {
                    task.step = Some(step);
                    task.waits_on = None;
                    task.deadline = None;
                }
                acts
            }),
            Actor::Job(id) => self.mentioned_job(id, false).is_some_and(|job| {
                let acts = job.state.acts();
                if acts {
                    job.step = Some(step);
                }
                acts
            }),
        };
        self.check(entered);
    }

    /// A task says during its turn what it is about to wait for.
    pub(crate) fn waits(&mut self, id: TaskId, deadline: Option<Nanos>, on: Option<WaitOn>) {
        let Some(task) = self.mentioned_task(id, false) else {
            return;
        };
        // Anywhere else the deadline of a waiting task would part from its timer.
        let acts = task.state.acts();
        if acts {
            task.deadline = deadline;
            task.waits_on = on;
            if let Some(WaitOn::Job(job)) = on {
                task.job = Some(job);
            }
        }
        self.check(acts);
    }

    /// A future is polled by the task that keeps it.
    pub(crate) fn future_polled(&mut self, id: TaskId) {
        if self.mentioned_task(id, false).is_none() {
            return;
        }
        self.move_task(id, Trigger::Polled);
        let now = self.now;
        let task = &mut self.tasks[id.index()];
        task.started.get_or_insert(now);
        task.polls = task.polls.saturating_add(1);
        task.left = None;
    }

    /// The actor that keeps a future does not poll it any more.
    pub(crate) fn future_left(&mut self, by: Actor, id: TaskId) {
        let now = self.now;
        if let Some(task) = self.mentioned_task(id, false) {
            task.left = Some((by, now));
        }
    }

    /// The event that happens now, as the wake of a task by `actor`.
    fn wake(&self, actor: Option<Actor>) -> Wake {
        Wake {
            event: u32::try_from(self.applied.saturating_sub(1)).unwrap_or(u32::MAX),
            step: actor.and_then(|actor| self.step_of(actor)),
        }
    }

    pub(crate) fn woken(&mut self, id: TaskId, by: WakeCause) {
        let wake = self.wake(match by {
            WakeCause::Task(task) => Some(Actor::Task(task)),
            WakeCause::Job(job) => Some(Actor::Job(job)),
            _ => None,
        });
        let Some(task) = self.mentioned_task(id, false) else {
            return;
        };
        if task.state.is_final() {
            return;
        }
        task.woken_by = Some(by);
        task.woken = Some(wake);
        task.again |= matches!(task.state, State::Running | State::Blocking);
        self.move_task(id, Trigger::Woken);
    }

    pub(crate) fn task_ended(&mut self, id: TaskId, outcome: Outcome) {
        if self.mentioned_task(id, false).is_none() {
            return;
        }
        self.end_task(id, outcome);
    }

    /// An actor begins (`Some`) or ends (`None`) to hold its thread.
    pub(crate) fn block(&mut self, actor: Actor, thread: ThreadId, kind: Option<BlockKind>) {
        let now = self.now;
        let held = kind.map(|kind| (kind, now));
        if held.is_none() {
            self.stop_blocking_on(actor);
        }
        let trigger = if kind.is_some() {
            Trigger::BlockBegins
        } else {
            Trigger::BlockEnds
        };
        match actor {
            Actor::Task(id) => {
                if let Some(task) = self.mentioned_task(id, false) {
                    task.blocking = held;
                    self.move_task(id, trigger);
                }
            }
            Actor::Job(id) => {
                if let Some(job) = self.mentioned_job(id, false) {
                    let allowed = job_after(job.state, trigger).is_some();
                    if allowed {
                        job.blocking = held;
                    }
                    self.check(allowed);
                }
            }
        }
        if let Some(thread) = self.mentioned_thread(thread) {
            // A turn whose begin was lost shows itself here.
            if held.is_some() && thread.doing.is_none() {
                thread.doing = Some(Doing::new(actor, now));
            }
            if let Some(doing) = &mut thread.doing
                && doing.actor == actor
            {
                doing.blocking = held;
            }
        }
    }

    /// A task will never run again.
    pub(crate) fn end_task(&mut self, id: TaskId, outcome: Outcome) {
        let now = self.now;
        self.move_task(id, Trigger::Ends(outcome));
        if let Some(task) = self.tasks.get_mut(id.index()) {
            task.blocking = None;
            task.waits_on = None;
            task.deadline = None;
            if task.ended.is_none() {
                task.ended = Some(now);
                task.outcome = Some(outcome);
            }
        }
        self.leave_shared(Actor::Task(id));
    }

    /// A turn of `actor` begins on `thread`.
    pub(crate) fn begin(&mut self, thread: ThreadId, actor: Actor) {
        let now = self.now;
        if let Some(thread) = self.mentioned_thread(thread) {
            thread.stop(now);
            thread.parked = false;
            thread.doing = Some(Doing::new(actor, now));
        }
    }
}

/// Takes `id` out of a queue; it is nearly always in front.
fn remove(queue: &mut VecDeque<TaskId>, id: TaskId) {
    if let Some(place) = queue.iter().position(|&other| other == id) {
        queue.remove(place);
    }
}
