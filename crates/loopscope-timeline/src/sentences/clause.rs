//! Claims in words, a clause each.
// table

use crate::counts::{capitalized, counted, list};
use crate::findings::waiting::deadlock;
use crate::sentences::claim::{Claim, Does};
use crate::sentences::scene::Scene;
use crate::tracks::track::LaneKind;
use crate::words::{
    admits, inside, label, lock, loop_words, place, step_text, they_have, thread_name, who,
};
use loopscope_trace::{Actor, Admits, JobId, RequestId, StepId, TaskId, TaskRole, ThreadId};

impl Scene<'_> {
    /// A claim in words; `before`: the one in front of it in the same caption.
    // table
    #[expect(clippy::too_many_lines, reason = "an exhaustive match of the claims")]
    pub(crate) fn clause(&self, claim: &Claim, before: Option<&Claim>) -> String {
        let verb = |count: usize| if count == 1 { "is" } else { "are" };
        match claim {
            Claim::Circle(links) => {
                let links = deadlock::links(self.timeline.into(), links, self.language);
                format!("{}. None of them can go on.", links.join("; "))
            }
            Claim::Holds {
                actor,
                thread,
                step,
                from,
                only,
            } => self.holds(*actor, *thread, (*step, *from), *only),
            Claim::Helps { kind, step } => {
                let end = match before {
                    Some(Claim::Holds { .. }) | None => "",
                    Some(_) => ".",
                };
                format!("{end}{}", self.helps(*kind, *step))
            }
            Claim::KeptOut(requests) if self.timeline.story().watched.is_some() => {
                let verb = verb(requests.len());
                let who = counted(requests.len(), "connection", "connections");
                format!(" {} {verb} not even accepted", capitalized(&who))
            }
            Claim::KeptOut(requests) => {
                format!("{} let {} in", nobody_can(before), self.requests(requests))
            }
            Claim::Unnoticed(tasks) => {
                format!("{} see that {}", nobody_can(before), self.timers(tasks))
            }
            Claim::CannotRun(tasks) => {
                format!("{} run {}", nobody_can(before), self.tasks(tasks))
            }
            Claim::FullPool {
                threads,
                step,
                queued,
            } => self.full(*threads, *step, queued),
            Claim::Runs { task, thread, does } => {
                let joint = if before.is_some() { " " } else { "" };
                format!("{joint}{}", self.runs(*task, *thread, does))
            }
            Claim::Ready(tasks) => match before {
                Some(_) => format!(" {} {} ready.", self.tasks(tasks), verb(tasks.len())),
                None => {
                    let (who, verb) = (self.tasks(tasks), verb(tasks.len()));
                    format!("{who} {verb} ready for a turn on the loop.")
                }
            },
            Claim::Overdue(tasks) => {
                let who = self.tasks(tasks);
                match tasks.len() {
                    1 => format!("The timer of {who} has run out; the loop has not noticed yet."),
                    _ => format!("The timers of {who} have run out; the loop has not noticed yet."),
                }
            }
            Claim::Backlog { requests, accept } => {
                let them = if requests.len() == 1 { "it" } else { "them" };
                let next = match accept {
                    true => format!("; accept is about to let {them} in"),
                    false => String::new(),
                };
                let (who, verb) = (self.requests(requests), verb(requests.len()));
                format!("{who} {verb} in the backlog{next}.")
            }
            Claim::OnPool { actors, step } => {
                let plural = if actors.len() == 1 {
                    "a pool thread"
                } else {
                    "pool threads"
                };
                let (who, verb) = (self.actors(actors), verb(actors.len()));
                format!("{who} {verb} on {plural}{}.", self.at(", inside ", *step))
            }
            Claim::Starting(jobs) => {
                let who = self.jobs(jobs);
                match jobs.len() {
                    1 => format!("A pool thread is about to begin {who}."),
                    _ => format!("Pool threads are about to begin {who}."),
                }
            }
            Claim::HasGil { thread, waiters } => {
                let want = match waiters {
                    1 => "another thread wants it".to_owned(),
                    count => format!("{count} others want it"),
                };
                let owner = thread_name(self.timeline, *thread);
                format!(" {owner} has CPython's lock; {want}.")
            }
            Claim::InProcesses {
                jobs,
                step,
                processes,
            } => self.in_processes(jobs, *step, *processes),
            Claim::HasLock {
                lock: of,
                owners,
                waiters,
            } => {
                let (have, name) = (they_have(self.timeline, owners), lock(self.timeline, of.0));
                let verb = if waiters.len() == 1 { "wants" } else { "want" };
                let names = self.actors(waiters);
                let it = match admits(self.timeline, of.0) {
                    Admits::Permits(_) => "one",
                    _ => "it",
                };
                format!("{have} {name}; {names} {verb} {it}.")
            }
            Claim::Waiting { tasks, step } => {
                let at = self.at("", *step);
                let at = if at.is_empty() { "an await" } else { &at };
                let (who, verb) = (self.tasks(tasks), verb(tasks.len()));
                format!("{who} {verb} waiting at {at}.")
            }
            Claim::Created(tasks) => {
                let them = if tasks.len() == 1 { "it" } else { "them" };
                let (who, verb) = (self.tasks(tasks), verb(tasks.len()));
                format!("{who} {verb} created, and nobody has started {them}.")
            }
            Claim::Answered {
                answered,
                sent,
                given_up,
            } => answered_words(*answered, *sent, *given_up),
            Claim::AllEnded => "Everything that was started has ended.".to_owned(),
            Claim::NothingAsked if self.timeline.story().watched.is_some() => {
                self.not_begun().to_owned()
            }
            Claim::NothingAsked if self.timeline.story().is_server() => {
                "Nothing has been asked yet.".to_owned()
            }
            Claim::NothingAsked => "Nothing has been started yet.".to_owned(),
            Claim::Free {
                loops,
                lets_in,
                beats,
                pool_is_full,
            } => free(*loops, [*lets_in, *beats, *pool_is_full], before),
        }
    }

    /// `All 40 pool threads are inside time.sleep(1); 60 requests are queued for one.`
    fn full(&self, threads: u32, step: Option<StepId>, queued: &[JobId]) -> String {
        let all = match threads {
            1 => "The only pool thread is".to_owned(),
            _ => format!("All {threads} pool threads are"),
        };
        let inside = step.and_then(|step| step_text(self.timeline, step, self.language));
        let inside = inside.map_or_else(|| "taken".to_owned(), |text| format!("inside {text}"));
        let wants = match queued.len() {
            1 => "one job is".to_owned(),
            count => format!(
                "{count} {} are",
                self.kinds(queued.iter().map(|&job| Actor::Job(job)))
            ),
        };
        format!("{all} {inside}; {wants} queued for one.")
    }

    /// What a task does with its turn.
    fn runs(&self, task: TaskId, thread: ThreadId, does: &Does) -> String {
        let name = who(self.timeline, Actor::Task(task));
        let on = if self.loops().nth(1).is_none() {
            "the loop".to_owned()
        } else if self.world.has_own_loops() {
            loop_words(self.timeline, thread)
        } else {
            format!("thread {}", thread_name(self.timeline, thread))
        };
        match does {
            Does::Beats => format!("The heartbeat has {on}."),
            Does::LetsIn(requests) if requests.is_empty() => format!("{name} has {on}."),
            Does::LetsIn(requests) => {
                format!("{name} has {on}: it lets {} in.", self.requests(requests))
            }
            Does::HandsOver => format!("{name} has {on}: a plain def goes to the pool."),
            Does::TakesBack => format!("{name} has {on}: its plain def has ended."),
            Does::Step(step) => match place(self.timeline, *step, self.language) {
                Some(place) => format!("{name} runs {place}."),
                None => format!("{name} runs."),
            },
        }
    }

    fn in_processes(
        &self,
        jobs: &[(ThreadId, Actor)],
        step: Option<StepId>,
        processes: usize,
    ) -> String {
        let inside = inside(self.timeline, step, self.language);
        match jobs {
            [(thread, job)] => {
                let process = thread_name(self.timeline, *thread);
                let who = who(self.timeline, *job);
                format!("{who} is in {process}, a process of its own{inside}.")
            }
            _ if processes == jobs.len() => {
                format!("{processes} jobs run in {processes} processes, each on its own{inside}.")
            }
            _ => {
                let processes = counted(processes, "process", "processes");
                format!("{} jobs run in {processes}{inside}.", jobs.len())
            }
        }
    }

    /// `the heartbeat's timer has run out`, `2 timers have run out`.
    fn timers(&self, tasks: &[TaskId]) -> String {
        let role = |task: &TaskId| self.world.task(*task).map(|task| task.role);
        match tasks {
            [only] if role(only) == Some(TaskRole::Heartbeat) => {
                "the heartbeat's timer has run out".to_owned()
            }
            [_] => "a timer has run out".to_owned(),
            _ => format!("{} timers have run out", tasks.len()),
        }
    }

    /// The place of a step with `joint` in front; empty where it is not known.
    fn at(&self, joint: &str, step: Option<StepId>) -> String {
        let place = place(self.timeline, step, self.language);
        place.map_or_else(String::new, |place| format!("{joint}{place}"))
    }

    /// The letters of a few requests, the number of many.
    fn requests(&self, requests: &[RequestId]) -> String {
        if requests.len() > 3 {
            return counted(requests.len(), "request", "requests");
        }
        let lanes = requests.iter();
        let lanes = lanes.filter_map(|&request| self.timeline.lane_of_request(request));
        let names: Vec<&str> = lanes.map(|lane| label(self.timeline, lane)).collect();
        list(&names, requests.len())
    }

    fn tasks(&self, tasks: &[TaskId]) -> String {
        let actors: Vec<Actor> = tasks.iter().map(|&task| Actor::Task(task)).collect();
        self.actors(&actors)
    }

    fn jobs(&self, jobs: &[JobId]) -> String {
        let actors: Vec<Actor> = jobs.iter().map(|&job| Actor::Job(job)).collect();
        self.actors(&actors)
    }

    /// The names of a few actors, the number of many.
    fn actors(&self, actors: &[Actor]) -> String {
        if actors.len() > 3 {
            return format!("{} {}", actors.len(), self.kinds(actors.iter().copied()));
        }
        let names = actors.iter().map(|&actor| who(self.timeline, actor));
        let names: Vec<String> = names.collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        list(&names, actors.len())
    }

    /// What several actors are: `requests`, `jobs`, `tasks`.
    fn kinds(&self, actors: impl Iterator<Item = Actor>) -> &'static str {
        let lanes = actors.map(|actor| self.timeline.lane_of(actor));
        let kinds: Vec<Option<LaneKind>> = lanes
            .map(|lane| Some(self.timeline.lane(lane?)?.kind))
            .collect();
        let all = |is: fn(&Option<LaneKind>) -> bool| kinds.iter().all(is);
        if all(|kind| matches!(kind, Some(LaneKind::Request(_)))) {
            "requests"
        } else if all(|kind| matches!(kind, Some(LaneKind::Job(_)))) {
            "jobs"
        } else if all(|kind| matches!(kind, Some(LaneKind::Task(_)))) {
            "tasks"
        } else {
            "tasks and jobs"
        }
    }
}

