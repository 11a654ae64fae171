//! What is asked about a lane: what it waits for, and who keeps it from going on.

use crate::counts::{counted, seconds};
use crate::moments::moment::Moment;
use crate::moments::timeline::Timeline;
use crate::tracks::track::{LaneId, LaneKind};
use crate::words::{self, label, line, who};
use crate::world::entries::{Doing, Job, Task};
use crate::world::shared::Lock;
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{
    Actor, ChannelId, JobId, Language, LockId, Nanos, TaskId, TaskRole, ThreadId, WaitOn,
};

/// The answer to "why?" for one lane at one moment, one sentence each.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The lane.
    pub lane: LaneId,
    /// Its state.
    pub state: State,
    /// Since when it has been in it.
    pub since: Nanos,
    /// What it is doing or waiting for.
    pub now: String,
    /// What has to happen before it goes on, and who does that.
    pub next: String,
    /// Who made it ready last, when and from where; empty where nothing has.
    pub last: String,
    /// Whom to ask next.
    pub cause: Option<Cause>,
}

/// Whom to ask next.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// The lane to look at.
    pub lane: LaneId,
    /// The moment to look at it; `None` for the same moment.
    pub at: Option<Moment>,
    /// A few words: `A, which holds the loop`.
    pub says: String,
}

/// A lane that is asked about.
pub(crate) struct Asked<'a> {
    pub(crate) timeline: &'a Timeline,
    pub(crate) world: &'a World,
    pub(crate) lane: LaneId,
    pub(crate) language: Language,
}

/// What has to happen, and whom to ask about it.
pub(crate) type Next = (String, Option<Cause>);

