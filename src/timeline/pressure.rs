//! Findings about those who want a thread: starved tasks, a full pool, tasks never polled.

use super::findings::Findings;
use super::insight::InsightKind;
use super::lanes::Lanes;
use super::track::LaneId;
use super::world::World;
use crate::trace::{Actor, JobId, Nanos, TaskId, ThreadId, ThreadRole};

impl Findings {
    /// Somebody else wants a loop that is held.
    pub(super) fn join_holding(&mut self, world: &World, lane: Option<LaneId>) {
        let Some(lane) = lane else {
            return;
        };
        if !self.all_held(world) {
            return;
        }
        for finding in self.open_holds(None).collect::<Vec<_>>() {
            self.log.join(finding, lane, world.now);
        }
    }

    /// Whether every loop is held. As long as one of several is free it takes whoever is ready, and
    /// only those that starve are victims.
    pub(super) fn all_held(&self, world: &World) -> bool {
        world
            .loops()
            .all(|thread| self.holding.contains(&thread.id))
    }

    /// The findings that go on of the loops that are held, but for one.
    pub(super) fn open_holds(&self, except: Option<ThreadId>) -> impl Iterator<Item = usize> {
        let turns = self.holding.iter();
        let turns = turns.filter(move |&&thread| Some(thread) != except);
        let turns = turns.filter_map(|thread| self.turns.get(thread.index()));
        turns.flat_map(|turn| turn.blocked.into_iter().chain(turn.never_yields))
    }

    /// A task could run for a long time, and did not.
    pub(super) fn starves(&mut self, world: &World, lanes: &Lanes, id: TaskId, since: Nanos) {
        // Without somebody on a loop it was the machine that was slow, not the program.
        let Some(holder) = world
            .loops()
            .filter_map(|thread| thread.doing)
            .min_by_key(|doing| doing.since)
        else {
            return;
        };
        let finding = self.starving.finding.unwrap_or_else(|| {
            let actor = Actor::Task(id);
            let finding = self
                .log
                .open(world, lanes, InsightKind::Starved, since, actor);
            let step = world.step_of(holder.actor);
            self.log.all[finding].held_by = Some((holder.actor, step));
            self.starving.first = id;
            finding
        });
        self.starving.finding = Some(finding);
        self.starving.tasks.insert(id);
        if let Some(lane) = lanes.of(Actor::Task(id)) {
            self.log.join(finding, lane, world.now);
        }
    }

    /// A task that may have starved got its turn.
    pub(super) fn ate(&mut self, world: &World, id: TaskId) {
        if !self.starving.tasks.remove(&id) {
            return;
        }
        if let Some(finding) = self.starving.finding {
            if self.starving.first == id {
                self.log.close(finding, world.now);
            }
            if self.starving.tasks.is_empty() {
                self.starving.finding = None;
            }
        }
    }

    pub(super) fn pool(&mut self, world: &World, lanes: &Lanes, queued: Option<JobId>) {
        let is_full = world.pool.threads > 0 && world.pool.busy >= world.pool.threads;
        let lane = |job: JobId| lanes.of(Actor::Job(job));
        match self.saturated {
            Some(finding) if world.job_queue.is_empty() => {
                self.log.close(finding, world.now);
                self.saturated = None;
            }
            Some(finding) => {
                if let Some(lane) = queued.and_then(lane) {
                    self.log.join(finding, lane, world.now);
                }
                self.log.count(finding, world.pool.queued, world.now);
            }
            None if is_full => {
                let pool = world.threads.iter();
                let pool = pool.filter(|thread| thread.role == ThreadRole::Pool);
                let doing = pool.filter_map(|thread| thread.doing);
                let (Some(oldest), false) = (
                    doing.min_by_key(|doing| doing.since),
                    world.job_queue.is_empty(),
                ) else {
                    return;
                };
                let (kind, actor) = (InsightKind::SaturatedPool, oldest.actor);
                let finding = self.log.open(world, lanes, kind, world.now, actor);
                for lane in world.job_queue.iter().filter_map(|&job| lane(job)) {
                    self.log.join(finding, lane, world.now);
                }
                self.log.count(finding, world.pool.queued, world.now);
                self.saturated = Some(finding);
            }
            None => {}
        }
    }

    pub(super) fn never_polled(&mut self, world: &World, lanes: &Lanes, id: TaskId) {
        let Some(task) = world.task(id).filter(|task| task.role.is_story()) else {
            return;
        };
        let finding = self.never_polled.unwrap_or_else(|| {
            let (kind, actor) = (InsightKind::NeverPolled, Actor::Task(id));
            let finding = self.log.open(world, lanes, kind, task.spawned, actor);
            self.log.close(finding, world.now);
            finding
        });
        self.never_polled = Some(finding);
        if let Some(lane) = lanes.of(Actor::Task(id)) {
            self.log.join(finding, lane, world.now);
        }
    }
}
