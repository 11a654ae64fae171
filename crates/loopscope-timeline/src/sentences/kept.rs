//! What keeps actors from going on: a circle, a loop that is held, a full pool, a lock.

use crate::findings::waiting::deadlock;
use crate::sentences::claim::Claim;
use crate::sentences::scene::{Scene, Worth};
use crate::world::entries::{Doing, Thread};
use loopscope_trace::{LockId, StepId, TaskId, TaskRole, ThreadId};

/// Parts of the files in which loops run their tasks.
const LOOPS: [&str; 4] = [
    "asyncio/events.py",
    "asyncio/base_events.py",
    "asyncio/runners.py",
    "uvloop/",
];

impl Scene<'_> {
    /// Some wait for one another in a circle.
    pub(crate) fn circle(&self) -> Option<Vec<Claim>> {
        let now = self.world.now;
        let mut all = self.timeline.findings().iter();
        all.find(|finding| *finding.kind == deadlock::KIND && finding.found <= now)?;
        let known = self.timeline.findings_at(self.world);
        let circle = known.into_iter().rev();
        let circle = circle
            .filter(|finding| finding.open && *finding.kind == deadlock::KIND)
            .find(|finding| !finding.chain.is_empty())?;
        Some(vec![Claim::Circle(circle.chain)])
    }

    /// An actor holds a loop by a block or a computation.
    pub(crate) fn held_loop(&self) -> Option<Vec<Claim>> {
        let held = |thread: &Thread| thread.doing.filter(|doing| doing.blocking.is_some());
        let mut loops = self.loops();
        let (thread, doing): (ThreadId, Doing) =
            loops.find_map(|thread| Some((thread.id, held(thread)?)))?;
        let only = self.loops().nth(1).is_none();
        let mut claims = vec![Claim::Holds {
            actor: doing.actor,
            thread,
            step: self.world.step_of(doing.actor),
            from: self.called_from(doing),
            only,
        }];
        if only {
            let world = self.world;
            let ready = world.ready.iter().copied();
            let overdue = world.overdue.iter().copied();
            claims.extend([
                Claim::KeptOut(world.backlog.iter().copied().collect()),
                Claim::Unnoticed(overdue.filter(|&task| !self.is_frameworks(task)).collect()),
                Claim::CannotRun(ready.filter(|&task| self.is_story(task)).collect()),
            ]);
        }
        if let (Some(_), Some((kind, _))) = (&self.timeline.story().watched, doing.blocking) {
            let step = self.world.step_of(doing.actor);
            claims.push(Claim::Helps { kind, step });
        }
        claims.retain(|claim| {
            !matches!(claim, Claim::KeptOut(who) if who.is_empty())
                && !matches!(claim, Claim::Unnoticed(who) | Claim::CannotRun(who) if who.is_empty())
        });
        Some(claims)
    }

    /// The outermost of the user's own calls within a turn, where it is not the innermost one; who runs the loop does not
    /// call what its tasks do.
    fn called_from(&self, doing: Doing) -> Option<StepId> {
        let trace = self.timeline.trace();
        let frames = trace.stack(doing.stack?);
        let own = |step: &&StepId| {
            trace
                .story
                .file_of(**step)
                .is_some_and(|file| !file.library)
        };
        let step = self.world.step_of(doing.actor);
        let is_loop = |step: &StepId| {
            let file = trace.story.file_of(*step);
            file.is_some_and(|file| LOOPS.iter().any(|part| file.path.contains(part)))
        };
        let turn = frames.iter().position(is_loop).unwrap_or(frames.len());
        let outermost = frames[..turn].iter().rfind(own).copied()?;
        (Some(outermost) != step && frames.contains(&step?)).then_some(outermost)
    }

    /// Whether a task is a framework's own, and no loss where it waits.
    fn is_frameworks(&self, task: TaskId) -> bool {
        let task = self.world.task(task);
        task.is_some_and(|task| matches!(task.role, TaskRole::Framework | TaskRole::Callback))
    }

    /// All threads of the default pool are taken, and jobs are queued.
    pub(crate) fn full_pool(&self) -> Option<Vec<Claim>> {
        let world = self.world;
        let threads = world.pool.threads;
        if threads == 0 || world.pool.busy < threads || world.job_queue.is_empty() {
            return None;
        }
        let doing = world.doing_jobs_of(0).map(|doing| doing.actor);
        let mut claims = vec![Claim::FullPool {
            threads,
            step: self.common_step(doing),
            queued: world.job_queue.iter().copied().collect(),
        }];
        claims.extend(self.whose_turn(Worth::FullPool));
        Some(claims)
    }

    /// An actor has a lock that others want.
    pub(crate) fn locked(&self) -> Option<Vec<Claim>> {
        let mut locks = self.world.shared.locks.iter().zip(0..);
        let (lock, of) = locks.find(|(lock, _)| lock.is_awaited())?;
        Some(vec![Claim::HasLock {
            lock: LockId(of),
            owners: lock.owners.iter().map(|&(actor, _)| actor).collect(),
            waiters: lock.waiters.iter().map(|&(actor, _)| actor).collect(),
        }])
    }
}
