//! Blocks: where a thread is held and by what, from the first look on until the turn is over.

use loopscope_trace::{Actor, EventKind, StepId, TaskRole, ThreadRole, WaitOn};

use crate::blocks::held::Sample;
use crate::translate::state::{Block, Runs};
use crate::translate::translator::{At, Translator};

impl Translator {
    /// A thread was seen held.
    pub(super) fn held(&mut self, at: At, sample: Sample) {
        let Some((actor, role)) = self.actor(at) else {
            return;
        };
        let thread = self.thread_id(at, role);
        let roots = self.processes[at.process].roots.clone();
        let state = self.processes[at.process]
            .threads
            .entry(at.thread)
            .or_default();
        let open = state.block.filter(|block| block.actor == actor);
        let before = open.and_then(|block| block.step);
        let seen = self
            .rows
            .stack(&sample.frames, before, &roots, &mut self.out);
        let step = seen.map(|(_, step)| step).or(before);
        let state = self.processes[at.process]
            .threads
            .entry(at.thread)
            .or_default();
        state.block = Some(Block {
            actor,
            kind: sample.kind,
            step,
        });
        // A place that was not known before is no other one.
        let moved = open.is_some_and(|block| block.step.is_some() && block.step != step);
        let found = open.is_none_or(|block| block.step != step);
        let changed = open.is_none_or(|block| block.kind != sample.kind) || moved;
        if open.is_some() && changed {
            self.out
                .event(at.moment, EventKind::BlockEnded { actor, thread });
        }
        if let Some(step) = step.filter(|_| found) {
            self.enters(at, step);
        }
        if changed {
            let kind = sample.kind;
            let started = EventKind::BlockStarted {
                actor,
                thread,
                kind,
            };
            self.out.event(at.moment, started);
        }
        if let Some((stack, _)) = seen {
            self.out.event(at.moment, EventKind::Stack { actor, stack });
        }
    }

    /// What the thread runs is at a step.
    pub(super) fn enters(&mut self, at: At, step: StepId) {
        let process = &mut self.processes[at.process];
        let runs = process
            .threads
            .get(&at.thread)
            .and_then(|thread| thread.runs);
        let (actor, before) = match runs {
            Some(Runs::Task(task)) => match process.tasks.get_mut(&task) {
                Some(task) => (Actor::Task(task.id), task.step.replace(step)),
                None => return,
            },
            Some(Runs::Callback(label)) => match process.callbacks.get_mut(&label) {
                Some(task) => (Actor::Task(task.id), task.step.replace(step)),
                None => return,
            },
            Some(Runs::Job(job)) => match process.jobs.get_mut(&job) {
                Some(job) => (Actor::Job(job.id), job.step.replace(step)),
                None => return,
            },
            None => return,
        };
        if before != Some(step) {
            self.out
                .event(at.moment, EventKind::StepEntered { actor, step });
        }
    }

    /// What the thread runs, and what it is for then.
    pub(super) fn actor(&self, at: At) -> Option<(Actor, ThreadRole)> {
        let process = &self.processes[at.process];
        match process.threads.get(&at.thread)?.runs? {
            Runs::Task(task) => Some((Actor::Task(process.tasks.get(&task)?.id), ThreadRole::Loop)),
            Runs::Callback(label) => Some((
                Actor::Task(process.callbacks.get(&label)?.id),
                ThreadRole::Loop,
            )),
            Runs::Job(job) => Some((Actor::Job(process.jobs.get(&job)?.id), ThreadRole::Pool)),
        }
    }

    /// The thread has let go.
    pub(super) fn lets_go(&mut self, at: At) {
        let thread = self.processes[at.process]
            .threads
            .entry(at.thread)
            .or_default();
        if let (Some(block), Some(id)) = (thread.block.take(), thread.id) {
            let actor = block.actor;
            self.out
                .event(at.moment, EventKind::BlockEnded { actor, thread: id });
        }
    }

    /// What the thread runs is over, also where its end was not told.
    pub(super) fn stop(&mut self, at: At) {
        let state = self.processes[at.process]
            .threads
            .entry(at.thread)
            .or_default();
        let (parked, id) = (std::mem::take(&mut state.parked), state.id);
        let runs = state.runs;
        if let (true, Some(thread)) = (parked, id) {
            self.out.event(at.moment, EventKind::Unparked { thread });
        }
        let (Some(runs), Some(thread)) = (runs, id) else {
            return;
        };
        self.lets_go(at);
        let process = &mut self.processes[at.process];
        process.threads.entry(at.thread).or_default().runs = None;
        match runs {
            Runs::Task(task) => {
                let Some(task) = process.tasks.get(&task) else {
                    return;
                };
                self.out.event(
                    at.moment,
                    EventKind::PollEnded {
                        task: task.id,
                        thread,
                    },
                );
            }
            Runs::Callback(label) => {
                let Some(lane) = process.callbacks.get(&label) else {
                    return;
                };
                let task = lane.id;
                if lane.role == TaskRole::Accept {
                    let on = WaitOn::Backlog;
                    self.out.event(at.moment, EventKind::Waiting { task, on });
                }
                self.out
                    .event(at.moment, EventKind::PollEnded { task, thread });
            }
            Runs::Job(_) => {}
        }
    }
}
