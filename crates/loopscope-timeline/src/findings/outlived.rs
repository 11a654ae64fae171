//! Findings about work that goes on although nobody waits for it any more, and about children that
//! did not end well.

use std::collections::BTreeSet;

use crate::findings::all::{Findings, LONG};
use crate::findings::finding::InsightKind;
use crate::tracks::lanes::Lanes;
use crate::world::world::World;
use loopscope_trace::{Actor, Nanos, Outcome, ProcessId, RequestId, StepId, ThreadId, WaitOn};

/// Who may go on alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Alone {
    /// A task or a job whose awaiter's timeout has run out; the awaiter, and its step.
    Actor(Actor, Actor, StepId),
    /// What a request asks for, whose client has given up.
    Request(RequestId),
}

/// Who may go on alone, and the findings about those who do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outlived {
    /// When who will have gone on for long enough.
    due: BTreeSet<(Nanos, Alone)>,
    timeouts: Group,
    clients: Group,
}

/// All that go on at the same time are one finding.
#[derive(Clone, Debug, Default)]
struct Group {
    finding: Option<usize>,
    members: BTreeSet<Alone>,
}

impl Findings {
    /// The timeout of an actor has run out: what it waited for may go on.
    pub(crate) fn timed_out(&mut self, world: &World, actor: Actor, step: StepId) {
        let mut left: Vec<Actor> = Vec::new();
        if let Actor::Task(id) = actor
            && let Some(task) = world.task(id)
        {
            match task.waits_on {
                Some(WaitOn::Job(job)) => left.push(Actor::Job(job)),
                Some(WaitOn::Task(task)) => left.push(Actor::Task(task)),
                _ => {}
            }
        }
        let blocked = world.shared.blocked_on.iter();
        let blocked = blocked.filter(|&&(other, _)| other == actor);
        left.extend(blocked.map(|&(_, task)| Actor::Task(task)));
        for other in left {
            let alone = Alone::Actor(other, actor, step);
            self.outlived.due.insert((world.now + LONG, alone));
        }
    }

    pub(crate) fn given_up(&mut self, world: &World, request: RequestId) {
        if world
            .request(request)
            .is_some_and(|it| it.answered.is_none())
        {
            let alone = Alone::Request(request);
            self.outlived.due.insert((world.now + LONG, alone));
        }
    }

    /// When the next of these findings will be due.
    pub(crate) fn alone_due(&self) -> Option<Nanos> {
        self.outlived.due.first().map(|&(at, _)| at)
    }

    pub(crate) fn fire_alone(&mut self, world: &World, lanes: &Lanes) {
        let Some((at, alone)) = self.outlived.due.pop_first() else {
            return;
        };
        if !goes_on(world, alone) {
            return;
        }
        let since = Nanos(at.0 - LONG.0);
        let group = match alone {
            Alone::Actor(..) => &mut self.outlived.timeouts,
            Alone::Request(_) => &mut self.outlived.clients,
        };
        let finding = group.finding.unwrap_or_else(|| {
            let kind = InsightKind::OutlivedTimeout;
            match alone {
                Alone::Actor(actor, who, step) => {
                    let finding = self.log.open(world, lanes, kind, since, actor);
                    self.log.all[finding].held_by = Some((who, Some(step)));
                    finding
                }
                Alone::Request(request) => {
                    let task = world.request(request).and_then(|request| request.task);
                    let actor = task.map(Actor::Task);
                    let lane = lanes.of_request(request);
                    self.log.open_at(world, kind, since, actor, lane)
                }
            }
        });
        group.finding = Some(finding);
        group.members.insert(alone);
        let lane = match alone {
            Alone::Actor(actor, ..) => lanes.of(actor),
            Alone::Request(request) => lanes.of_request(request),
        };
        match lane {
            Some(lane) => self.log.join(finding, lane, world.now),
            None => self.log.count(finding, 1, world.now),
        }
    }

    /// An actor has ended, and so may have what went on alone.
    pub(crate) fn ended_alone(&mut self, world: &World) {
        for group in [&mut self.outlived.timeouts, &mut self.outlived.clients] {
            let Some(finding) = group.finding else {
                continue;
            };
            group.members.retain(|&alone| goes_on(world, alone));
            if group.members.is_empty() {
                self.log.close(finding, world.now);
                group.finding = None;
            }
        }
    }

    /// A child process has ended by a signal or with a code: who had not ended with it?
    pub(crate) fn child_ended(
        &mut self,
        world: &World,
        lanes: &Lanes,
        process: ProcessId,
        status: i32,
    ) {
        if status == 0 {
            return;
        }
        let of_child = |thread: Option<ThreadId>| {
            let thread = thread.and_then(|thread| world.thread(thread));
            thread.is_some_and(|thread| thread.process == Some(process))
        };
        // Whoever watches the child may have told the ends of its work right before its own.
        let with_it = |ended: Option<Nanos>, outcome| {
            ended
                .is_none_or(|at| world.now.since(at) <= LONG && outcome == Some(Outcome::Cancelled))
        };
        let jobs = world.jobs.iter();
        let jobs = jobs.filter(|job| of_child(job.thread) && with_it(job.ended, job.outcome));
        let mut actors: Vec<Actor> = jobs.map(|job| Actor::Job(job.id)).collect();
        let tasks = world.tasks.iter().filter(|task| task.role.is_story());
        let tasks = tasks.filter(|task| of_child(task.home) && with_it(task.ended, task.outcome));
        actors.extend(tasks.map(|task| Actor::Task(task.id)));
        let (kind, first) = (InsightKind::KilledProcess, actors.first().copied());
        let lane = first.and_then(|actor| lanes.of(actor));
        let finding = self.log.open_at(world, kind, world.now, first, lane);
        let insight = &mut self.log.all[finding];
        insight.of = Some(process.0);
        for lane in actors.iter().filter_map(|&actor| lanes.of(actor)) {
            self.log.join(finding, lane, world.now);
        }
        self.log.close(finding, world.now);
    }
}

fn goes_on(world: &World, alone: Alone) -> bool {
    let task_goes_on = |id| world.task(id).is_some_and(|task| !task.state.is_final());
    match alone {
        Alone::Actor(Actor::Task(id), ..) => task_goes_on(id),
        Alone::Actor(Actor::Job(id), ..) => world.job(id).is_some_and(|job| !job.state.is_final()),
        Alone::Request(id) => world
            .request(id)
            .is_some_and(|request| request.task.is_none_or(task_goes_on)),
    }
}
