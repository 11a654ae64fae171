//! The reducer: how an event, and time alone, change the world.
// table

use crate::world::state::{Happening, State, job_after, task_after};
use crate::world::world::{Doing, Wake, World};
use loopscope_trace::{
    Actor, BlockKind, Event, EventKind, Nanos, Outcome, RequestId, StepId, TaskId, TaskRole,
    ThreadId, WaitOn, WakeCause,
};

impl World {
    /// Moves time on to the event's moment, then lets it happen. Never panics: what the table does
    /// not allow, or names nobody, counts as a problem.
    pub fn apply(&mut self, event: &Event) {
        self.advance(event.at);
        self.reduce(event.kind);
    }

    /// Moves time on; timers that run out meanwhile make their tasks overdue, each at its own time.
    pub fn advance(&mut self, to: Nanos) {
        while self.next_timer().is_some_and(|at| at <= to) {
            self.run_out();
        }
        self.move_clock(to);
    }

    fn move_clock(&mut self, to: Nanos) {
        self.now = self.now.max(to);
        if self.ended.is_none() {
            let now = self.now;
            self.beats.grow(now);
            for beats in &mut self.more_beats {
                beats.grow(now);
            }
        }
    }

    /// When the next timer of a waiting task runs out, `now` if it already has.
    pub(crate) fn next_timer(&self) -> Option<Nanos> {
        self.timers.first().map(|&(at, _)| at.max(self.now))
    }

    /// Lets the next timer run out; its task is overdue from now on.
    pub(crate) fn run_out(&mut self) -> Option<TaskId> {
        let (at, id) = self.timers.pop_first()?;
        self.move_clock(at);
        self.move_task(id, Happening::TimerRunsOut);
        Some(id)
    }

