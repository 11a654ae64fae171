//! Who made a lane ready last: by which event, when, and from which line.

use crate::counts::seconds;
use crate::moments::moment::Moment;
use crate::sentences::asked::{Asked, Cause};
use crate::tracks::track::{LaneId, LaneKind};
use crate::words::{label, place, who};
use crate::world::entries::{Request, Task, Wake};
use loopscope_trace::{Actor, Nanos, TaskRole, WakeCause};

/// The sentence, and the way to that moment; nothing where it was never woken.
pub(crate) fn last(asked: &Asked) -> (String, Option<Cause>) {
    if let Some(task) = asked.task() {
        return task
            .woken
            .map_or_else(Default::default, |wake| woken(asked, task, wake));
    }
    match asked.timeline.lane(asked.lane).map(|lane| lane.kind) {
        Some(LaneKind::Request(request)) => {
            let sent = asked
                .world
                .request(request)
                .map(|request| sent(asked, request));
            (sent.unwrap_or_default(), None)
        }
        Some(LaneKind::Job(job)) => asked.world.job(job).map_or_else(Default::default, |job| {
            let parent = job
                .parent
                .and_then(|task| asked.timeline.lane_of(Actor::Task(task)));
            let name = parent.map(|lane| label(asked.timeline, lane).to_owned());
            let by = name
                .as_ref()
                .map_or(String::new(), |name| format!(" by {name}"));
            let words = format!("Handed to the pool{by} at {}.", seconds(job.queued));
            let cause = parent.zip(name).map(|(lane, name)| {
                let at = back(asked, asked.timeline.moment_at(job.queued));
                Cause {
                    lane,
                    at,
                    says: format!("{name}, which handed it to the pool"),
                }
            });
            (words, cause)
        }),
        _ => Default::default(),
    }
}

fn sent(asked: &Asked, request: &Request) -> String {
    let story = asked.timeline.story();
    let client = story.clients.get(request.client.index());
    let by = match client {
        _ if request.live => " by you".to_owned(),
        Some(client) => format!(" by {}", client.name),
        None => String::new(),
    };
    format!("Sent{by} at {}.", seconds(request.sent))
}

fn woken(asked: &Asked, task: &Task, wake: Wake) -> (String, Option<Cause>) {
    let timeline = asked.timeline;
    let at = timeline.trace().events.get(wake.event as usize);
    let at = at.map_or(Nanos::ZERO, |event| event.at);
    let when = seconds(at);
    let from = place(timeline, wake.step, asked.language);
    let from = from.map_or(String::new(), |place| format!(" at {place}"));
    let spawned = task.woken_by.is_none();
    let (words, actor) = match task.woken_by {
        None => spawned_by(asked, task, &when, &from),
        Some(WakeCause::Timer) => (format!("Woken at {when}: its timer had run out."), None),
        Some(WakeCause::Task(other)) => {
            let actor = Actor::Task(other);
            (
                format!("Woken at {when} by {}{from}.", who(timeline, actor)),
                Some(actor),
            )
        }
        Some(WakeCause::Job(job)) => (
            format!("Woken at {when}: its job had ended{from}."),
            Some(Actor::Job(job)),
        ),
        Some(WakeCause::Client) => (format!("Woken at {when}: a client knocked."), None),
        Some(WakeCause::Itself) => (format!("Woken at {when} by itself: it gave way."), None),
        Some(WakeCause::Lock(_)) => (format!("Woken at {when}: the lock was let go."), None),
        Some(WakeCause::Channel(_)) => (format!("Woken at {when}: a value was sent."), None),
        Some(WakeCause::NamedEvent(_)) => (
            format!("Woken at {when}: the event was set or notified."),
            None,
        ),
        Some(WakeCause::Room(_)) => (format!("Woken at {when}: a value was taken."), None),
        Some(WakeCause::Process(_)) => {
            (format!("Woken at {when}: a child process answered."), None)
        }
        Some(WakeCause::Unknown) => (format!("Woken at {when}; nobody said by whom."), None),
    };
    let lane = actor.and_then(|actor| timeline.lane_of(actor));
    let moment = back(asked, timeline.place_after(wake.event as usize));
    let lane = lane.unwrap_or(asked.lane);
    let cause = (moment.is_some() || lane != asked.lane).then(|| Cause {
        lane,
        at: moment,
        says: says(asked, lane, &when, spawned),
    });
    (words, cause)
}

fn says(asked: &Asked, lane: LaneId, when: &str, spawned: bool) -> String {
    let did = if spawned { "started" } else { "woke" };
    if lane == asked.lane {
        format!(
            "back to {when}, when it was {}",
            if spawned { "started" } else { "woken" }
        )
    } else {
        format!("{}, which {did} it at {when}", label(asked.timeline, lane))
    }
}

/// It has not been woken since its spawn.
fn spawned_by(asked: &Asked, task: &Task, when: &str, from: &str) -> (String, Option<Actor>) {
    let accepts = |actor: &Actor| match actor {
        Actor::Task(id) => asked.world.task(*id).map(|task| task.role) == Some(TaskRole::Accept),
        Actor::Job(_) => false,
    };
    let mut tasks = asked.world.tasks.iter().take(64);
    let accept = tasks.find(|other| other.role == TaskRole::Accept);
    // A task that serves a request was let in, even where no event says so.
    let accept = accept
        .filter(|_| task.request.is_some())
        .map(|task| task.id);
    let parent = task.parent.or(accept).map(Actor::Task);
    let words = match parent {
        Some(actor) if accepts(&actor) => format!("Let in at {when} by accept; never woken since."),
        Some(actor) => {
            let name = who(asked.timeline, actor);
            format!("Started at {when} by {name}{from}; never woken since.")
        }
        None => format!("Started at {when}; never woken since."),
    };
    (words, parent)
}

/// A moment before the one that is looked at.
fn back(asked: &Asked, moment: Moment) -> Option<Moment> {
    let here = Moment {
        at: asked.world.now,
        applied: asked.world.applied,
    };
    (moment < here).then_some(moment)
}
