//! The reducer: how an event, and time alone, change the world.
// table

use std::num::NonZeroU64;

use crate::world::state::Trigger;
use crate::world::world::World;
use loopscope_trace::{Event, EventKind, Nanos, RequestId, TaskId};

impl World {
    /// Moves time on to the event's moment, then lets it happen. Never panics: what the table does
    /// not allow, or an id without an owner, counts as a problem.
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
        self.move_task(id, Trigger::TimerRunsOut);
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
                if let Some(thread) = self.mentioned_thread(thread) {
                    thread.role = role;
                    thread.name = name;
                }
            }
            EventKind::ThreadEnded { thread } => {
                if let Some(thread) = self.mentioned_thread(thread) {
                    thread.ended = true;
                    thread.stop(now);
                }
                self.leave_gil(thread);
            }
            EventKind::RoleChanged { thread, role } => {
                if let Some(thread) = self.mentioned_thread(thread) {
                    thread.role = role;
                }
            }
            EventKind::Parked { thread } => {
                if let Some(thread) = self.mentioned_thread(thread) {
                    thread.parked = true;
                }
            }
            EventKind::Unparked { thread } => {
                if let Some(thread) = self.mentioned_thread(thread) {
                    thread.parked = false;
                }
            }
            EventKind::TaskSpawned {
                task,
                role,
                parent,
                name,
                ..
            } => self.task_spawned(task, role, parent.get(), name, kind.function()),
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
                if let Some(task) = self.mentioned_task(task, false) {
                    task.tokio = NonZeroU64::new(tokio);
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
                if let Some(request) = self.mentioned_request(request, true) {
                    request.client = client;
                    request.route = route;
                    request.live = live;
                    request.sent = now;
                    let id = request.id;
                    self.backlog.push_back(id);
                }
            }
            EventKind::RequestAccepted { request, task } => self.accepted(request, task),
            EventKind::RequestAnswered {
                request,
                text,
                status,
            } => {
                if let Some(request) = self.mentioned_request(request, false) {
                    let first = request.answered.is_none();
                    if first {
                        request.answered = Some(now);
                        request.response = Some(text);
                        request.status = status;
                    }
                    let id = request.id;
                    self.leave_backlog(id);
                    self.check(first);
                }
            }
            EventKind::RequestNamed { request, route } => {
                if let Some(request) = self.mentioned_request(request, false) {
                    request.route = route;
                }
            }
            EventKind::RequestGivenUp { request } => {
                if let Some(request) = self.mentioned_request(request, false) {
                    request.given_up.get_or_insert(now);
                }
            }
            EventKind::RequestRefused { request, text } => {
                if let Some(request) = self.mentioned_request(request, false) {
                    request.refused.get_or_insert(text);
                    let id = request.id;
                    self.leave_backlog(id);
                }
            }
            EventKind::Beat { task } => self.beat(task),
            EventKind::Dropped { thread, count, .. } => self.lost(thread, count),
            EventKind::TaskNamed {
                task, role, name, ..
            } => {
                if let Some(task) = self.mentioned_task(task, false) {
                    task.role = role;
                    task.name = name;
                    task.function = kind.function().or(task.function);
                }
            }
            EventKind::Stack { actor, stack } => {
                if let Some(doing) = self.doing_of(actor) {
                    doing.stack = Some(stack);
                }
            }
            EventKind::PoolResized { pool, size } => self.pool_resized(pool, size),
            EventKind::ProcessPrinted { .. } => self.outputs += 1,
            EventKind::Lapsed { .. } | EventKind::Raised { .. } => {}
            EventKind::RunEnded { reason } => {
                self.ended = Some(reason);
                self.timers.clear();
            }
            EventKind::VariableRead {
                actor,
                variable,
                value,
            } => self.variable_read(actor, variable, value),
            EventKind::LocalSet {
                actor,
                local,
                call,
                value,
            } => self.local_set(actor, (local, call), value),
            EventKind::VariableWritten {
                actor,
                variable,
                value,
            } => self.variable_written(actor, variable, value),
            EventKind::LockWanted { actor, lock, reads } => self.lock_wanted(actor, lock, reads),
            EventKind::LockTaken { actor, lock, reads } => self.lock_taken(actor, lock, reads),
            EventKind::LockReleased {
                actor,
                lock,
                wanted,
            } => self.lock_released(actor, lock, wanted),
            EventKind::ChannelSent { channel, value, .. } => self.channel_sent(channel, value),
            EventKind::ChannelReceived { channel, value, .. } => {
                self.channel_received(channel, value);
            }
            EventKind::TaskOnLoop { task, thread } => {
                let known = self.mentioned_thread(thread).is_some();
                if let Some(task) = self.mentioned_task(task, false)
                    && known
                {
                    task.home = Some(thread);
                }
            }
            EventKind::BlockedOn { actor, task } => {
                if self.mentioned_task(task, false).is_some() {
                    self.shared.blocked_on.push((actor, task));
                }
            }
            EventKind::TimedOut { .. }
            | EventKind::Ticked { .. }
            | EventKind::Lagged { .. }
            | EventKind::Notified { .. }
            | EventKind::EventPassed { .. } => {}
            EventKind::FutureLeft { actor, future } => self.future_left(actor, future),
            EventKind::FuturePolled { future, .. } => self.future_polled(future),
            EventKind::ResponseChunk { request, .. } => {
                if let Some(request) = self.mentioned_request(request, false) {
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

    fn accepted(&mut self, id: RequestId, task: TaskId) {
        let now = self.now;
        let Some(request) = self.mentioned_request(id, false) else {
            return;
        };
        let first = request.accepted.is_none();
        request.accepted.get_or_insert(now);
        self.leave_backlog(id);
        let free = self
            .mentioned_task(task, false)
            .filter(|task| first && task.request.is_none());
        let serves = free.map(|task| task.request = Some(id)).is_some();
        self.check(serves);
        if serves && let Some(request) = self.requests.get_mut(id.index()) {
            request.task = Some(task);
        }
    }

    fn leave_backlog(&mut self, id: RequestId) {
        if let Ok(place) = self.backlog.binary_search(&id) {
            self.backlog.remove(place);
        }
    }
}
