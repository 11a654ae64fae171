//! How a batch of events becomes part of a timeline.

use crate::findings::log::detector::{Detector, Now};
use crate::moments::timeline::{Timeline, keep};
use crate::tracks::accounts;
use crate::tracks::threads::{show_gil, show_thread};
use crate::tracks::track::{Chunk, OutputLine, Touch};
use loopscope_trace::{
    Actor, Batch, Event, EventKind, JobId, Nanos, ProcessId, RequestId, TaskId, ThreadId, Trace,
    Use, Visitor,
};

impl Timeline {
    /// The timeline of a whole trace.
    pub fn from_trace(mut trace: Trace) -> Self {
        let mut timeline = Self::new(std::mem::take(&mut trace.story));
        timeline.trace.stacks = trace.stacks;
        timeline.extend(Batch {
            texts: trace.texts,
            rows: Vec::new(),
            events: trace.events,
            upto: trace.upto,
        });
        timeline.with_answers(trace.answers)
    }

    /// Adds what a run handed on.
    pub fn extend(&mut self, batch: Batch) {
        let first = self.trace.events.len();
        self.trace.extend(batch);
        for index in first..self.trace.events.len() {
            let event = self.trace.events[index];
            self.settle(event.at);
            self.add(index, event);
        }
        self.settle(self.trace.upto);
        self.findings.grow(self.live.now);
    }

    /// Moves time on; what follows from that alone happens at its own time.
    fn settle(&mut self, to: Nanos) {
        loop {
            let timer = self.live.next_timer().unwrap_or(Nanos::MAX);
            let finding = self
                .detectors
                .due()
                .map_or(Nanos::MAX, |at| at.max(self.live.now));
            let cue = self.notes.next_time().unwrap_or(Nanos::MAX);
            if timer.min(finding).min(cue) > to || self.live.ended.is_some() {
                break;
            }
            if cue < timer.min(finding) {
                self.tell_time(cue);
            } else if timer <= finding {
                if let Some(task) = self.live.run_out() {
                    self.task_changed(task);
                }
            } else {
                self.live.advance(finding);
                let now = Now {
                    world: &self.live,
                    lanes: &self.lanes,
                };
                self.detectors.fire(now, &mut self.findings);
            }
            self.tell_findings();
            self.change();
        }
        self.live.advance(to);
    }

    /// Lets an event happen to the world, the tracks, the accounts and the findings.
    fn add(&mut self, index: usize, event: Event) {
        if self.live.ended.is_some() {
            self.live.reduce(event.kind);
            return;
        }
        let lost = match event.kind {
            EventKind::Dropped { thread, .. } => {
                let doing = self.live.thread(thread).and_then(|thread| thread.doing);
                doing.map(|doing| doing.actor)
            }
            _ => None,
        };
        if let Some((step, length, computes)) = accounts::hold_ended_by(&self.live, event.kind) {
            let steps = self.trace.story.steps.len();
            self.accounts.held(step, steps, length, computes);
        }
        self.lag.event(&self.live, event.kind);
        self.accounts.rests(&self.live, event.kind);
        self.live.reduce(event.kind);
        self.open_accounts();
        let mut kind = event.kind;
        kind.visit(&mut Changed(self));
        self.lanes.learn(&self.trace, &self.live, kind);
        self.track(index, kind, lost);
        self.blocks.event(&self.live, &self.lanes, kind);
        for place in 0..self.live.moved.len() {
            self.job_changed(self.live.moved[place]);
        }
        let now = Now {
            world: &self.live,
            lanes: &self.lanes,
        };
        self.detectors.event(now, event.kind, &mut self.findings);
        if let EventKind::RunEnded { .. } = event.kind {
            self.findings.close_all(self.live.now);
        }
        self.tell(event.kind);
        keep(&mut self.keyframes, &self.live);
    }

    /// Adds to the tracks what an event has that is no change of state; `lost`: the actor that had the
    /// thread whose events were lost.
    fn track(&mut self, index: usize, kind: EventKind, lost: Option<Actor>) {
        match kind {
            EventKind::Output { .. }
            | EventKind::ClientPrinted { .. }
            | EventKind::ProcessPrinted { .. } => self.printed(index, kind),
            EventKind::ResponseChunk { request, text } => self.chunks.push(Chunk {
                at: self.live.now,
                request,
                text,
            }),
            EventKind::VariableRead { actor, .. } => self.touched(index, actor, None),
            EventKind::VariableWritten {
                actor, variable, ..
            } => {
                let values = self.live.values_of(actor);
                let over = values.and_then(|values| values.of(variable)?.over);
                self.touched(index, actor, over.map(|write| write.actor));
            }
            EventKind::Beat { task } if self.live.beats.task == Some(task) => {
                self.beats.push(self.live.now);
            }
            EventKind::Beat { task } => self.more_beats.push((task, self.live.now)),
            EventKind::Metric { metric, of, value } => {
                self.metrics.add(self.live.now, metric, of, value);
            }
            EventKind::GilTaken { thread } | EventKind::GilReleased { thread } => {
                show_gil(&mut self.gils, &self.live, thread);
            }
            EventKind::Dropped { thread, .. } => self.lost(thread, lost),
            EventKind::ProcessEnded { process, .. } => self.process_ended(process),
            _ => {}
        }
    }