    /// What an event does to the world at its own moment. The moment must have been reached.
    // table
    #[expect(clippy::too_many_lines, reason = "an exhaustive match of the events")]
    pub(crate) fn reduce(&mut self, kind: EventKind) {
        let now = self.now;
        self.applied += 1;
        self.moved.clear();
        // The shutdown drops whatever is left: how things stood at the end is what counts.
        if self.ended.is_some() {
            return;
        }
        match kind {
            EventKind::ThreadStarted { thread, role, name } => {
                if let Some(thread) = self.meet_thread(thread) {
                    thread.role = role;
                    thread.name = name;
                }
            }
            EventKind::ThreadEnded { thread } => {
                if let Some(thread) = self.meet_thread(thread) {
                    thread.ended = true;
                    thread.stop(now);
                }
                self.leave_gil(thread);
            }
            EventKind::RoleChanged { thread, role } => {
                if let Some(thread) = self.meet_thread(thread) {
                    thread.role = role;
                }
            }
            EventKind::Parked { thread } => {
                if let Some(thread) = self.meet_thread(thread) {
                    thread.parked = true;
                }
            }
            EventKind::Unparked { thread } => {
                if let Some(thread) = self.meet_thread(thread) {
                    thread.parked = false;
                }
            }
            EventKind::TaskSpawned {
                task,
                role,
                parent,
                name,
                ..
            } => {
                let function = kind.function();
                let wake = self.wake(parent.get().map(Actor::Task));
                if let Some(task) = self.meet_task(task, true) {
                    task.role = role;
                    task.name = name;
                    task.parent = parent.get();
                    task.function = function;
                    task.spawned = now;
                    task.woken = Some(wake);
                    let id = task.id;
                    let happening = match role {
                        TaskRole::Coroutine => Happening::Made,
                        _ => Happening::Spawned,
                    };
                    self.move_task(id, happening);
                }
            }
            EventKind::PollStarted { task, thread } => self.poll_started(task, thread),
            EventKind::PollEnded { task, thread } => self.poll_ended(task, thread),
            EventKind::Woken { task, by } => self.woken(task, by),
            EventKind::TaskEnded { task, outcome } => self.task_ended(task, outcome),
            EventKind::StepEntered { actor, step } => self.step_entered(actor, step),
            EventKind::WaitingTimer { task, deadline } => self.waits(task, Some(deadline), None),
            EventKind::Waiting { task, on } => self.waits(task, None, Some(on)),
            EventKind::BlockStarted {
                actor,
                thread,
                kind,
            } => self.block(actor, thread, Some(kind)),
            EventKind::BlockEnded { actor, thread } => self.block(actor, thread, None),
            EventKind::JobQueued {
                job,
                parent,
                name,
                pool,
            } => self.job_queued(job, parent, name, pool),
            EventKind::JobStarted { job, thread } => self.job_started(job, thread),
            EventKind::JobEnded { job, outcome } => self.job_ended(job, outcome),
            EventKind::TaskAlias { task, tokio } => {
                if let Some(task) = self.meet_task(task, false) {
                    task.tokio = Some(tokio);
                }
            }
            EventKind::Metric { .. } => {}
            EventKind::Output { .. } | EventKind::ClientPrinted { .. } => self.outputs += 1,
            EventKind::RequestSent {
                request,
                client,
                route,
                live,
            } => {
                if let Some(request) = self.meet_request(request, true) {
                    request.client = client;
                    request.route = route;
                    request.live = live;
                    request.sent = now;
                    let id = request.id;
                    self.backlog.push_back(id);
                }
            }
            EventKind::RequestAccepted { request, task } => self.accepted(request, task),
            EventKind::RequestAnswered { request, text } => {
                if let Some(request) = self.meet_request(request, false) {
                    let first = request.answered.is_none();
                    if first {
                        request.answered = Some(now);
                        request.response = Some(text);
                    }
                    let id = request.id;
                    self.leave_backlog(id);
                    self.hold(first);
                }
            }
            EventKind::RequestGivenUp { request } => {
                if let Some(request) = self.meet_request(request, false) {
                    request.given_up.get_or_insert(now);
                }
            }
            EventKind::Beat { task } => self.beat(task),
            EventKind::Dropped { thread, count, .. } => self.lost(thread, count),
            EventKind::RunEnded { reason } => {
                self.ended = Some(reason);
                self.timers.clear();
            }
            EventKind::VariableRead {
                actor, variable, ..
            } => self.variable_read(actor, variable),
            EventKind::VariableWritten {
                actor,
                variable,
                value,
            } => self.variable_written(actor, variable, value),
            EventKind::LockWanted { actor, lock } => self.lock_wanted(actor, lock),
            EventKind::LockTaken { actor, lock } => self.lock_taken(actor, lock),
            EventKind::LockReleased { actor, lock } => self.lock_released(actor, lock),
            EventKind::ChannelSent { channel, value, .. } => self.channel_sent(channel, value),
            EventKind::ChannelReceived { channel, value, .. } => {
                self.channel_received(channel, value);
            }
            EventKind::TaskOnLoop { task, thread } => {
                let known = self.meet_thread(thread).is_some();
                if let Some(task) = self.meet_task(task, false)
                    && known
                {
                    task.home = Some(thread);
                }
            }
            EventKind::BlockedOn { actor, task } => {
                if self.meet_task(task, false).is_some() {
                    self.shared.blocked_on.push((actor, task));
                }
            }
            EventKind::TimedOut { .. } => {}
            EventKind::ResponseChunk { request, .. } => {
                if let Some(request) = self.meet_request(request, false) {
                    request.chunks = request.chunks.saturating_add(1);
                }
            }
            EventKind::ProcessStarted { process, pid, name } => {
                self.process_started(process, pid, name);
            }
            EventKind::ThreadOfProcess { thread, process } => {
                self.thread_of_process(thread, process);
            }
            EventKind::ProcessEnded { process, status } => self.process_ended(process, status),
            EventKind::GilWanted { thread } => self.gil_wanted(thread),
            EventKind::GilTaken { thread } => self.gil_taken(thread),
            EventKind::GilReleased { thread } => self.gil_released(thread),
            EventKind::Late { count, .. } => self.late += u64::from(count),
            EventKind::ServerStopping { polite } => self.stopping = Some(polite),
        }
    }

    /// Counts a problem where something that must be true is not.
    pub(crate) fn hold(&mut self, is_true: bool) {
        if !is_true {
            self.problems = self.problems.saturating_add(1);
        }
    }

