//! What the end of a run leaves undone, in words.

use std::collections::{BTreeMap, BTreeSet};

use crate::moments::timeline::Timeline;
use crate::words::{channel, counted, lock, who};
use loopscope_trace::{Actor, EventKind, JobId, Keep, Nanos, TaskId, WaitOn};

/// What had begun, and had not ended when the run did.
#[derive(Debug, Default)]
struct Unfinished {
    tasks: BTreeSet<TaskId>,
    jobs: BTreeSet<JobId>,
    stopped: bool,
    /// Who has last waited for a value in a channel, and for nothing else since.
    listening: BTreeSet<TaskId>,
    /// Values that were sent and not received, by channel.
    unread: BTreeMap<u32, usize>,
    /// Who has a lock.
    holders: BTreeMap<u32, Actor>,
    /// Who wants a lock and has not got it, the last one by lock.
    wanted: BTreeMap<u32, Actor>,
}

impl Unfinished {
    /// What died with its process has no end of its own among the events.
    fn killed(&mut self, timeline: &Timeline, end: Nanos) {
        let lives = |ended: Option<Nanos>| ended.is_none_or(|ended| ended >= end);
        let world = timeline.live();
        self.tasks
            .retain(|&id| world.task(id).is_none_or(|task| lives(task.ended)));
        self.jobs
            .retain(|&id| world.job(id).is_none_or(|job| lives(job.ended)));
    }

    fn no_longer(&mut self, lock: u32, actor: Actor) {
        if self.wanted.get(&lock) == Some(&actor) {
            self.wanted.remove(&lock);
        }
    }
}

/// `is over: everything that was started has ended`, or what has not.
pub(crate) fn finished(timeline: &Timeline) -> String {
    let Unfinished {
        tasks,
        jobs,
        stopped,
        listening,
        unread,
        ..
    } = unfinished(timeline);
    let mut all = Vec::new();
    if !tasks.is_empty() {
        all.push(counted(tasks.len(), "task", "tasks"));
    }
    if !jobs.is_empty() {
        all.push(counted(jobs.len(), "job", "jobs"));
    }
    let count = tasks.len() + jobs.len();
    let who = all.join(" and ");
    let listen = jobs.is_empty() && tasks.is_subset(&listening);
    let verb = if count == 1 { "was" } else { "were" };
    match count {
        0 => match unread.into_iter().find(|(_, count)| *count > 0) {
            None => "is over: everything that was started has ended".to_owned(),
            Some((of, count)) => {
                let values = counted(count, "value", "values");
                let channel = channel(timeline, of);
                format!("is over, and {values} in {channel} nobody has read")
            }
        },
        _ if stopped => {
            format!("is over: the server has stopped, and {who} {verb} dropped before the end")
        }
        1 if listen => {
            format!("is over: {who} is left, and waits for a value that nobody will send")
        }
        _ if listen => {
            format!("is over: {who} are left, and wait for values that nobody will send")
        }
        _ => format!("is over, and {who} {verb} left undone"),
    }
}

/// `is over: it reached its limit`, and who still wants a lock that another one has.
pub(crate) fn limit(timeline: &Timeline) -> String {
    let unfinished = unfinished(timeline);
    let first = unfinished.wanted.iter().next();
    let both = first.and_then(|(of, actor)| Some((of, actor, unfinished.holders.get(of)?)));
    both.map_or_else(
        || "is over: it reached its limit".to_owned(),
        |(&of, &actor, &holder)| {
            let (lock, actor, holder) = (
                lock(timeline, of),
                who(timeline, actor),
                who(timeline, holder),
            );
            format!(
                "is over: it reached its limit, and {actor} still wants {lock}, which {holder} has"
            )
        },
    )
}

// table
fn unfinished(timeline: &Timeline) -> Unfinished {
    let mut unfinished = Unfinished::default();
    for event in &timeline.trace().events {
        match event.kind {
            EventKind::TaskSpawned { task, role, .. } if role.is_story() => {
                unfinished.tasks.insert(task);
            }
            EventKind::TaskEnded { task, .. } => {
                unfinished.tasks.remove(&task);
            }
            EventKind::JobQueued { job, .. } => {
                unfinished.jobs.insert(job);
            }
            EventKind::JobEnded { job, .. } => {
                unfinished.jobs.remove(&job);
            }
            EventKind::Waiting {
                task,
                on: WaitOn::Channel(_),
            } => {
                unfinished.listening.insert(task);
            }
            EventKind::Waiting { task, .. } | EventKind::WaitingTimer { task, .. } => {
                unfinished.listening.remove(&task);
            }
            EventKind::ServerStopping { .. } => unfinished.stopped = true,
            EventKind::ChannelSent { channel, .. } => {
                let keep = timeline.story().channels.get(usize::from(channel));
                let unread = unfinished.unread.entry(channel.into()).or_default();
                *unread = match keep.map(|it| it.keep) {
                    Some(Keep::Newest) => 1,
                    _ => *unread + 1,
                };
            }
            EventKind::ChannelReceived { channel, .. } => {
                let unread = unfinished.unread.entry(channel.into()).or_default();
                *unread = unread.saturating_sub(1);
            }
            EventKind::LockWanted { actor, lock } => {
                unfinished.wanted.insert(lock.into(), actor);
            }
            EventKind::LockTaken { actor, lock } => {
                unfinished.holders.insert(lock.into(), actor);
                unfinished.no_longer(lock.into(), actor);
            }
            EventKind::LockReleased { actor, lock } => {
                unfinished.no_longer(lock.into(), actor);
                if unfinished.holders.get(&lock.into()) == Some(&actor) {
                    unfinished.holders.remove(&lock.into());
                }
            }
            EventKind::RunEnded { .. } => {
                unfinished.killed(timeline, event.at);
                break;
            }
            _ => {}
        }
    }
    unfinished
}
