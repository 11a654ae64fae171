//! A value lay in a channel while its only reader awaited something else.

use std::collections::BTreeSet;

use crate::counts::{capital, seconds};
use crate::findings::log::detector::{self, LONG, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::holder;
use crate::words::{channel, inside};
use crate::world::entries::Task;
use crate::world::state::State;
use loopscope_trace::{Actor, EventKind, Nanos, TaskId, WaitOn};

pub(crate) static KIND: Kind = Kind {
    id: "head-of-line",
    word: "head of line",
    row_word: "head of line",
    symptoms: "head of line, queue grows, one message at a time, consumer slow, messages wait, worker awaits each",
    runs_did: "let values lie while their reader awaited something else",
    on_map: None,
    sentence: |names, finding, language| {
        let values = match finding.count {
            0 | 1 => "One value".to_owned(),
            count => format!("Up to {} values", capital(count).to_lowercase()),
        };
        let of = channel(names, finding.of.unwrap_or(u32::MAX));
        let place = match inside(names, finding.step, language) {
            place if place.is_empty() => " for something else".to_owned(),
            place => place,
        };
        format!(
            "{values} lay in {of} for {}{}; meanwhile its only reader, {}, waited{place}.",
            seconds(finding.length),
            finding.so_far(),
            holder(names, finding)
        )
    },
    short: |names, finding, row| {
        let of = channel(names, finding.of.unwrap_or(u32::MAX));
        format!(
            "{} in {of}, {}{}",
            finding.count,
            row.length,
            finding.and_counting()
        )
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// By channel.
    channels: Vec<Channel>,
    /// When the reader of which channel will have awaited something else for long.
    due: BTreeSet<(Nanos, u16)>,
}

#[derive(Clone, Debug, Default)]
struct Channel {
    /// The only task that has taken a value or waited for one.
    reader: Option<TaskId>,
    /// There are others.
    shared: bool,
    /// Since when there has been a value in it.
    since: Option<Nanos>,
    finding: Option<usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        match event {
            EventKind::ChannelSent { channel, .. } => self.sent(now, channel, log),
            EventKind::ChannelReceived { actor, channel, .. } => {
                if let Actor::Task(task) = actor {
                    self.reads(now, task, channel, log);
                }
                if lying(now, channel) == 0 {
                    let known = self.channel(channel);
                    known.since = None;
                    close(known, now, log);
                }
            }
            EventKind::Waiting {
                task,
                on: WaitOn::Channel(of),
            } => {
                if let Ok(channel) = u16::try_from(of.0) {
                    self.reads(now, task, channel, log);
                }
            }
            EventKind::TaskEnded { task, .. } => {
                let own = self.channels.iter_mut();
                own.filter(|channel| channel.reader == Some(task))
                    .for_each(|channel| close(channel, now, log));
            }
            _ => {}
        }
    }

    fn task_moved(&mut self, now: Now, task: &Task, _: State, _: &mut Log) {
        for place in 0..self.channels.len() {
            let channel = &self.channels[place];
            if channel.reader == Some(task.id) {
                self.look(now, u16::try_from(place).unwrap_or(u16::MAX));
            }
        }
    }

    fn due(&mut self) -> Option<Nanos> {
        self.due.first().map(|&(at, _)| at)
    }

    fn fire(&mut self, now: Now, log: &mut Log) {
        let Some((at, of)) = self.due.pop_first() else {
            return;
        };
        let known = self.channel(of);
        // The reader may have gone on, and the value been taken, since.
        if known.finding.is_some() || awaits_since(now, known, of) != Some(Nanos(at.0 - LONG.0)) {
            return;
        }
        let (Some(reader), Some(since)) = (known.reader, known.since) else {
            return;
        };
        let finding = log.open(now, &KIND, since, Actor::Task(reader));
        log.all[finding].of = Some(of.into());
        log.count(finding, lying(now, of), now.world.now);
        known.finding = Some(finding);
    }
}

impl Detector {
    fn channel(&mut self, of: u16) -> &mut Channel {
        let place = usize::from(of);
        if self.channels.len() <= place {
            self.channels.resize_with(place + 1, Channel::default);
        }
        &mut self.channels[place]
    }

    fn sent(&mut self, now: Now, of: u16, log: &mut Log) {
        let known = self.channel(of);
        known.since.get_or_insert(now.world.now);
        if let Some(finding) = known.finding {
            log.count(finding, lying(now, of), now.world.now);
        }
        self.look(now, of);
    }

    /// A task takes a value out of a channel, or waits for one.
    fn reads(&mut self, now: Now, task: TaskId, of: u16, log: &mut Log) {
        let known = self.channel(of);
        match known.reader {
            None => known.reader = Some(task),
            Some(other) if other != task => {
                known.shared = true;
                close(known, now, log);
            }
            Some(_) => {}
        }
    }

    /// The reader may have begun to await something else, or a value to lie there.
    fn look(&mut self, now: Now, of: u16) {
        if let Some(since) = awaits_since(now, self.channel(of), of) {
            self.due.insert((since + LONG, of));
        }
    }
}

fn close(channel: &mut Channel, now: Now, log: &mut Log) {
    if let Some(finding) = channel.finding.take() {
        log.close(finding, now.world.now);
    }
}

/// How many values lie in a channel.
fn lying(now: Now, of: u16) -> u32 {
    let channel = now.world.shared.channels.get(usize::from(of));
    channel.map_or(0, |channel| {
        u32::try_from(channel.values.len()).unwrap_or(u32::MAX)
    })
}

/// Since when a value has lain there and the only reader has awaited something else, if both are so.
fn awaits_since(now: Now, channel: &Channel, of: u16) -> Option<Nanos> {
    let since = channel.since.filter(|_| !channel.shared)?;
    let task = now.world.task(channel.reader?)?;
    let elsewhere = match task.waits_on {
        // Of several futures one may wait for this very channel.
        Some(WaitOn::Futures(_) | WaitOn::Turn) => false,
        Some(WaitOn::Channel(other)) => other.0 != u32::from(of),
        Some(_) => true,
        None => task.deadline.is_some(),
    };
    (task.state == State::Waiting && elsewhere).then(|| since.max(task.since))
}
