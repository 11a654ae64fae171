//! A thread put a value into a channel past the loop of the task that waits for it, and the loop slept on.

use std::collections::BTreeMap;

use crate::counts::seconds;
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::holder;
use crate::words::{channel, who};
use crate::world::state::State;
use loopscope_trace::{Actor, ChannelId, EventKind, Nanos, TaskId, WaitOn, WakeCause};

pub(crate) static KIND: Kind = Kind {
    id: "thread-unsafe",
    word: "thread-unsafe put",
    row_word: "unsafe put",
    symptoms: "put_nowait from a thread, call_soon_threadsafe, queue not thread-safe, loop does not wake up, delayed until next timer",
    runs_did: "had a put from a thread that woke nobody",
    on_map: None,
    sentence: |names, finding, _| {
        let by = finding
            .held_by
            .map_or_else(|| "a thread".to_owned(), |(actor, _)| who(names, actor));
        format!(
            "{} waited for {} for {}{} although a value lay there: {by} put it in from its thread, which does not wake \
             the loop.",
            holder(names, finding),
            channel(names, finding.of.unwrap_or(u32::MAX)),
            seconds(finding.length),
            finding.so_far(),
        )
    },
    short: |names, finding, row| {
        let of = channel(names, finding.of.unwrap_or(u32::MAX));
        format!("{} not woken for {of}, {}", row.who, row.length)
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// By channel: a value whose receiver has not been woken.
    lying: BTreeMap<u16, Lying>,
}

#[derive(Clone, Copy, Debug)]
struct Lying {
    since: Nanos,
    sender: Actor,
    receiver: TaskId,
    finding: Option<usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::ChannelSent { actor, channel, .. } => self.sent(now, actor, channel),
            EventKind::ChannelReceived { channel, .. } => self.told(now, channel, log),
            EventKind::Woken {
                by: WakeCause::Channel(of),
                ..
            } => self.told(now, u16::try_from(of.0).unwrap_or(u16::MAX), log),
            EventKind::Woken { task, .. } | EventKind::TaskEnded { task, .. } => {
                let mut lying = self.lying.iter();
                let own = lying.find(|(_, lying)| lying.receiver == task);
                if let Some((&channel, _)) = own {
                    self.told(now, channel, log);
                }
            }
            _ => {}
        }
    }

    fn due(&mut self) -> Option<Nanos> {
        let unknown = self.lying.values().filter(|lying| lying.finding.is_none());
        unknown.map(|lying| lying.since + LONG).min()
    }

    fn fire(&mut self, now: Now, log: &mut Log) {
        let due = |lying: &Lying| lying.finding.is_none() && lying.since + LONG <= now.world.now;
        let mut lying = self.lying.iter_mut();
        let Some((&of, lying)) = lying.find(|(_, lying)| due(lying)) else {
            return;
        };
        let finding = log.open(now, &KIND, lying.since, Actor::Task(lying.receiver));
        log.all[finding].of = Some(of.into());
        log.all[finding].held_by = Some((lying.sender, now.world.step_of(lying.sender)));
        lying.finding = Some(finding);
    }
}

impl Detector {
    /// Where a task waits for just this value, it is woken now.
    fn sent(&mut self, now: Now, sender: Actor, of: u16) {
        if self.lying.contains_key(&of) {
            return;
        }
        let on = WaitOn::Channel(ChannelId(of.into()));
        let mut tasks = now.world.tasks.iter();
        let receiver = tasks.find(|task| task.state == State::Waiting && task.waits_on == Some(on));
        if let Some(receiver) = receiver {
            let lying = Lying {
                since: now.world.now,
                sender,
                receiver: receiver.id,
                finding: None,
            };
            self.lying.insert(of, lying);
        }
    }

    /// A receiver of a channel has been woken, or goes on without that.
    fn told(&mut self, now: Now, of: u16, log: &mut Log) {
        let known = self.lying.remove(&of);
        if let Some(finding) = known.and_then(|lying| lying.finding) {
            log.close(finding, now.world.now);
        }
    }
}
