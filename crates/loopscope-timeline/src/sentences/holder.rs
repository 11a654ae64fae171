//! What keeps an actor from going on: the holder of the loop, of a lock, of CPython's lock, of a thread.

use crate::sentences::asked::{Asked, Next};
use crate::words::figures::seconds;
use crate::words::names::{self, line, who};
use crate::world::entries::Doing;
use crate::world::world::World;
use loopscope_trace::{Actor, LockId, TaskId, ThreadId};

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

impl Asked<'_> {
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
        let name = names::lock(self.timeline, lock.0);
        let owner = self.world.shared.locks.get(lock.index());
        let Some((owner, since)) = owner.and_then(|lock| lock.owner) else {
            return (
                format!("{name} is free: it goes on in its next turn."),
                None,
            );
        };
        let step = self.world.step_of(owner);
        let line = step.and_then(|step| line(self.timeline, step, self.language));
        let line = line.map_or(String::new(), |line| format!(", at line {line}"));
        let cause = self.ask(owner, |who| format!("{who}, which has {name}"));
        let words = format!(
            "It goes on when {} lets go of {name}, which it has since {}{line}.",
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