/// How a clause begins that says what the held loop keeps from happening.
fn nobody_can(before: Option<&Claim>) -> &'static str {
    match before {
        Some(Claim::Holds { .. }) | None => " Nobody can",
        Some(_) => "; nobody can",
    }
}

fn answered_words(answered: usize, sent: usize, given_up: usize) -> String {
    let what = match (answered, sent) {
        (1, 1) => "The request has been answered".to_owned(),
        (2, 2) => "Both requests have been answered".to_owned(),
        (answered, sent) if answered == sent => {
            format!("All {sent} requests have been answered")
        }
        (0, 1) => "The request has not been answered".to_owned(),
        (answered, sent) => {
            let verb = if answered == 1 { "has" } else { "have" };
            format!("{answered} of {sent} requests {verb} been answered")
        }
    };
    match given_up {
        0 => format!("{what}."),
        1 if sent == 1 => format!("{what}: its client has given it up."),
        1 => format!("{what}; one was given up by its client."),
        _ => format!("{what}; {given_up} were given up by their clients."),
    }
}

fn free(loops: usize, [lets_in, beats, full]: [bool; 3], before: Option<&Claim>) -> String {
    let free = match loops {
        1 => "loop is free".to_owned(),
        2 => "two loops are free".to_owned(),
        _ => format!("{loops} loops are free"),
    };
    let several = loops > 1;
    let more = match (lets_in, beats, full) {
        (true, true, false) if several => ": requests are let in, and no heartbeat is late",
        (true, false, false) if several => ": requests are let in",
        (false, true, false) if several => ", and no heartbeat is late",
        (_, true, true) => ": the heartbeat beats, but it has no thread left to hand out",
        (_, false, true) => ", but it has no thread left to hand out",
        (true, true, _) => ": it lets requests in, and the heartbeat beats",
        (true, false, _) => ": it lets requests in",
        (false, true, _) => ", and the heartbeat beats",
        (false, false, _) => "",
    };
    let start = match before {
        None => "The",
        Some(Claim::Waiting { tasks, .. }) if tasks.len() == 1 => " It needs no thread: the",
        Some(Claim::Waiting { .. }) => " They need no thread: the",
        Some(_) => " The",
    };
    format!("{start} {free}{more}.")
}
