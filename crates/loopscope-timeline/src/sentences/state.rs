//! Why a lane is or is not running, in one sentence; and what tokio-console says of it.

use std::num::NonZeroU64;

use crate::counts::{number_of, seconds};
use crate::moments::timeline::Timeline;
use crate::sentences::asked::{self, task_of};
use crate::tracks::track::{LaneId, LaneKind};
use crate::words::{self, label, line, place, who};
use crate::world::state::State;
use crate::world::world::World;
use loopscope_trace::{Actor, EventKind, Language, LockId, TaskRole, WaitOn};

/// Why a lane is or is not running at the moment of `world`, in one sentence.
pub fn state(timeline: &Timeline, world: &World, lane: LaneId, language: Language) -> String {
    let (state, since, step) = timeline.lane_state(lane, world);
    let name = label(timeline, lane);
    let at = place(timeline, step, language);
    let at = |before: &str| {
        at.as_ref()
            .map_or(String::new(), |place| format!("{before}{place}"))
    };
    let aside = match aside(timeline, world, lane) {
        "" if state == State::Overdue => ": its timer has run out unnoticed",
        aside => aside,
    };
    let holder = holder(timeline, world, lane, language);
    let since = seconds(since);
    match state {
        State::InBacklog => format!(
            "{name} is in the backlog since {since}: accept has not let it in{}.",
            holder.map_or(String::new(), |holder| format!("; {holder}"))
        ),
        State::Ready if is_job(timeline, lane) => {
            format!("{name} is ready: a pool thread is free for it, and about to begin.")
        }
        State::Ready | State::Overdue => {
            let why = holder.unwrap_or_else(|| "its turn comes next".to_owned());
            format!("{name} is {}{aside}{} {why}.", state.word(), joint(aside))
        }
        State::Queued => format!(
            "{name} is queued for the pool since {since}: {} of {} taken, {} queued.",
            world.pool.busy,
            number_of(world.pool.threads as usize, "thread"),
            number_of(world.pool.queued as usize, "job")
        ),
        State::Running => format!("{name} is running{}{aside}.", at(": ")),
        State::Blocking => format!("{name} holds the loop since {since}{}.", at(": ")),
        State::OnPool => {
            let (on, at) = (on_what(timeline, world, lane), at(": "));
            format!("{name} is {on} since {since}{at}; the loop is free of it.")
        }
        State::Waiting => {
            let why = waits_for(timeline, world, lane);
            format!(
                "{name} is waiting{}{aside}{} {why}.",
                at(" at "),
                joint(aside)
            )
        }
        State::Unknown if !timeline.is_there(lane, world) => {
            format!("{name} does not exist yet.")
        }
        State::Created | State::Done | State::Cancelled | State::Failed | State::Unknown => {
            without_a_place(state, name, &since)
        }
    }
}

/// The states in which a lane is at no place of the listing: not begun, over, unknown.
fn without_a_place(state: State, name: &str, since: &str) -> String {
    match state {
        State::Created => format!("{name} is created: nobody has started it."),
        State::Done => format!("{name} is done since {since}."),
        State::Cancelled => format!("{name} was cancelled at {since}."),
        State::Failed => format!("{name} failed at {since}; the others go on."),
        _ => format!("Events were lost: nobody knows what {name} is doing."),
    }
}

/// Where a job runs.
fn on_what(timeline: &Timeline, world: &World, lane: LaneId) -> &'static str {
    let Some(LaneKind::Job(id)) = timeline.lane(lane).map(|lane| lane.kind) else {
        return "on a pool thread";
    };
    match world.job(id).map(|job| job.pool) {
        Some(EventKind::PROCESS_POOL) => "in a process of its own",
        _ => "on a pool thread",
    }
}

fn is_job(timeline: &Timeline, lane: LaneId) -> bool {
    timeline
        .lane(lane)
        .is_some_and(|lane| matches!(lane.kind, LaneKind::Job(_)))
}

/// What a task that loopscope adds is for; empty for any other.
fn aside(timeline: &Timeline, world: &World, lane: LaneId) -> &'static str {
    let role = match timeline.lane(lane).map(|lane| lane.kind) {
        Some(LaneKind::Task(task)) => world.task(task).map(|task| task.role),
        _ => None,
    };
    match role {
        Some(TaskRole::Accept) => ": the server's own task that lets requests in",
        Some(TaskRole::Heartbeat) => ": the small task that beats as long as others can run",
        _ => "",
    }
}

/// What stands between an aside and the reason.
const fn joint(aside: &str) -> char {
    if aside.is_empty() { ':' } else { ';' }
}

/// `A holds the loop since 0.00s, line 5`.
fn holder(timeline: &Timeline, world: &World, lane: LaneId, language: Language) -> Option<String> {
    let home = task_of(timeline, world, lane).and_then(|task| task.home);
    let doing = asked::holder(world, home)?;
    let since = doing.blocking.map_or(doing.since, |(_, since)| since);
    let line = world
        .step_of(doing.actor)
        .and_then(|step| line(timeline, step, language));
    let line = line.map_or(String::new(), |line| format!(", {line}"));
    let name = who(timeline, doing.actor);
    Some(format!(
        "{name} holds the loop since {}{line}",
        seconds(since)
    ))
}

