//! A moment that is to be captioned, and who has its loops.

use crate::moments::timeline::Timeline;
use crate::sentences::claim::{Claim, Does};
use crate::world::entries::{Task, Thread};
use crate::world::world::World;
use loopscope_trace::{Actor, Language, StepId, TaskId, TaskRole};

/// A moment that is to be captioned.
pub(crate) struct Scene<'a> {
    pub(crate) timeline: &'a Timeline,
    pub(crate) world: &'a World,
    pub(crate) language: Language,
}

/// What a free loop is worth to those that a caption is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    /// Nothing that is to be said.
    Nothing,
    /// It lets requests in, and the heartbeat beats.
    LetsIn,
    /// The heartbeat beats.
    Beats,
    /// The heartbeat beats, but the pool has no thread left.
    FullPool,
}

impl Scene<'_> {
    pub(crate) fn is_story(&self, task: TaskId) -> bool {
        let task = self.world.task(task);
        task.is_some_and(|task| task.role.is_story())
    }

    /// The loops that have not ended.
    pub(crate) fn loops(&self) -> impl Iterator<Item = &Thread> {
        self.world.loops().filter(|thread| !thread.ended)
    }

    /// The step that all of these are in.
    pub(crate) fn common_step(&self, actors: impl IntoIterator<Item = Actor>) -> Option<StepId> {
        let mut steps = actors.into_iter().map(|actor| self.world.step_of(actor));
        let first = steps.next()??;
        steps.all(|step| step == Some(first)).then_some(first)
    }

    /// The tasks that have a turn.
    pub(crate) fn turns(&self) -> impl Iterator<Item = Claim> {
        self.loops().filter_map(|thread| {
            let Actor::Task(id) = thread.doing?.actor else {
                return None;
            };
            let task = self.world.task(id)?;
            Some(Claim::Runs {
                task: id,
                thread: thread.id,
                does: self.does(task),
            })
        })
    }

    fn does(&self, task: &Task) -> Does {
        let job = task.job.and_then(|job| self.world.job(job));
        match task.role {
            TaskRole::Heartbeat => Does::Beats,
            TaskRole::Accept => Does::LetsIn(self.world.backlog.iter().copied().collect()),
            TaskRole::Dispatch if job.is_some_and(|job| job.ended.is_some()) => Does::TakesBack,
            TaskRole::Dispatch => Does::HandsOver,
            _ => Does::Step(task.step),
        }
    }

    /// Who has the loop, or that it is free, and what that is worth.
    pub(crate) fn whose_turn(&self, worth: Worth) -> Option<Claim> {
        let mut turns: Vec<Claim> = self.turns().collect();
        turns.sort_by_key(is_beat);
        if let Some(turn) = turns.into_iter().next() {
            return Some(turn);
        }
        let loops = self.loops().count();
        let runs_on = self.world.stopping.is_none();
        (loops > 0).then(|| Claim::Free {
            loops,
            lets_in: runs_on && worth == Worth::LetsIn && self.added(TaskRole::Accept).count() > 0,
            beats: runs_on && worth != Worth::Nothing && self.beats(),
            pool_is_full: worth == Worth::FullPool,
        })
    }

    /// The tasks of a role that have not ended.
    pub(crate) fn added(&self, role: TaskRole) -> impl Iterator<Item = &Task> {
        let tasks = self.world.tasks.iter();
        tasks.filter(move |task| task.role == role && task.ended.is_none())
    }

    /// Whether there is a heartbeat, and none is late.
    fn beats(&self) -> bool {
        let in_time = |task: &Task| {
            !task.state.could_run() || self.world.now.since(task.since) < Claim::NOT_LATE
        };
        self.added(TaskRole::Heartbeat).count() > 0 && self.added(TaskRole::Heartbeat).all(in_time)
    }
}

/// Whether a task has its turn for a beat.
pub(crate) fn is_beat(claim: &Claim) -> bool {
    matches!(
        claim,
        Claim::Runs {
            does: Does::Beats,
            ..
        }
    )
}
