//! What a task that waits is waiting for, and whom to ask about it.

use crate::sentences::asked::{Asked, Next};
use crate::words::figures::{counted, seconds};
use crate::words::names::{self, who};
use loopscope_trace::{Actor, JobId, TaskId, WaitOn};

impl Asked<'_> {
    /// A task waits at an await.
    pub(crate) fn waits(&self) -> Next {
        let Some(task) = self.task() else {
            return ("Nobody said who will wake it.".to_owned(), None);
        };
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
                let name = names::channel(self.timeline, channel.0);
                format!("It goes on when somebody puts a value into {name}.")
            }
            Some(WaitOn::Futures(count)) => {
                format!("It goes on when one of its {count} futures can.")
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
}