fn waits_for(timeline: &Timeline, world: &World, lane: LaneId) -> String {
    let Some(task) = task_of(timeline, world, lane) else {
        return "nobody said for what".to_owned();
    };
    if task.role == TaskRole::Coroutine {
        return match (task.left, task.parent) {
            (Some((keeper, since)), _) => {
                let keeper = who(timeline, keeper);
                format!("{keeper} does not poll it since {}", seconds(since))
            }
            (None, Some(keeper)) => {
                let keeper = who(timeline, Actor::Task(keeper));
                format!("{keeper} polls it, and what it waits for is its own")
            }
            (None, None) => "nobody said for what".to_owned(),
        };
    }
    match (task.deadline, task.waits_on) {
        (Some(deadline), _) => format!("its timer runs out at {}", seconds(deadline)),
        (None, Some(WaitOn::Task(other))) => {
            format!("{} has not ended", who(timeline, Actor::Task(other)))
        }
        (None, Some(WaitOn::Job(job))) => match world.job(job).map(|job| job.state) {
            Some(State::Queued) => "its job is queued for the pool".to_owned(),
            Some(State::Ready) => "a pool thread is about to begin its job".to_owned(),
            Some(State::OnPool) => "its job is on a pool thread".to_owned(),
            _ => "its job has not ended".to_owned(),
        },
        (None, Some(WaitOn::Backlog)) => "no request is in the backlog".to_owned(),
        (None, Some(WaitOn::Tasks(1))) => "its task has not ended".to_owned(),
        (None, Some(WaitOn::Tasks(count))) => format!("{count} tasks have not all ended"),
        (None, Some(WaitOn::Turn)) => "it gave way once".to_owned(),
        (None, Some(WaitOn::Futures(1))) if timeline.story().watched.is_some() => {
            "for a future that is not done".to_owned()
        }
        (None, Some(WaitOn::Futures(1))) => "its future cannot go on".to_owned(),
        (None, Some(WaitOn::Futures(count))) => format!("none of its {count} futures can go on"),
        (None, Some(WaitOn::Lock(lock))) => owned(timeline, world, lock),
        (None, Some(WaitOn::Channel(channel))) => {
            let name = words::channel(timeline, channel.0);
            match asked::lies_in(world, channel) {
                true => format!("it was not woken for what lies in {name}"),
                false => format!("nothing is in {name}"),
            }
        }
        (None, Some(WaitOn::Room(channel))) => {
            format!("{} is full", words::channel(timeline, channel.0))
        }
        (None, Some(WaitOn::NamedEvent(event))) => {
            format!("for {}", words::event(timeline, event.0))
        }
        (None, Some(WaitOn::Named { what, name })) => {
            format!("for {}", words::awaited(what, timeline.trace().text(name)))
        }
        (None, Some(WaitOn::Forever)) => "for something that never comes".to_owned(),
        (None, None) => "nobody said for what".to_owned(),
    }
}

/// Who has a lock that is waited for.
fn owned(timeline: &Timeline, world: &World, lock: LockId) -> String {
    let name = words::lock(timeline, lock.0);
    match world.shared.locks.get(lock.index()) {
        Some(lock) if !lock.owners.is_empty() => {
            let owners: Vec<Actor> = lock.owners.iter().map(|&(owner, _)| owner).collect();
            format!("{} {name}", words::they_have(timeline, &owners))
        }
        _ => format!("{name} is free again"),
    }
}

/// Its word for a lane's actor, and the number that it calls a task by, where that was told.
/// `None` for what it does not list: a request that has not been let in.
///
/// Its rule knows four moments only: the last wake, the start and the end of the last turn, and
/// the drop. So a new task is idle, because it was never woken; and so is one whose timer has run
/// out unseen, and a job that wants a thread.
pub fn console(
    timeline: &Timeline,
    lane: LaneId,
    world: &World,
) -> Option<(&'static str, Option<u64>)> {
    let actor = match timeline.lane(lane)?.kind {
        LaneKind::Task(task) => Actor::Task(task),
        LaneKind::Job(job) => Actor::Job(job),
        LaneKind::Request(request) => Actor::Task(world.request(request)?.task?),
    };
    match actor {
        Actor::Task(task) => {
            let task = world.task(task)?;
            let word = match task.state {
                _ if task.ended.is_some() => "done",
                State::Running | State::Blocking => "running",
                State::Ready if task.polls > 0 => "scheduled",
                _ => "idle",
            };
            Some((word, task.tokio.map(NonZeroU64::get)))
        }
        Actor::Job(job) => {
            let job = world.job(job)?;
            let word = match job.state {
                _ if job.ended.is_some() => "done",
                State::Queued => "idle",
                _ => "running",
            };
            Some((word, None))
        }
    }
}
