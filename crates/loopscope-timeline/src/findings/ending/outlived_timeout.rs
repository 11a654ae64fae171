//! Work went on although the actor or client that waited for it had stopped waiting.

use std::collections::BTreeSet;

use crate::counts::{list, seconds};
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::{Finding, Kind};
use crate::findings::waiting::needs::unended;
use crate::tracks::track::LaneId;
use crate::words::{Naming, label, place, who};
use crate::world::world::World;
use loopscope_trace::{Actor, EventKind, Language, Nanos, RequestId, StepId, WaitOn};

pub(crate) static KIND: Kind = Kind {
    id: "outlived-timeout",
    word: "went on alone",
    row_word: "goes on",
    symptoms: "timeout does not stop, thread goes on, cannot cancel, wait_for",
    runs_did: "had at least one finding of the kind outlived-timeout",
    on_map: None,
    sentence,
    short: |_, finding, row| {
        format!(
            "{}, alone for {}{}",
            row.who,
            row.length,
            finding.and_counting()
        )
    },
};

/// `A stopped waiting at 1.00s: the timeout ran out, and job of A went on for 1.00s.`
fn sentence(names: Naming, finding: &Finding, language: Language) -> String {
    let at = seconds(finding.at);
    let length = format!("{}{}", seconds(finding.length), finding.so_far());
    let lanes = finding.victims.iter();
    let lanes: Vec<&str> = lanes.map(|&lane| label(names, lane)).collect();
    let all = list(&lanes, finding.count as usize);
    let is_one = finding.count <= 1;
    let Some((awaiter, step)) = finding.held_by else {
        return if is_one {
            format!(
                "{all}'s client stopped waiting at {at}, and the server went on with it for {length}."
            )
        } else {
            format!(
                "The clients of {all} stopped waiting, the first at {at}; the server went on with them for {length}."
            )
        };
    };
    let awaiter = who(names, awaiter);
    if !is_one {
        return format!(
            "{awaiter} and others stopped waiting, the first at {at}; {all} went on for {length}."
        );
    }
    let inside = match place(names, step, language) {
        Some(place) if place.starts_with("line ") => format!(" at {place}"),
        Some(place) => format!(" of {place}"),
        None => String::new(),
    };
    let name = finding.actor.map(|actor| who(names, actor));
    let name = name.unwrap_or_else(|| "its work".to_owned());
    format!(
        "{awaiter} stopped waiting at {at}: the timeout{inside} ran out, and {name} went on for {length}."
    )
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// When which work will have gone on for long enough.
    due: BTreeSet<(Nanos, Work)>,
    timeouts: Group,
    clients: Group,
}

/// Work that may go on alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    /// A task or a job whose awaiter's timeout has run out; the awaiter, and its step.
    Actor(Actor, Actor, StepId),
    /// What a request asks for, whose client has given up.
    Request(RequestId),
}

/// All that go on at the same time are one finding.
#[derive(Clone, Debug, Default)]
struct Group {
    finding: Option<usize>,
    members: BTreeSet<Work>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        let at = now.world.now + LONG;
        match event {
            EventKind::TimedOut { actor, step } => {
                let awaited = awaited(now.world, actor);
                let works = awaited.map(|other| (at, Work::Actor(other, actor, step)));
                self.due.extend(works);
            }
            EventKind::RequestGivenUp { request } => {
                let known = now.world.request(request);
                if known.is_some_and(|known| known.answered.is_none()) {
                    self.due.insert((at, Work::Request(request)));
                }
            }
            EventKind::TaskEnded { .. } | EventKind::JobEnded { .. } => self.ended(now, log),
            _ => {}
        }
    }

    fn due(&mut self) -> Option<Nanos> {
        self.due.first().map(|&(at, _)| at)
    }

    fn fire(&mut self, now: Now, log: &mut Log) {
        let Some((at, work)) = self.due.pop_first() else {
            return;
        };
        if !goes_on(now.world, work) {
            return;
        }
        let group = match work {
            Work::Actor(..) => &mut self.timeouts,
            Work::Request(_) => &mut self.clients,
        };
        let since = Nanos(at.0 - LONG.0);
        let open = || open(now, work, since, log);
        let finding = *group.finding.get_or_insert_with(open);
        group.members.insert(work);
        match lane_of(now, work) {
            Some(lane) => log.join(finding, lane, now.world.now),
            None => log.count(finding, 1, now.world.now),
        }
    }
}

impl Detector {
    /// An actor has ended, and so may have what went on alone.
    fn ended(&mut self, now: Now, log: &mut Log) {
        for group in [&mut self.timeouts, &mut self.clients] {
            let Some(finding) = group.finding else {
                continue;
            };
            group.members.retain(|&work| goes_on(now.world, work));
            if group.members.is_empty() {
                log.close(finding, now.world.now);
                group.finding = None;
            }
        }
    }
}

/// What an actor waits for: by an await, or with its thread.
fn awaited(world: &World, actor: Actor) -> impl Iterator<Item = Actor> {
    let awaits = match actor {
        Actor::Task(id) => world.task(id).and_then(|task| task.waits_on),
        Actor::Job(_) => None,
    };
    let awaits = match awaits {
        Some(WaitOn::Job(job)) => vec![Actor::Job(job)],
        Some(WaitOn::Task(task)) => vec![Actor::Task(task)],
        Some(WaitOn::Tasks(count)) => {
            let tasks = unended(world, actor, count as usize);
            tasks.into_iter().map(Actor::Task).collect()
        }
        _ => Vec::new(),
    };
    let blocked = world.shared.blocked_on.iter();
    let blocked = blocked.filter(move |&&(other, _)| other == actor);
    awaits
        .into_iter()
        .chain(blocked.map(|&(_, task)| Actor::Task(task)))
}

fn open(now: Now, work: Work, since: Nanos, log: &mut Log) -> usize {
    match work {
        Work::Actor(actor, awaiter, step) => {
            let finding = log.open(now, &KIND, since, actor);
            log.all[finding].held_by = Some((awaiter, Some(step)));
            finding
        }
        Work::Request(request) => {
            let task = now.world.request(request).and_then(|known| known.task);
            let actor = task.map(Actor::Task);
            log.open_at(now, &KIND, since, actor, now.lanes.of_request(request))
        }
    }
}

fn lane_of(now: Now, work: Work) -> Option<LaneId> {
    match work {
        Work::Actor(actor, ..) => now.lanes.of(actor),
        Work::Request(request) => now.lanes.of_request(request),
    }
}

fn goes_on(world: &World, work: Work) -> bool {
    let task_goes_on = |id| world.task(id).is_some_and(|task| !task.state.is_final());
    match work {
        Work::Actor(Actor::Task(id), ..) => task_goes_on(id),
        Work::Actor(Actor::Job(id), ..) => world.job(id).is_some_and(|job| !job.state.is_final()),
        Work::Request(id) => world
            .request(id)
            .is_some_and(|known| known.task.is_none_or(task_goes_on)),
    }
}
