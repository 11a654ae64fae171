//! Who is there that may still send a value to a channel, or take one.

use std::collections::{BTreeMap, BTreeSet};

use crate::world::world::World;
use loopscope_trace::{Actor, EventKind, FunctionId, JobId, TaskId};

/// The most actors that are followed: a longer circle could not be read.
pub(crate) const MOST: usize = 256;

/// Which tasks run which function, and which jobs there are: who may still send a value, or take one. Kept only
/// where the story tells who does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alive {
    tasks: BTreeMap<FunctionId, BTreeSet<TaskId>>,
    jobs: BTreeSet<JobId>,
}

impl Alive {
    /// Those of a world.
    pub(crate) fn of(world: &World) -> Self {
        let mut alive = Self::default();
        for task in world.tasks.iter().filter(|task| task.ended.is_none()) {
            alive.add(task.id, task.function);
        }
        let jobs = world.jobs.iter().filter(|job| job.ended.is_none());
        alive.jobs = jobs.map(|job| job.id).collect();
        alive
    }

    fn add(&mut self, task: TaskId, function: Option<FunctionId>) {
        if let Some(function) = function {
            self.tasks.entry(function).or_default().insert(task);
        }
    }

    /// An event has happened, and has led to `world`.
    pub(crate) fn note(&mut self, world: &World, event: EventKind) {
        let mut channels = world.shared.channels.iter();
        if channels.all(|channel| channel.senders.is_none() && channel.receivers.is_none()) {
            return;
        }
        match event {
            EventKind::TaskSpawned { task, .. } => {
                self.add(task, world.task(task).and_then(|task| task.function));
            }
            EventKind::TaskEnded { task, .. } => {
                let function = world.task(task).and_then(|task| task.function);
                if let Some(tasks) = function.and_then(|own| self.tasks.get_mut(&own)) {
                    tasks.remove(&task);
                }
            }
            EventKind::JobQueued { job, .. } => drop(self.jobs.insert(job)),
            EventKind::JobEnded { job, .. } => drop(self.jobs.remove(&job)),
            _ => {}
        }
    }

    /// Who may do what these do: a job may do whatever it was given. None where they are too many to be followed.
    pub(crate) fn running(&self, functions: &[FunctionId]) -> Option<Vec<Actor>> {
        let own = functions.iter().filter_map(|id| self.tasks.get(id));
        let tasks = own.flatten().map(|&task| Actor::Task(task));
        let jobs = self.jobs.iter().map(|&job| Actor::Job(job));
        let all: Vec<Actor> = tasks.chain(jobs).take(MOST + 1).collect();
        (all.len() <= MOST).then_some(all)
    }
}
