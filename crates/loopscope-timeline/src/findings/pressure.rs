//! Findings about those who want a thread: starved tasks, a full pool, tasks never polled.

use crate::findings::all::{Findings, Starving};
use crate::findings::finding::InsightKind;
use crate::tracks::lanes::Lanes;
use crate::tracks::track::LaneId;
use crate::world::entries::Task;
use crate::world::world::World;
use loopscope_trace::{Actor, BlockKind, EventKind, JobId, Nanos, TaskId, ThreadId, WaitOn};

impl Findings {
    /// Somebody else, a task or a request at the door, wants a loop that is held. As long as one of
    /// several is free it takes whoever is ready, and only those that starve are victims.
    pub(crate) fn join_holding(
        &mut self,
        world: &World,
        lane: Option<LaneId>,
        task: Option<&Task>,
    ) {
        let (Some(lane), false) = (lane, self.holding.is_empty()) else {
            return;
        };
        let loops: Vec<ThreadId> = match task {
            Some(task) => world.loops_of(task).map(|thread| thread.id).collect(),
            None => world.loops_of_requests().map(|thread| thread.id).collect(),
        };
        if !loops.iter().all(|thread| self.holding.contains(thread)) {
            return;
        }
        let turns = loops
            .iter()
            .filter_map(|thread| self.turns.get(thread.index()));
        let findings: Vec<usize> = turns
            .flat_map(|turn| turn.blocked.into_iter().chain(turn.never_yields))
            .collect();
        for finding in findings {
            self.log.join(finding, lane, world.now);
        }
    }

    /// A task could run for a long time, and did not.
    pub(crate) fn starves(&mut self, world: &World, lanes: &Lanes, id: TaskId, since: Nanos) {
        // Without somebody on a loop it was the machine that was slow, not the program.
        let Some((_, holder)) = world.holder_of(id) else {
            return;
        };
        let home = world.task(id).and_then(|task| task.home);
        let groups = &mut self.starving;
        let place = groups.iter().position(|group| group.home == home);
        let place = place.unwrap_or_else(|| {
            groups.push(Starving {
                home,
                ..Starving::default()
            });
            groups.len() - 1
        });
        let group = &mut groups[place];
        let finding = group.finding.unwrap_or_else(|| {
            let actor = Actor::Task(id);
            let finding = self
                .log
                .open(world, lanes, InsightKind::Starved, since, actor);
            let step = world.step_of(holder.actor);
            self.log.all[finding].held_by = Some((holder.actor, step));
            group.first = id;
            finding
        });
        group.finding = Some(finding);
        group.tasks.insert(id);
        if let Some(lane) = lanes.of(Actor::Task(id)) {
            self.log.join(finding, lane, world.now);
        }
    }

    /// A task that may have starved got its turn.
    pub(crate) fn ate(&mut self, world: &World, id: TaskId) {
        let groups = &mut self.starving;
        let Some(group) = groups.iter_mut().find_map(|group| {
            let was_in = group.tasks.remove(&id);
            was_in.then_some(group)
        }) else {
            return;
        };
        if let Some(finding) = group.finding {
            if group.first == id {
                self.log.close(finding, world.now);
            }
            if group.tasks.is_empty() {
                group.finding = None;
            }
        }
    }

    /// A job has been queued, begun or ended.
    pub(crate) fn pool(&mut self, world: &World, lanes: &Lanes, id: JobId) {
        let Some(job) = world.job(id) else {
            return;
        };
        let (pool, queue) = world.pool_of(job.pool);
        let is_full = pool.threads > 0 && pool.busy >= pool.threads;
        let lane = |job: JobId| lanes.of(Actor::Job(job));
        let place = self.saturated.iter().position(|&(of, _)| of == job.pool);
        match place.map(|place| (place, self.saturated[place].1)) {
            Some((place, finding)) if queue.is_empty() => {
                self.log.close(finding, world.now);
                self.saturated.swap_remove(place);
            }
            Some((_, finding)) => {
                if let Some(lane) = lane(id).filter(|_| job.started.is_none()) {
                    self.log.join(finding, lane, world.now);
                }
                self.log.count(finding, pool.queued, world.now);
            }
            None if is_full && !queue.is_empty() => {
                let of = |actor| {
                    matches!(actor, Actor::Job(other)
                        if world.job(other).is_some_and(|other| other.pool == job.pool))
                };
                let doing = world.threads.iter().filter_map(|thread| thread.doing);
                let doing = doing.filter(|doing| of(doing.actor));
                let Some(oldest) = doing.min_by_key(|doing| doing.since) else {
                    return;
                };
                let (kind, actor) = (InsightKind::SaturatedPool, oldest.actor);
                let finding = self.log.open(world, lanes, kind, world.now, actor);
                self.log.all[finding].of = Some(job.pool.into());
                for lane in queue.iter().filter_map(|&job| lane(job)) {
                    self.log.join(finding, lane, world.now);
                }
                self.log.count(finding, pool.queued, world.now);
                self.saturated.push((job.pool, finding));
            }
            None => {}
        }
    }

    /// What actors share has changed, or somebody waits for another.
    pub(crate) fn shared_event(&mut self, world: &World, lanes: &Lanes, kind: EventKind) {
        match kind {
            EventKind::VariableRead {
                actor, variable, ..
            } => self.variable_read(world, actor, variable),
            EventKind::VariableWritten {
                actor, variable, ..
            } => self.variable_written(world, lanes, actor, variable),
            EventKind::BlockedOn { actor, .. }
            | EventKind::BlockStarted {
                actor,
                kind: BlockKind::Lock,
                ..
            } => self.look_for_circle(world, lanes, actor),
            EventKind::Waiting {
                task,
                on: WaitOn::Lock(_) | WaitOn::Task(_) | WaitOn::Job(_),
            } if crate::findings::deadlock::is_any_kept(world) => {
                self.look_for_circle(world, lanes, Actor::Task(task));
            }
            EventKind::BlockEnded { actor, .. } => self.break_circle(world, actor),
            EventKind::LockTaken { actor, lock } => {
                self.break_circle(world, actor);
                self.lock_taken(world, lanes, actor, lock);
            }
            EventKind::LockReleased { actor, lock } => self.lock_left(world, actor, lock),
            EventKind::TaskEnded { task, .. } => self.actor_ended(world, Actor::Task(task)),
            EventKind::JobEnded { job, .. } => self.actor_ended(world, Actor::Job(job)),
            EventKind::TimedOut { actor, step } => self.timed_out(world, actor, step),
            EventKind::RequestGivenUp { request } => self.given_up(world, request),
            EventKind::ProcessEnded { process, status } => {
                self.gil_over(world, Some(process));
                self.child_ended(world, lanes, process, status);
            }
            EventKind::GilWanted { thread } => self.gil_wanted(world, thread),
            EventKind::GilTaken { thread } => self.gil_taken(world, lanes, thread),
            EventKind::GilReleased { thread } | EventKind::ThreadEnded { thread } => {
                self.gil_released(world, thread);
            }
            _ => {}
        }
    }

    fn actor_ended(&mut self, world: &World, actor: Actor) {
        self.break_circle(world, actor);
        self.forget_reads(actor);
        self.locks_left(world, actor);
        self.ended_alone(world);
    }

    pub(crate) fn never_polled(&mut self, world: &World, lanes: &Lanes, id: TaskId) {
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
