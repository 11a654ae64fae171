//! What goes on at a moment: turns, jobs on threads, tasks that wait; or nothing.

use crate::sentences::claim::Claim;
use crate::sentences::scene::{Scene, Worth, is_beat};
use crate::world::entries::{Doing, Thread};
use crate::world::state::State;
use loopscope_trace::{Actor, JobId, TaskId, TaskRole, ThreadId, ThreadRole};

impl Scene<'_> {
    /// A task has a turn on a loop right now, and others are ready. A beat comes and goes ten times a
    /// second, and is not worth a sentence of its own.
    pub(crate) fn turn(&self) -> Option<Vec<Claim>> {
        let mut claims = vec![self.turns().find(|claim| !is_beat(claim))?];
        let ready: Vec<TaskId> = self.world.ready.iter().copied().collect();
        if !ready.is_empty() {
            claims.push(Claim::Ready(ready));
        }
        Some(claims)
    }

    /// No task of the story has a turn, and some want one.
    pub(crate) fn ready(&self) -> Option<Vec<Claim>> {
        let ready = self.world.ready.iter().copied();
        let ready: Vec<TaskId> = ready.filter(|&task| self.is_story(task)).collect();
        (!ready.is_empty()).then(|| {
            let others = self.world.ready.iter().copied();
            vec![Claim::Ready(others.collect())]
        })
    }

    /// Timers of the story's tasks have run out, and the loop is about to see it.
    pub(crate) fn overdue(&self) -> Option<Vec<Claim>> {
        let overdue = self.world.overdue.iter().copied();
        let overdue: Vec<TaskId> = overdue.filter(|&task| self.is_story(task)).collect();
        (!overdue.is_empty()).then(|| vec![Claim::Overdue(overdue)])
    }

    pub(crate) fn backlog(&self) -> Option<Vec<Claim>> {
        let requests = &self.world.backlog;
        (!requests.is_empty()).then(|| {
            vec![Claim::Backlog {
                requests: requests.iter().copied().collect(),
                accept: self.world.stopping.is_none() && self.added(TaskRole::Accept).count() > 0,
            }]
        })
    }

    /// What the threads of a role do.
    fn doing(&self, role: ThreadRole) -> impl Iterator<Item = (&Thread, Doing)> {
        let threads = self.world.threads.iter();
        let threads = threads.filter(move |thread| thread.role == role);
        threads.filter_map(|thread| Some((thread, thread.doing?)))
    }

    pub(crate) fn on_pool(&self) -> Option<Vec<Claim>> {
        let doing = self.doing(ThreadRole::Pool);
        let actors: Vec<Actor> = doing.map(|(_, doing)| doing.actor).collect();
        if actors.is_empty() {
            return None;
        }
        let step = self.common_step(actors.iter().copied());
        let mut claims = vec![Claim::OnPool { actors, step }];
        claims.extend(self.gil());
        claims.extend(self.whose_turn(Worth::LetsIn));
        Some(claims)
    }

    /// A thread has CPython's lock, and others want it.
    fn gil(&self) -> Option<Claim> {
        let mut gils = self.world.shared.gils.iter();
        gils.find_map(|gil| {
            let (thread, _) = gil.owner?;
            let waiters = gil.waiters.len();
            (waiters > 0).then_some(Claim::HasGil { thread, waiters })
        })
    }

    /// The system is starting threads for jobs.
    pub(crate) fn starting(&self) -> Option<Vec<Claim>> {
        let jobs = self.world.jobs.iter();
        let jobs = jobs.filter(|job| job.state == State::Ready);
        let jobs: Vec<JobId> = jobs.map(|job| job.id).collect();
        (!jobs.is_empty()).then(|| {
            let starting = Claim::Starting(jobs);
            std::iter::once(starting)
                .chain(self.whose_turn(Worth::Nothing))
                .collect()
        })
    }

    /// Jobs run in child processes.
    pub(crate) fn in_children(&self) -> Option<Vec<Claim>> {
        let doing = self.doing(ThreadRole::Process);
        let doing: Vec<(&Thread, Actor)> =
            doing.map(|(thread, doing)| (thread, doing.actor)).collect();
        if doing.is_empty() {
            return None;
        }
        let mut processes: Vec<_> = doing.iter().map(|(thread, _)| thread.process).collect();
        processes.sort_unstable();
        processes.dedup();
        let jobs: Vec<(ThreadId, Actor)> = doing
            .iter()
            .map(|&(thread, actor)| (thread.id, actor))
            .collect();
        let step = self.common_step(jobs.iter().map(|&(_, actor)| actor));
        let mut claims = vec![Claim::InProcesses {
            jobs,
            step,
            processes: processes.len(),
        }];
        claims.extend(self.whose_turn(Worth::Beats));
        Some(claims)
    }

    pub(crate) fn waiting(&self) -> Option<Vec<Claim>> {
        let tasks = self.world.tasks.iter();
        let waiting = tasks.filter(|task| task.role.is_story() && task.state == State::Waiting);
        let tasks: Vec<TaskId> = waiting.map(|task| task.id).collect();
        if tasks.is_empty() {
            return None;
        }
        let step = self.common_step(tasks.iter().map(|&task| Actor::Task(task)));
        let mut claims = vec![Claim::Waiting { tasks, step }];
        claims.extend(self.whose_turn(Worth::Beats));
        Some(claims)
    }

    pub(crate) fn nothing(&self) -> Vec<Claim> {
        let requests = &self.world.requests;
        let story = || self.world.tasks.iter().filter(|task| task.role.is_story());
        let created = story().filter(|task| task.state == State::Created);
        let created: Vec<TaskId> = created.map(|task| task.id).collect();
        let jobs = &self.world.jobs;
        let all_ended =
            story().all(|task| task.ended.is_some()) && jobs.iter().all(|job| job.ended.is_some());
        let first = if !created.is_empty() {
            Some(Claim::Created(created))
        } else if !requests.is_empty() {
            let answered = requests.iter().filter(|it| it.answered.is_some());
            let given_up = requests
                .iter()
                .filter(|it| it.answered.is_none() && it.given_up.is_some());
            Some(Claim::Answered {
                answered: answered.count(),
                sent: requests.len(),
                given_up: given_up.count(),
            })
        } else if story().next().is_none() {
            Some(Claim::NothingAsked)
        } else {
            all_ended.then_some(Claim::AllEnded)
        };
        first
            .into_iter()
            .chain(self.whose_turn(Worth::Nothing))
            .collect()
    }

    /// What a program that is watched has not done yet, where nothing of its own has happened.
    pub(crate) fn not_begun(&self) -> &'static str {
        if self.world.shared.processes.is_empty() {
            "Nothing is heard of the program yet."
        } else if self.world.loops().next().is_none() {
            "The program has begun, and runs no event loop so far."
        } else {
            "No request has come yet, and no task of the program's own has begun."
        }
    }
}
