//! When the notes of a story are said.

use super::insight::InsightKind;
use super::timeline::Moment;
use crate::trace::{Anchor, EventKind, Outcome, Story, Trace};

/// More notes than this are never said: a class would not listen either.
const MOST: usize = 256;

/// The notes that are still to come, and those that have been said.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    /// Places in the story's list, and how often each anchor has been passed.
    pub(super) pending: Vec<(usize, u32)>,
    /// When which note was said.
    pub(super) said: Vec<(Moment, usize)>,
}

impl Notes {
    pub(super) fn new(story: &Story) -> Self {
        // With other numbers the run is another one, and the notes tell of the first.
        let count = if story.is_as_written() {
            story.notes.len().min(MOST)
        } else {
            0
        };
        let pending = (0..count).map(|note| (note, 0));
        Self {
            pending: pending.collect(),
            said: Vec::new(),
        }
    }

    /// An event has happened; `queues`: it put a job into the queue, because all threads are taken.
    /// The notes that are said now.
    pub(super) fn event(
        &mut self,
        trace: &Trace,
        kind: EventKind,
        queues: bool,
        at: Moment,
    ) -> bool {
        self.pass(trace, at, |anchor| match (anchor, kind) {
            (Anchor::Start, _) => Some(1),
            (Anchor::End, EventKind::RunEnded { .. }) => Some(1),
            (Anchor::Output { text, nth }, EventKind::Output { text: printed, .. })
                if text.as_ref().is_none_or(|text| text == trace.text(printed)) =>
            {
                Some(*nth)
            }
            (Anchor::Sent { nth }, EventKind::RequestSent { .. })
            | (Anchor::Accepted { nth }, EventKind::RequestAccepted { .. })
            | (Anchor::Answered { nth }, EventKind::RequestAnswered { .. }) => Some(*nth),
            (Anchor::Queued { nth }, EventKind::JobQueued { .. }) if queues => Some(*nth),
            _ => happened(trace, anchor, kind),
        })
    }

    /// Something has been found.
    pub(super) fn found(&mut self, trace: &Trace, found: InsightKind, at: Moment) -> bool {
        self.pass(trace, at, |anchor| match anchor {
            Anchor::Insight { kind, nth } if kind == found.id() => Some(*nth),
            _ => None,
        })
    }

    fn pass(&mut self, trace: &Trace, at: Moment, hit: impl Fn(&Anchor) -> Option<u32>) -> bool {
        if self.pending.is_empty() {
            return false;
        }
        let before = self.said.len();
        let said = &mut self.said;
        self.pending.retain_mut(|(note, passed)| {
            let Some(nth) = hit(&trace.story.notes[*note].when) else {
                return true;
            };
            *passed += 1;
            if *passed >= nth {
                said.push((at, *note));
            }
            *passed < nth
        });
        self.said.len() > before
    }
}

/// Whether `kind` is what `anchor` counts, among the anchors of servers, channels and processes.
fn happened(trace: &Trace, anchor: &Anchor, kind: EventKind) -> Option<u32> {
    let story = &trace.story;
    match (anchor, kind) {
        (Anchor::GivenUp { nth }, EventKind::RequestGivenUp { .. })
        | (Anchor::TimedOut { nth }, EventKind::TimedOut { .. })
        | (Anchor::Chunk { nth }, EventKind::ResponseChunk { .. })
        | (Anchor::ChildEnded { nth }, EventKind::ProcessEnded { .. })
        | (Anchor::Stopping { nth }, EventKind::ServerStopping { .. })
        | (
            Anchor::Cancelled { nth },
            EventKind::TaskEnded {
                outcome: Outcome::Cancelled,
                ..
            }
            | EventKind::JobEnded {
                outcome: Outcome::Cancelled,
                ..
            },
        ) => Some(*nth),
        (Anchor::ClientOutput { text, nth }, EventKind::ClientPrinted { text: printed, .. })
            if text.as_ref().is_none_or(|text| text == trace.text(printed)) =>
        {
            Some(*nth)
        }
        (Anchor::Written { variable, nth }, EventKind::VariableWritten { variable: at, .. })
            if story
                .variables
                .get(usize::from(at))
                .is_some_and(|known| known.name == *variable) =>
        {
            Some(*nth)
        }
        (Anchor::ChannelSent { channel, nth }, EventKind::ChannelSent { channel: at, .. })
        | (
            Anchor::ChannelReceived { channel, nth },
            EventKind::ChannelReceived { channel: at, .. },
        ) if story
            .channels
            .get(usize::from(at))
            .is_some_and(|known| known.name == *channel) =>
        {
            Some(*nth)
        }
        _ => None,
    }
}
