//! Some wait for one another in a circle.

use crate::counts::seconds;
use crate::findings::log::detector::{self, Log, Now};
use crate::findings::log::finding::{Kind, Link, Reason};
use crate::findings::waiting::alive::Alive;
use crate::findings::waiting::needs::{circle, is_stuck};
use crate::words::{Naming, admits, channel, inside, lock, loop_words, pool_name, who};
use crate::world::shared::Lock;
use crate::world::world::World;
use loopscope_trace::{Actor, Admits, BlockKind, EndReason, EventKind, Language, Nanos, WaitOn};

pub(crate) static KIND: Kind = Kind {
    id: "deadlock",
    word: "deadlock",
    row_word: "deadlock",
    symptoms: "deadlock, hangs for ever, never returns, run_until_complete, result()",
    runs_did: "came to a deadlock",
    on_map: None,
    sentence: |names, finding, language| {
        let links = links(names, &finding.chain, language).join("; ");
        if finding.open {
            // It will last; how long it has lasted says nothing.
            format!("{links}: none of them can go on.")
        } else {
            let length = seconds(finding.length);
            format!("{links}: none of them could go on ({length}).")
        }
    },
    short: |_, finding, row| match finding.count {
        0 | 1 => format!("{} waits for itself", row.who),
        count => format!("{} in a circle of {count}", row.who),
    },
};

/// Who of a circle waits for whom, a clause each.
pub(crate) fn links(names: Naming, chain: &[Link], language: Language) -> Vec<String> {
    let links = chain.iter().enumerate().filter_map(|(at, link)| {
        let other = chain[(at + 1) % chain.len()].actor;
        // A request and the job that serves it are one.
        let is_own = matches!(link.reason, Reason::Job(_)) && names.is_one(link.actor, other);
        (!is_own).then(|| clause(names, link, Some(other), language))
    });
    links.collect()
}

/// What an actor waits for, and who must go on first, where there is any.
pub(crate) fn clause(
    names: Naming,
    link: &Link,
    next: Option<Actor>,
    language: Language,
) -> String {
    let name = who(names, link.actor);
    let itself = next == Some(link.actor);
    let next = next.map(|next| who(names, next));
    let inside = inside(names, link.step, language);
    let Some(next) = next else {
        let (what, gives) = in_vain(names, link.reason);
        return format!("{name} waits{inside} for {what}, and nothing is left that could {gives}");
    };
    match link.reason {
        Reason::Blocks(_) => format!("{name} holds its thread{inside} until {next} ends"),
        Reason::Task(_) | Reason::Job(_) => format!("{name} waits{inside} for {next}"),
        Reason::Loop(thread) => {
            let thread = if names.has_several_loops() {
                loop_words(names, thread)
            } else {
                "the loop".to_owned()
            };
            format!("{name} can run only on {thread}, which {next} holds")
        }
        Reason::Lock(of) => {
            let wants = lock(names, of.into());
            let has = match admits(names, of.into()) {
                Admits::Permits(2..) => format!("of which {next} has one"),
                Admits::Readers => format!("where {next} comes first"),
                _ if itself => return format!("{name} wants {wants}{inside}, which it has itself"),
                _ => format!("which {next} has"),
            };
            format!("{name} wants {wants}{inside}, {has}")
        }
        Reason::Channel(of) => {
            let channel = channel(names, of.into());
            if itself {
                format!(
                    "{name} waits{inside} for a value of {channel}, which nothing else that can go on could send"
                )
            } else {
                format!(
                    "{name} waits{inside} for a value of {channel}, which {next} would have to send"
                )
            }
        }
        Reason::Room(of) => {
            let channel = channel(names, of.into());
            let who = if itself { "only it itself" } else { &next };
            format!(
                "{name} waits{inside} for room in {channel}, where {who} would have to take a value out"
            )
        }
        Reason::Pool(of) => format!(
            "{name} is queued for {}, where {next} has a thread",
            pool_name(names, of)
        ),
        Reason::Wrote(_) => format!("{name} wrote"),
    }
}

