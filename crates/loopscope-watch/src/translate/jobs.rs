//! Pools and their jobs.

use loopscope_trace::{
    EventKind, JobId, LateRow, NamedPool, Outcome, TaskId, ThreadRole, WakeCause,
};

use crate::translate::rows::Place;
use crate::translate::state::{Job, Runs, next};
use crate::translate::translator::{At, Translator};

/// How many jobs that have ended are remembered for those who wait for them.
const REMEMBERED: usize = 10_000;

impl Translator {
    /// A pool is there, or has another size.
    pub(super) fn pool(&mut self, at: At, pool: u64, name: &str, size: u64) {
        let size = u32::try_from(size).unwrap_or(0);
        if let Some(&pool) = self.processes[at.process].pools.get(&pool) {
            self.out
                .event(at.moment, EventKind::PoolResized { pool, size });
            return;
        }
        // The last numbers stand for something else.
        if self.numbers.pools >= u16::MAX - 2 {
            return;
        }
        self.out.row(LateRow::Pool(NamedPool {
            name: name.to_owned(),
            threads: size,
        }));
        self.numbers.pools += 1;
        let number = self.numbers.pools;
        self.processes[at.process].pools.insert(pool, number);
        // The row is part of the story; from when on there is such a pool, the event says.
        let pool = number;
        self.out
            .event(at.moment, EventKind::PoolResized { pool, size });
    }

    pub(super) fn queued(&mut self, at: At, job: u64, pool: u64, label: &str) {
        let process = &mut self.processes[at.process];
        let runs = process
            .threads
            .get(&at.thread)
            .and_then(|thread| thread.runs);
        let parent = match runs {
            Some(Runs::Task(task)) => process.tasks.get(&task).map(|task| task.id),
            _ => None,
        };
        if process.jobs.len() > REMEMBERED {
            process.jobs.retain(|_, job| !job.ended);
        }
        let pool = process.pools.get(&pool).copied().unwrap_or(0);
        let place = Place::parse(label);
        let roots = process.roots.clone();
        let own = self.is_own(at, &place);
        // Where its function begins; a look at its thread tells more.
        let step = if own {
            self.rows.first_step(&place, &roots, &mut self.out)
        } else {
            None
        };
        let id = JobId(next(&mut self.numbers.jobs));
        let new = Job {
            id,
            step,
            ended: false,
        };
        self.processes[at.process].jobs.insert(job, new);
        let kind = EventKind::JobQueued {
            job: id,
            parent: parent.unwrap_or(TaskId::NONE),
            name: self.out.text(&place.name),
            pool,
        };
        self.out.event(at.moment, kind);
    }

    pub(super) fn started(&mut self, at: At, job: u64) {
        let Some(&Job { id, step, .. }) = self.processes[at.process].jobs.get(&job) else {
            return;
        };
        self.stop(at);
        let thread = self.thread_id(at, ThreadRole::Pool);
        self.processes[at.process]
            .threads
            .entry(at.thread)
            .or_default()
            .runs = Some(Runs::Job(job));
        self.out
            .event(at.moment, EventKind::JobStarted { job: id, thread });
        if let Some(step) = step {
            let actor = loopscope_trace::Actor::Job(id);
            self.out
                .event(at.moment, EventKind::StepEntered { actor, step });
        }
    }

    pub(super) fn job_ends(&mut self, at: At, job: u64, outcome: u64) {
        let runs = self.processes[at.process]
            .threads
            .get(&at.thread)
            .and_then(|thread| thread.runs);
        if runs == Some(Runs::Job(job)) {
            self.stop(at);
        }
        let Some(job) = self.processes[at.process].jobs.get_mut(&job) else {
            return;
        };
        if std::mem::replace(&mut job.ended, true) {
            return;
        }
        let job = *job;
        let thread = self.processes[at.process].threads.entry(at.thread);
        thread.or_default().ended = Some((WakeCause::Job(job.id), at.moment));
        let outcome = match outcome {
            0 => Outcome::Completed,
            1 => Outcome::Cancelled,
            _ => Outcome::Panicked,
        };
        let kind = EventKind::JobEnded {
            job: job.id,
            outcome,
        };
        self.out.event(at.moment, kind);
    }
}
