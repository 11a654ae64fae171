//! What tasks wait for.

use loopscope_trace::{Awaited, EventKind, Nanos, TaskId, WaitOn};

use crate::translate::state::Task;
use crate::translate::translator::{At, Translator};

/// The sorts of what is waited for, as the ring has them.
const TIMER: u64 = 1;
const TASK: u64 = 2;
const SEVERAL: u64 = 3;
const OBJECT: u64 = 4;
const JOB: u64 = 10;
/// An object that waits for the next request of its client.
pub(super) const CLIENT: u64 = 12;

impl Translator {
    /// What a task said that it waits for: sort, value and text.
    pub(super) fn waits_on(&mut self, at: At, task: u64, on: (u64, u64, u64)) {
        if let Some(task) = self.processes[at.process].tasks.get_mut(&task) {
            task.on = Some(on);
        }
    }

    /// The same, as it was said last.
    pub(super) fn on(&self, at: At, task: u64) -> Option<(u64, u64, u64)> {
        self.processes[at.process].tasks.get(&task)?.on
    }

    /// A task stops to wait for what it said; `text` names that: `Queue.get|,,12,100,,,,,`.
    pub(super) fn waits(&mut self, at: At, task: u64, text: &str) {
        let process = &self.processes[at.process];
        let Some(&Task { id, on, .. }) = process.tasks.get(&task) else {
            return;
        };
        let Some((sort, value, _)) = on else {
            return self.waits_unknown(at, task);
        };
        let on = match sort {
            TIMER => {
                let deadline = self.out.moment(value.max(at.moment));
                return self.waits_timer(at, id, deadline);
            }
            TASK => process.tasks.get(&value).map(|task| WaitOn::Task(task.id)),
            SEVERAL => u32::try_from(value).ok().map(WaitOn::Tasks),
            JOB => process.jobs.get(&value).map(|job| WaitOn::Job(job.id)),
            OBJECT | CLIENT => object(text).map(|object| match object {
                Object::Several(tasks) => WaitOn::Tasks(tasks),
                Object::Named(what, name) => WaitOn::Named {
                    what,
                    name: self.out.text(&name),
                },
            }),
            _ => None,
        };
        let on = on.unwrap_or(WaitOn::Futures(1));
        self.out
            .event(at.moment, EventKind::Waiting { task: id, on });
    }

    fn waits_timer(&mut self, at: At, task: TaskId, deadline: Nanos) {
        self.out
            .event(at.moment, EventKind::WaitingTimer { task, deadline });
    }

    /// A task stops to wait for a future that is no one's known.
    pub(super) fn waits_unknown(&mut self, at: At, task: u64) {
        let Some(task) = self.processes[at.process].tasks.get(&task) else {
            return;
        };
        let kind = EventKind::Waiting {
            task: task.id,
            on: WaitOn::Futures(1),
        };
        self.out.event(at.moment, kind);
    }
}

/// An object of a library that is waited for.
enum Object {
    /// The ends of this many tasks.
    Several(u32),
    /// What it is; its class and its state.
    Named(Awaited, String),
}

/// What `Semaphore.acquire|0,2,,,,,,,` means: a class and the function that is awaited, and its attributes, each empty where
/// the class has none such.
fn object(text: &str) -> Option<Object> {
    let (name, state) = text.split_once('|')?;
    let (class, function) = name.split_once('.')?;
    let state: Vec<&str> = state.split(',').collect();
    let &[
        value,
        most,
        queued,
        room,
        buffered,
        limit,
        taken,
        tokens,
        tasks,
    ] = state.as_slice()
    else {
        return None;
    };
    let has = |word: &str| class.contains(word);
    let (what, state) = match function {
        "get" | "put" if !queued.is_empty() => {
            let what = if function == "get" {
                Awaited::QueueGet
            } else {
                Awaited::QueuePut
            };
            (what, filled(queued, room))
        }
        "receive" if !limit.is_empty() => (Awaited::QueueGet, filled(buffered, limit)),
        "send" if !limit.is_empty() => (Awaited::QueuePut, filled(buffered, limit)),
        "join" if !queued.is_empty() => (Awaited::Event, "not all done".to_owned()),
        _ if !tokens.is_empty() => {
            let free = tokens.parse::<f64>().ok()? - taken.parse::<f64>().ok()?;
            (Awaited::Semaphore, format!("{free} of {tokens} free"))
        }
        "acquire" if !most.is_empty() => (Awaited::Semaphore, format!("{value} of {most} free")),
        "acquire" if !value.is_empty() => (Awaited::Semaphore, format!("{value} free")),
        "acquire" => (Awaited::Lock, "locked".to_owned()),
        "wait" if has("Event") => (Awaited::Event, "not set".to_owned()),
        "wait" => (Awaited::Condition, String::new()),
        // aiohttp's, which waits for the next request of its connection.
        "start" => (Awaited::Client, String::new()),
        _ if !tasks.is_empty() => return Some(Object::Several(tasks.parse().ok()?)),
        _ if function.starts_with("sock_") || SOCKETS.iter().any(|word| has(word)) => {
            (Awaited::Socket, String::new())
        }
        _ => return None,
    };
    let name = if state.is_empty() {
        class.to_owned()
    } else {
        format!("{class}, {state}")
    };
    Some(Object::Named(what, name))
}

/// What classes are called that wait for a socket.
const SOCKETS: &[&str] = &["Stream", "Socket", "Protocol"];

/// How full a queue is; one of size 0 has no limit.
fn filled(now: &str, most: &str) -> String {
    if matches!(most, "0" | "inf") {
        format!("{now}, no limit")
    } else {
        format!("{now} of {most}")
    }
}