/// What is waited for though none is left to give it, and how it would be given.
fn in_vain(names: Naming, reason: Reason) -> (String, &'static str) {
    match reason {
        Reason::Channel(of) => (
            format!("a value of {}", channel(names, of.into())),
            "send one",
        ),
        Reason::Room(of) => (
            format!("room in {}", channel(names, of.into())),
            "take a value out",
        ),
        _ => ("what will not come".to_owned(), "send one"),
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// Circles that no actor has left yet.
    circles: Vec<Circle>,
    alive: Alive,
}

#[derive(Clone, Debug)]
struct Circle {
    /// Its finding. One over a channel has none before the run's end: a timeout may still break it, and the trace
    /// does not tell of that.
    finding: Option<usize>,
    since: Nanos,
    chain: Vec<Link>,
}

impl Circle {
    fn has(&self, actor: Actor) -> bool {
        self.chain.iter().any(|link| link.actor == actor)
    }

    fn open(&self, now: Now, log: &mut Log) -> Option<usize> {
        let finding = log.open(now, &KIND, self.since, self.chain.first()?.actor);
        let count = u32::try_from(self.chain.len()).unwrap_or(u32::MAX);
        log.all[finding].chain.clone_from(&self.chain);
        log.count(finding, count, now.world.now);
        Some(finding)
    }
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        self.alive.note(now.world, event);
        match event {
            EventKind::BlockedOn { actor, .. }
            | EventKind::BlockStarted {
                actor,
                kind: BlockKind::Lock,
                ..
            } => self.look(now, actor, log),
            EventKind::Waiting {
                task,
                on:
                    WaitOn::Lock(_)
                    | WaitOn::Task(_)
                    | WaitOn::Job(_)
                    | WaitOn::Channel(_)
                    | WaitOn::Room(_),
            } if is_any_kept(now.world) => self.look(now, Actor::Task(task), log),
            EventKind::BlockEnded { actor, .. }
            | EventKind::LockTaken { actor, .. }
            | EventKind::ChannelReceived { actor, .. }
            | EventKind::ChannelSent { actor, .. }
            | EventKind::TimedOut { actor, .. } => self.goes_on(now, actor, log),
            EventKind::TaskEnded { task, .. } => self.goes_on(now, Actor::Task(task), log),
            EventKind::JobEnded { job, .. } => self.goes_on(now, Actor::Job(job), log),
            EventKind::RunEnded {
                reason: EndReason::Limit,
            } => {
                for circle in &mut self.circles {
                    circle.finding = circle.finding.or_else(|| circle.open(now, log));
                }
            }
            _ => {}
        }
    }
}

impl Detector {
    /// Whether an actor that has begun to wait can never go on, because those that it needs need it.
    fn look(&mut self, now: Now, actor: Actor, log: &mut Log) {
        let world = now.world;
        let known = |actor| self.circles.iter().any(|circle| circle.has(actor));
        if known(actor) || !is_stuck(world, &self.alive, actor) {
            return;
        }
        let chain = circle(world, &self.alive, actor);
        if chain.is_empty() || chain.iter().any(|link| known(link.actor)) {
            return;
        }
        let over_channel =
            |link: &Link| matches!(link.reason, Reason::Channel(_) | Reason::Room(_));
        let lasts = !chain.iter().any(over_channel);
        let mut circle = Circle {
            finding: None,
            since: world.now,
            chain,
        };
        if lasts {
            circle.finding = circle.open(now, log);
        }
        self.circles.push(circle);
    }

    /// An actor goes on, be it because a limit has run out: its circle is broken.
    fn goes_on(&mut self, now: Now, actor: Actor, log: &mut Log) {
        let mut circles = self.circles.iter();
        if let Some(place) = circles.position(|circle| circle.has(actor)) {
            let circle = self.circles.swap_remove(place);
            if let Some(finding) = circle.finding {
                log.close(finding, now.world.now);
            }
        }
    }
}

/// Whether any actor holds a thread for a task's end, wants a lock that another one has, or may wait for
/// a value of which it is known who could send it.
fn is_any_kept(world: &World) -> bool {
    let mut locks = world.shared.locks.iter();
    let mut channels = world.shared.channels.iter();
    !world.shared.blocked_on.is_empty()
        || locks.any(Lock::is_awaited)
        || channels.any(|channel| channel.senders.is_some() || channel.receivers.is_some())
}