impl Asked<'_> {
    /// The task of the lane, if there is one yet.
    pub(crate) fn task(&self) -> Option<&Task> {
        task_of(self.timeline, self.world, self.lane)
    }

    /// The job of the lane: its own, or that of its dispatch task.
    pub(crate) fn job(&self) -> Option<&Job> {
        match self.timeline.lane(self.lane)?.kind {
            LaneKind::Job(job) => self.world.job(job),
            _ => self.world.job(self.task()?.job?),
        }
    }

    /// Another lane at the same moment.
    pub(crate) fn ask(&self, actor: Actor, says: impl FnOnce(&str) -> String) -> Option<Cause> {
        let lane = self
            .timeline
            .lane_of(actor)
            .filter(|lane| *lane != self.lane)?;
        Some(Cause {
            lane,
            at: None,
            says: says(label(self.timeline, lane)),
        })
    }

    /// A task waits at an await.
    pub(crate) fn waits(&self) -> Next {
        let Some(task) = self.task() else {
            return ("Nobody said who will wake it.".to_owned(), None);
        };
        if let (TaskRole::Coroutine, Some(keeper)) = (task.role, task.parent) {
            let keeper = who(self.timeline, Actor::Task(keeper));
            return (format!("It goes on when {keeper} polls it."), None);
        }
        if let Some(deadline) = task.deadline {
            let words = format!(
                "Its timer wakes it at {}; nobody has to do anything.",
                seconds(deadline)
            );
            return (words, None);
        }
        let words = match task.waits_on {
            Some(WaitOn::Task(other)) => return self.for_task(other),
            Some(WaitOn::Job(job)) => return self.for_job(job),
            Some(WaitOn::Tasks(count)) => return self.for_tasks(task.id, count),
            Some(WaitOn::Backlog) => "The next request wakes it.".to_owned(),
            Some(WaitOn::Lock(lock)) => return self.for_lock(lock),
            Some(WaitOn::Channel(channel)) => {
                let name = words::channel(self.timeline, channel.0);
                match lies_in(self.world, channel) {
                    true => format!("A value lies in {name}: it goes on when it is woken."),
                    false => format!("It goes on when somebody puts a value into {name}."),
                }
            }
            Some(WaitOn::Room(channel)) => {
                let name = words::channel(self.timeline, channel.0);
                format!("It goes on when somebody takes a value out of {name}, which is full.")
            }
            Some(WaitOn::NamedEvent(event)) => {
                let name = words::event(self.timeline, event.0);
                format!("It goes on when {name} is set or notified.")
            }
            Some(WaitOn::Futures(count)) => {
                format!("It goes on when one of its {count} futures can.")
            }
            Some(WaitOn::Named { what, name }) => {
                let name = self.timeline.trace().text(name);
                format!("It goes on with {}.", words::awaited(what, name))
            }
            Some(WaitOn::Turn) => "It gave way once, and goes on in its next turn.".to_owned(),
            Some(WaitOn::Forever) => "Nobody ever wakes it.".to_owned(),
            None => "Nobody said who will wake it.".to_owned(),
        };
        (words, None)
    }

    fn for_task(&self, other: TaskId) -> Next {
        let name = who(self.timeline, Actor::Task(other));
        let state = self
            .world
            .task(other)
            .map_or("unknown", |task| task.state.word());
        let cause = self.ask(Actor::Task(other), |name| {
            format!("{name}, which it waits for")
        });
        (
            format!("It goes on when {name} ends; {name} is {state}."),
            cause,
        )
    }

    fn for_job(&self, job: JobId) -> Next {
        let cause = self.ask(Actor::Job(job), |name| {
            format!("{name}, which it waits for")
        });
        ("It goes on when that job ends.".to_owned(), cause)
    }

    /// Several tasks that were gathered; the first that goes on is the one to ask.
    fn for_tasks(&self, parent: TaskId, count: u32) -> Next {
        let tasks = self.world.tasks.iter();
        let mut left = tasks
            .filter(|task| task.parent == Some(parent) && task.ended.is_none())
            .map(|task| task.id);
        let first = left.next();
        let more = left.count();
        let cause = first.and_then(|task| {
            self.ask(Actor::Task(task), |name| {
                format!("{name}, which it waits for")
            })
        });
        let words = match first {
            Some(task) => {
                let name = who(self.timeline, Actor::Task(task));
                let others = match more {
                    0 => String::new(),
                    _ => format!(" and {}", counted(more, "other", "others")),
                };
                format!("It goes on when all {count} have ended; {name}{others} have not.")
            }
            None => format!("It goes on when all {count} have ended."),
        };
        (words, cause)
    }

    /// Why an actor that has a thread can't go on there; `None` where it can.
    pub(crate) fn barred(&self, actor: Actor) -> Option<Next> {
        let shared = &self.world.shared;
        let waits = shared.blocked_on.iter().find(|(other, _)| *other == actor);
        if let Some((_, task)) = waits {
            return Some(self.until_task(*task));
        }
        let wanted = shared.locks.iter().position(|lock| {
            let mut waiters = lock.waiters.iter();
            waiters.any(|(other, _)| *other == actor)
        });
        if let Some(place) = wanted {
            let lock = u32::try_from(place).map(LockId).unwrap_or(LockId::NONE);
            return Some(self.for_lock(lock));
        }
        self.for_gil(self.world.thread_of(actor)?)
    }

    /// It holds its thread until a task ends.
    fn until_task(&self, task: TaskId) -> Next {
        let name = who(self.timeline, Actor::Task(task));
        let state = self.world.task(task);
        let state = state.map_or("unknown", |task| task.state.word());
        let cause = self.ask(Actor::Task(task), |name| {
            format!("{name}, for which it holds its thread")
        });
        let words = format!("It keeps its thread until {name} ends; {name} is {state}.");
        (words, cause)
    }

    /// It goes on when a lock is let go.
    pub(crate) fn for_lock(&self, lock: LockId) -> Next {
        let name = words::lock(self.timeline, lock.0);
        let known = self.world.shared.locks.get(lock.index());
        let Some((owner, since)) = known.and_then(Lock::owner) else {
            return (
                format!("{name} is free: it goes on in its next turn."),
                None,
            );
        };
        let step = self.world.step_of(owner);
        let line = step.and_then(|step| line(self.timeline, step, self.language));
        let line = line.map_or(String::new(), |line| format!(", at {line}"));
        let cause = self.ask(owner, |who| format!("{who}, which has {name}"));
        let others = known.map_or(0, |lock| lock.owners.len() - 1);
        let others = match others {
            0 => String::new(),
            1 => ", or when the other one does".to_owned(),
            count => format!(", or when one of the {count} others does"),
        };
        let words = format!(
            "It goes on when {} lets go of {name}, which it has since {}{line}{others}.",
            who(self.timeline, owner),
            seconds(since)
        );
        (words, cause)
    }

    /// Its thread wants CPython's lock.
    fn for_gil(&self, thread: ThreadId) -> Option<Next> {
        let process = self.world.thread(thread)?.process;
        let gil = self.world.shared.gil(process)?;
        gil.waiters.iter().find(|(other, _)| *other == thread)?;
        let (owner, since) = gil.owner?;
        let actor = self.world.thread(owner)?.doing?.actor;
        let cause = self.ask(actor, |who| format!("{who}, which has CPython's lock"));
        let words = format!(
            "It goes on when {} gives CPython's lock back, which it has since {} (a model).",
            who(self.timeline, actor),
            seconds(since)
        );
        Some((words, cause))
    }
}

/// The task of a lane, if there is one yet.
pub(crate) fn task_of<'a>(timeline: &Timeline, world: &'a World, lane: LaneId) -> Option<&'a Task> {
    match timeline.lane(lane)?.kind {
        LaneKind::Task(task) => world.task(task),
        LaneKind::Request(request) => world.task(world.request(request)?.task?),
        LaneKind::Job(_) => None,
    }
}

/// Who holds the loop that a task needs: its own one, or any of them where all are taken. `None`
/// where a loop is free.
pub(crate) fn holder(world: &World, home: Option<ThreadId>) -> Option<Doing> {
    if let Some(home) = home {
        return world.thread(home)?.doing;
    }
    let mut longest: Option<Doing> = None;
    for thread in world.loops().filter(|thread| !thread.ended) {
        let doing = thread.doing?;
        longest = longest
            .filter(|other| other.since <= doing.since)
            .or(Some(doing));
    }
    longest
}

/// Whether a value lies in a channel.
pub(crate) fn lies_in(world: &World, channel: ChannelId) -> bool {
    let known = world.shared.channels.get(channel.index());
    known.is_some_and(|channel| !channel.values.is_empty())
}