    /// Moves a task through the table, and keeps the lists of ready and overdue ones and the timers.
    pub(crate) fn move_task(&mut self, id: TaskId, happening: Happening) {
        let Some(task) = self.tasks.get_mut(id.index()) else {
            return;
        };
        let from = task.state;
        let Some(to) = task_after(from, happening) else {
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

    fn poll_started(&mut self, id: TaskId, thread: ThreadId) {
        let now = self.now;
        if self.meet_task(id, false).is_none() {
            return;
        }
        self.move_task(id, Happening::TurnBegins);
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

    fn poll_ended(&mut self, id: TaskId, thread: ThreadId) {
        let now = self.now;
        if let Some(thread) = self.meet_thread(thread) {
            thread.stop(now);
        }
        let Some(task) = self.meet_task(id, false) else {
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
        self.move_task(id, Happening::TurnEnds { again });
    }

    fn step_entered(&mut self, actor: Actor, step: StepId) {
        let entered = match actor {
            Actor::Task(id) => self.meet_task(id, false).is_some_and(|task| {
                let acts = task.state.acts();
                if acts {
                    task.step = Some(step);
                    task.waits_on = None;
                    task.deadline = None;
                }
                acts
            }),
            Actor::Job(id) => self.meet_job(id, false).is_some_and(|job| {
                let acts = job.state.acts();
                if acts {
                    job.step = Some(step);
                }
                acts
            }),
        };
        self.hold(entered);
    }

    /// A task says during its turn what it is about to wait for.
    fn waits(&mut self, id: TaskId, deadline: Option<Nanos>, on: Option<WaitOn>) {
        let Some(task) = self.meet_task(id, false) else {
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
        self.hold(acts);
    }

    /// The event that happens now as the one that wakes somebody, done by `actor`.
    fn wake(&self, actor: Option<Actor>) -> Wake {
        Wake {
            event: self.applied.saturating_sub(1),
            step: actor.and_then(|actor| self.step_of(actor)),
        }
    }

    fn woken(&mut self, id: TaskId, by: WakeCause) {
        let wake = self.wake(match by {
            WakeCause::Task(task) => Some(Actor::Task(task)),
            WakeCause::Job(job) => Some(Actor::Job(job)),
            _ => None,
        });
        let Some(task) = self.meet_task(id, false) else {
            return;
        };
        if task.state.is_final() {
            return;
        }
        task.woken_by = Some(by);
        task.woken = Some(wake);
        task.again |= matches!(task.state, State::Running | State::Blocking);
        self.move_task(id, Happening::Woken);
    }

    fn task_ended(&mut self, id: TaskId, outcome: Outcome) {
        if self.meet_task(id, false).is_none() {
            return;
        }
        self.end_task(id, outcome);
    }

    /// An actor begins (`Some`) or ends (`None`) to hold its thread.
    fn block(&mut self, actor: Actor, thread: ThreadId, kind: Option<BlockKind>) {
        let now = self.now;
        let held = kind.map(|kind| (kind, now));
        if held.is_none() {
            self.stop_blocking_on(actor);
        }
        let happening = if kind.is_some() {
            Happening::BlockBegins
        } else {
            Happening::BlockEnds
        };
        match actor {
            Actor::Task(id) => {
                if let Some(task) = self.meet_task(id, false) {
                    task.blocking = held;
                    self.move_task(id, happening);
                }
            }
            Actor::Job(id) => {
                if let Some(job) = self.meet_job(id, false) {
                    let allowed = job_after(job.state, happening).is_some();
                    if allowed {
                        job.blocking = held;
                    }
                    self.hold(allowed);
                }
            }
        }
        if let Some(thread) = self.meet_thread(thread) {
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

    fn accepted(&mut self, id: RequestId, task: TaskId) {
        let now = self.now;
        let Some(request) = self.meet_request(id, false) else {
            return;
        };
        let first = request.accepted.is_none();
        request.accepted.get_or_insert(now);
        self.leave_backlog(id);
        let free = self
            .meet_task(task, false)
            .filter(|task| first && task.request.is_none());
        let serves = free.map(|task| task.request = Some(id)).is_some();
        self.hold(serves);
        if serves && let Some(request) = self.requests.get_mut(id.index()) {
            request.task = Some(task);
        }
    }

    /// A turn of `actor` begins on `thread`.
    pub(crate) fn begin(&mut self, thread: ThreadId, actor: Actor) {
        let now = self.now;
        if let Some(thread) = self.meet_thread(thread) {
            thread.stop(now);
            thread.parked = false;
            thread.doing = Some(Doing::new(actor, now));
        }
    }

    fn leave_backlog(&mut self, id: RequestId) {
        if let Ok(place) = self.backlog.binary_search(&id) {
            self.backlog.remove(place);
        }
    }
}

/// Takes `id` out of a queue; it is nearly always in front.
fn remove(queue: &mut std::collections::VecDeque<TaskId>, id: TaskId) {
    if let Some(place) = queue.iter().position(|&other| other == id) {
        queue.remove(place);
    }
}
