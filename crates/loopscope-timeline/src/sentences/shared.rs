//! One event about what actors share, as one line.

use crate::counts::{number_of, seconds};
use crate::moments::timeline::Timeline;
use crate::words::{channel, event, lock, place, pool_name, process_name, thread_name, who};
use loopscope_trace::{Actor, Admits, EventKind, Language, Lapse, Notice, TextId};

/// What became of something shared, and by whom; `name` says what an actor is called.
// table
#[expect(clippy::too_many_lines, reason = "an exhaustive match of the events")]
pub(crate) fn sentence(
    timeline: &Timeline,
    kind: EventKind,
    language: Language,
    name: &dyn Fn(Actor) -> String,
) -> Option<(String, String)> {
    let text = |id: TextId| timeline.trace().text(id);
    let story = timeline.story();
    let variable = |of: u16| {
        let variable = story.variables.get(usize::from(of));
        variable.map_or("a variable", |variable| variable.name.as_str())
    };
    let lock = |of: u16| lock(timeline, of.into());
    let mode = |of: u16, reads| match story.locks.get(usize::from(of)).map(|lock| lock.admits) {
        Some(Admits::Readers) if reads => " to read",
        Some(Admits::Readers) => " to write",
        _ => "",
    };
    let channel = |of: u16| channel(timeline, of.into());
    Some(match kind {
        EventKind::TaskNamed { task, name: of, .. } => (
            name(Actor::Task(task)),
            format!("turns out to be {}", text(of)),
        ),
        EventKind::Stack { actor, stack } => {
            let at = timeline.trace().stack(stack).first().copied();
            let at = place(timeline, at, language).unwrap_or_else(|| "a place unknown".to_owned());
            (name(actor), format!("is seen at {at}"))
        }
        EventKind::PoolResized { pool, size } => {
            let threads = match size {
                0 => "as many threads as it wants".to_owned(),
                size => number_of(size as usize, "thread"),
            };
            let pool = pool_name(timeline, pool);
            (pool, format!("has {threads}"))
        }
        EventKind::ProcessPrinted {
            process,
            text: says,
        } => (
            process_name(timeline, process),
            format!("prints {}", text(says)),
        ),
        EventKind::Lapsed {
            task,
            lapse,
            text: says,
        } => {
            let who = task
                .get()
                .map_or("the program".to_owned(), |task| name(Actor::Task(task)));
            let what = match lapse {
                Lapse::NeverAwaited => "never awaits a coroutine that it made",
                Lapse::NeverRetrieved => "fails, and its exception is never retrieved",
                Lapse::NotKept => "is destroyed while it waits: no reference to it was kept",
                Lapse::Raised => "raises an exception in a callback",
            };
            (who, format!("{what}: {}", text(says)))
        }
        EventKind::Raised { actor, text: says } => {
            (name(actor), format!("raises an error: {}", text(says)))
        }
        EventKind::VariableRead {
            actor,
            variable: of,
            value,
        } => (
            name(actor),
            format!("reads {}: {}", variable(of), text(value)),
        ),
        EventKind::VariableWritten {
            actor,
            variable: of,
            value,
        } => (
            name(actor),
            format!("writes {} = {}", variable(of), text(value)),
        ),
        EventKind::LocalSet {
            actor,
            local,
            value,
            ..
        } => {
            let local = story.locals.get(usize::from(local));
            let local = local.map_or("a local", |local| local.name.as_str());
            let says = match value.get() {
                Some(value) => format!("{local} = {}", text(value)),
                None => format!("{local} is gone: its call is over"),
            };
            (name(actor), says)
        }
        EventKind::LockWanted {
            actor,
            lock: of,
            reads,
        } => (
            name(actor),
            format!("asks for {}{}", lock(of), mode(of, reads)),
        ),
        EventKind::LockTaken {
            actor,
            lock: of,
            reads,
        } => (name(actor), format!("has {}{}", lock(of), mode(of, reads))),
        EventKind::LockReleased {
            actor,
            lock: of,
            wanted,
        } => {
            let verb = if wanted {
                "wants no more"
            } else {
                "lets go of"
            };
            (name(actor), format!("{verb} {}", lock(of)))
        }
        EventKind::ChannelSent {
            actor,
            channel: of,
            value,
        } => (
            name(actor),
            format!("puts {} into {}", text(value), channel(of)),
        ),
        EventKind::ChannelReceived {
            actor,
            channel: of,
            value,
        } => (
            name(actor),
            format!("takes {} out of {}", text(value), channel(of)),
        ),
        EventKind::TaskOnLoop { task, thread } => (
            name(Actor::Task(task)),
            format!("can run only on {}", thread_name(timeline, thread)),
        ),
        EventKind::BlockedOn { actor, task } => (
            name(actor),
            format!(
                "holds its thread until {} ends",
                who(timeline, Actor::Task(task))
            ),
        ),
        EventKind::Lagged {
            actor,
            channel: of,
            count,
        } => {
            let values = number_of(count as usize, "value");
            (name(actor), format!("has lost {values} of {}", channel(of)))
        }
        EventKind::Notified {
            actor,
            event: of,
            how,
            woken,
            kept,
        } => {
            let what = match how {
                Notice::Set => "sets",
                Notice::Cleared => "clears",
                Notice::One => "notifies one that waits for",
                Notice::All => "notifies all that wait for",
            };
            let then = match (how, woken, kept) {
                (Notice::Cleared, ..) => String::new(),
                (_, 0, true) => ": none waits, and it is kept".to_owned(),
                (_, 0, false) => ": none waits, and it is not kept".to_owned(),
                (_, woken, _) => format!(", which wakes {}", number_of(woken as usize, "task")),
            };
            (
                name(actor),
                format!("{what} {}{then}", event(timeline, of.into())),
            )
        }
        EventKind::EventPassed { actor, event: of } => (
            name(actor),
            format!("passes {}", event(timeline, of.into())),
        ),
        EventKind::Ticked { task, due } => (
            name(Actor::Task(task)),
            format!("gets a tick, which was due at {}", seconds(due)),
        ),
        EventKind::FutureLeft { actor, future } => (
            name(actor),
            format!(
                "keeps {} and does not poll it any more",
                who(timeline, Actor::Task(future))
            ),
        ),
        EventKind::FuturePolled { actor, future } => (
            name(actor),
            format!("polls {}", who(timeline, Actor::Task(future))),
        ),
        EventKind::TimedOut { actor, step } => {
            let place = place(timeline, Some(step), language);
            let place = place.map_or(String::new(), |place| format!(" of {place},"));
            (
                name(actor),
                format!("stops waiting: the timeout{place} has run out"),
            )
        }
        EventKind::ProcessStarted { pid, name: of, .. } => (
            text(of).to_owned(),
            format!("begins: a child process, {pid} for the system"),
        ),
        EventKind::ThreadOfProcess { thread, process } => (
            thread_name(timeline, thread),
            format!("belongs to {}", process_name(timeline, process)),
        ),
        EventKind::ProcessEnded { process, status } => {
            (process_name(timeline, process), ended(status))
        }
        EventKind::GilWanted { thread } => (
            thread_name(timeline, thread),
            "asks for CPython's lock".to_owned(),
        ),
        EventKind::GilTaken { thread } => (
            thread_name(timeline, thread),
            "has CPython's lock".to_owned(),
        ),
        EventKind::GilReleased { thread } => (
            thread_name(timeline, thread),
            "lets go of CPython's lock".to_owned(),
        ),
        EventKind::Late {
            thread,
            count,
            since,
        } => (thread_name(timeline, thread), {
            let events = number_of(usize::from(count), "event");
            format!("told {events} since {} too late", seconds(since))
        }),
        EventKind::ServerStopping { polite } => {
            let how = if polite {
                "is stopped politely: requests may end, what is left on its pools is dropped"
            } else {
                "is interrupted: it waits for the jobs of its pools"
            };
            ("The server".to_owned(), how.to_owned())
        }
        _ => return None,
    })
}

/// How a child process ended.
pub(crate) fn ended(status: i32) -> String {
    match status {
        0 | EventKind::STATUS_UNKNOWN => "ends".to_owned(),
        1.. => format!("ends with exit code {status}"),
        ..0 => format!("is killed by signal {}", status.unsigned_abs()),
    }
}