    fn touched(&mut self, index: usize, actor: Actor, over: Option<Actor>) {
        if let (Ok(event), Some(lane)) = (u32::try_from(index), self.lanes.of(actor)) {
            let touch = Touch { event, over };
            self.touches.entry(lane).or_default().push(touch);
        }
    }

    /// Opens the accounts of tasks and jobs that an event has mentioned for the first time, even
    /// where the event that should have introduced them was lost.
    fn open_accounts(&mut self) {
        while self.accounts.tasks_known() < self.live.tasks.len() {
            self.task_changed(TaskId::from(self.accounts.tasks_known()));
        }
        while self.accounts.jobs_known() < self.live.jobs.len() {
            self.job_changed(JobId::from(self.accounts.jobs_known()));
        }
    }

    pub(crate) fn actor_changed(&mut self, actor: Actor) {
        match actor {
            Actor::Task(task) => self.task_changed(task),
            Actor::Job(job) => self.job_changed(job),
        }
    }

    pub(crate) fn task_changed(&mut self, id: TaskId) {
        let moved = self.accounts.task(&self.live, id);
        self.lanes.show_task(&self.trace, &self.live, id);
        if let Some((from, _)) = moved
            && let Some(task) = self.live.task(id)
        {
            let now = Now {
                world: &self.live,
                lanes: &self.lanes,
            };
            self.detectors
                .task_moved(now, task, from, &mut self.findings);
        }
    }

    fn job_changed(&mut self, id: JobId) {
        self.accounts.job(&self.live, id);
        self.lanes.show_job(&self.trace, &self.live, id);
    }

    fn request_changed(&mut self, id: RequestId) {
        self.accounts.backlog(&self.live);
        self.lanes.show_request(&self.trace.story, &self.live, id);
    }

    pub(crate) fn thread_changed(&mut self, id: ThreadId) {
        show_thread(&mut self.threads, &self.live, id);
    }

    /// An actor, or the client of a request, prints a line.
    fn printed(&mut self, event: usize, kind: EventKind) {
        let (actor, request, text) = match kind {
            EventKind::Output { actor, text } => (Some(actor), None, text),
            EventKind::ClientPrinted { request, text } => (None, Some(request), text),
            EventKind::ProcessPrinted { text, .. } => (None, None, text),
            _ => return,
        };
        let lane = actor.and_then(|actor| self.lanes.of(actor));
        self.outputs.push(OutputLine {
            at: self.live.now,
            event,
            actor,
            request,
            lane: lane.or_else(|| self.lanes.of_request(request?)),
            step: actor.and_then(|actor| self.live.step_of(actor)),
            thread: actor.and_then(|actor| self.live.thread_of(actor)),
            text,
        });
    }

    /// Shows whose end a child's end was.
    pub(crate) fn process_ended(&mut self, process: ProcessId) {
        for place in 0..self.live.threads.len() {
            if self.live.threads[place].process == Some(process) {
                let thread = ThreadId::from(place);
                self.thread_changed(thread);
                show_gil(&mut self.gils, &self.live, thread);
            }
        }
        for task in self.live.forgotten.clone() {
            self.task_changed(task);
        }
    }

    /// Shows what a loss made unknown.
    pub(crate) fn lost(&mut self, thread: ThreadId, doing: Option<Actor>) {
        self.thread_changed(thread);
        for task in self.live.forgotten.clone() {
            self.task_changed(task);
        }
        if let Some(actor) = doing {
            self.actor_changed(actor);
        }
    }
}

/// Shows in its lane or row each task, job, request and thread that an event names.
struct Changed<'a>(&'a mut Timeline);

impl Visitor for Changed<'_> {
    fn task(&mut self, id: &mut TaskId, _use: Use) {
        self.0.task_changed(*id);
    }

    fn job(&mut self, id: &mut JobId, how: Use) {
        // The end of a job names no thread, and yet leaves one free.
        if how == Use::Ends
            && let Some(thread) = self.0.live.job(*id).and_then(|job| job.thread)
        {
            self.0.thread_changed(thread);
        }
        self.0.job_changed(*id);
    }

    fn request(&mut self, id: &mut RequestId, _use: Use) {
        self.0.request_changed(*id);
    }

    fn thread(&mut self, id: &mut ThreadId, _use: Use) {
        self.0.thread_changed(*id);
    }
}
