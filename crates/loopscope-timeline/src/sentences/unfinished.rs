//! What the end of a run leaves undone, in words.

use crate::counts::counted;
use crate::moments::timeline::Timeline;
use crate::words::{channel, lock, who};
use crate::world::entries::Task;
use loopscope_trace::{EndReason, EventKind, WaitOn};

/// `is over: everything that was started has ended`, or what has not.
pub(crate) fn finished(timeline: &Timeline) -> String {
    let world = timeline.live();
    let tasks = world.tasks.iter().filter(|task| task.role.is_story());
    let tasks: Vec<&Task> = tasks.filter(|task| task.ended.is_none()).collect();
    let jobs = world.jobs.iter().filter(|job| job.ended.is_none()).count();
    let mut all = Vec::new();
    if !tasks.is_empty() {
        all.push(counted(tasks.len(), "task", "tasks"));
    }
    if jobs > 0 {
        all.push(counted(jobs, "job", "jobs"));
    }
    let count = tasks.len() + jobs;
    let who = all.join(" and ");
    let listens = |task: &&Task| matches!(task.waits_on, Some(WaitOn::Channel(_)));
    let listen = jobs == 0 && tasks.iter().all(listens);
    let verb = if count == 1 { "was" } else { "were" };
    match count {
        0 => unread(timeline),
        _ if world.stopping.is_some() => {
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

/// That everything has ended, or which values in a channel were never received.
fn unread(timeline: &Timeline) -> String {
    let mut channels = timeline.live().shared.channels.iter().zip(0..);
    match channels.find(|(channel, _)| !channel.values.is_empty()) {
        None => "is over: everything that was started has ended".to_owned(),
        Some((unread, of)) => {
            let values = counted(unread.values.len(), "value", "values");
            let channel = channel(timeline, of);
            format!("is over, and {values} in {channel} nobody has read")
        }
    }
}

/// Why a run was ended before its own end, as a sentence: its limit, steps that take no time, or memory.
/// `None` where it came to its end or was stopped from outside.
pub fn unfinished(timeline: &Timeline) -> Option<String> {
    let at = timeline.end().hundredths();
    let last = || {
        let last = last_step(timeline);
        last.map_or(String::new(), |last| format!("; the last one was {last}"))
    };
    Some(match timeline.ended()? {
        EndReason::Finished | EndReason::Stopped => return None,
        EndReason::Limit if timeline.came_to_rest() => {
            format!("nothing in the run could go on from {at}s")
        }
        EndReason::Limit => {
            let limit = timeline.story().limit.hundredths();
            format!("the run reached its limit of {limit}s")
        }
        EndReason::Steps => {
            let last = last();
            format!("step followed step at {at}s without an end, and none of them takes time{last}")
        }
        EndReason::Memory => {
            let last = last();
            format!("at {at}s the run needed more memory than it may take{last}")
        }
    })
}

/// `` `sleep` in work ``: the step that was entered last.
pub(crate) fn last_step(timeline: &Timeline) -> Option<String> {
    let mut events = timeline.trace().events.iter().rev();
    let last = events.find_map(|event| match event.kind {
        EventKind::StepEntered { step, .. } => Some(step),
        _ => None,
    });
    let story = timeline.story();
    let step = story.step(last?)?;
    let function = story.function_of(last?);
    let of = function.map_or(String::new(), |function| format!(" in {}", function.name));
    Some(format!("`{}`{of}", step.key))
}

/// `is over: it reached its limit`, or nothing in it can go on; and who still wants a lock that another one has.
pub(crate) fn limit(timeline: &Timeline) -> String {
    let over = match timeline.came_to_rest() {
        true => "is over: nothing in it can go on",
        false => "is over: it reached its limit",
    };
    let mut locks = timeline.live().shared.locks.iter().zip(0..);
    let wanted = locks.find_map(|(lock, of)| Some((of, lock.waiters.back()?.0, lock.owner()?.0)));
    let Some((of, actor, owner)) = wanted else {
        return over.to_owned();
    };
    let (lock, actor, owner) = (
        lock(timeline, of),
        who(timeline, actor),
        who(timeline, owner),
    );
    format!("{over}, and {actor} still wants {lock}, which {owner} has")
}
