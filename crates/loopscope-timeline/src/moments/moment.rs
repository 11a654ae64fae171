//! Places in a trace: the ones that are worth a pause, and those at which a note is said.

use crate::findings::log::finding::Kind;
use loopscope_trace::{Anchor, EventKind, Nanos, Note, Outcome, Story, Trace};

/// A place in a trace: a number of events applied, and time moved on to `at`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Scenario time.
    pub at: Nanos,
    /// How many events have been applied.
    pub applied: usize,
}

/// A place worth a pause: notes, findings and printed lines that fall together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    /// The first of them.
    pub(crate) from: Moment,
    /// The last of them, where one stands.
    pub(crate) at: Moment,
    /// A note is among them.
    pub(crate) says: bool,
    /// A printed line is among them.
    pub(crate) prints: bool,
}

/// More notes than this are never said: a class would not listen either.
const MOST: usize = 256;

/// When something is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// At a moment that only the trace can name.
    Anchor(Anchor),
    /// At a scenario time.
    At(Nanos),
}

/// Something to say, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// When it is said.
    pub when: When,
    /// The sentence; may be empty, where one only wants to stop.
    pub say: String,
}

impl Cue {
    fn of(note: &Note) -> Self {
        Self {
            when: When::Anchor(note.when.clone()),
            say: note.say.clone(),
        }
    }
}

/// The notes that are still to come, and those that have been said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    cues: Vec<Cue>,
    /// Places in the list, and how often each anchor has been passed.
    pub(crate) pending: Vec<(usize, u32)>,
    /// When which one was said.
    pub(crate) said: Vec<(Moment, usize)>,
}

impl Notes {
    /// Those of the story, or `cues` in their place.
    pub(crate) fn new(story: &Story, cues: Option<Vec<Cue>>) -> Self {
        // With other numbers the run is another one, and its own notes tell of the first.
        let own = || {
            let fits = story.is_as_written();
            let notes = story.notes.iter().filter(|_| fits);
            notes.map(Cue::of).collect()
        };
        let mut cues: Vec<Cue> = cues.unwrap_or_else(own);
        cues.truncate(MOST);
        Self {
            pending: (0..cues.len()).map(|cue| (cue, 0)).collect(),
            cues,
            said: Vec::new(),
        }
    }

    /// The nearest time at which something is to be said.
    pub(crate) fn next_time(&self) -> Option<Nanos> {
        let times = self.pending.iter().filter_map(|(cue, _)| self.time(*cue));
        times.min()
    }

    /// Time has come to `at`; whether something is said now.
    pub(crate) fn reached(&mut self, at: Moment) -> bool {
        let before = self.said.len();
        let pending = std::mem::take(&mut self.pending);
        for (cue, passed) in pending {
            if self.time(cue).is_some_and(|time| time <= at.at) {
                self.said.push((at, cue));
            } else {
                self.pending.push((cue, passed));
            }
        }
        self.said.len() > before
    }

    fn time(&self, cue: usize) -> Option<Nanos> {
        match self.cues.get(cue)?.when {
            When::At(at) => Some(at),
            When::Anchor(_) => None,
        }
    }

    /// Whether something was said at this very moment.
    pub(crate) fn said_at(&self, at: Moment) -> bool {
        self.said.last().is_some_and(|(when, _)| *when == at)
    }

    /// The last that was said up to a moment: when, and its place in the list.
    pub(crate) fn last_before(&self, at: Moment) -> Option<(Moment, usize)> {
        let place = self.said.partition_point(|(when, _)| *when <= at);
        self.said.get(place.checked_sub(1)?).copied()
    }

    /// What stands at a place of the list.
    pub(crate) fn cue(&self, place: usize) -> Option<&Cue> {
        self.cues.get(place)
    }

    /// Its sentence, where it has one.
    pub(crate) fn sentence(&self, cue: usize) -> Option<&str> {
        let say = self.cues.get(cue)?.say.as_str();
        (!say.is_empty()).then_some(say)
    }

    /// Everything that is to be said, and when it was.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Cue, Option<Moment>)> {
        self.cues.iter().enumerate().map(|(place, cue)| {
            let said = self.said.iter().find(|(_, said)| *said == place);
            (cue, said.map(|(when, _)| *when))
        })
    }

    /// An event has happened; `queues`: it put a job into the queue, because all threads are taken.
    /// The notes that are said now.
    pub(crate) fn event(
        &mut self,
        trace: &Trace,
        kind: EventKind,
        queues: bool,
        at: Moment,
    ) -> bool {
        self.pass(at, |anchor| nth_of(trace, anchor, kind, queues))
    }

    /// Something has been found.
    pub(crate) fn found(&mut self, found: &Kind, at: Moment) -> bool {
        self.pass(at, |anchor| match anchor {
            Anchor::Insight { kind, nth } if kind == found.id => Some(*nth),
            _ => None,
        })
    }

    fn pass(&mut self, at: Moment, hit: impl Fn(&Anchor) -> Option<u32>) -> bool {
        if self.pending.is_empty() {
            return false;
        }
        let before = self.said.len();
        let (said, cues) = (&mut self.said, &self.cues);
        self.pending.retain_mut(|(note, passed)| {
            let When::Anchor(anchor) = &cues[*note].when else {
                return true;
            };
            let Some(nth) = hit(anchor) else {
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

/// Which one `anchor` waits for, where an event is of the kind that it counts.
// table
fn nth_of(trace: &Trace, anchor: &Anchor, kind: EventKind, queues: bool) -> Option<u32> {
    let story = &trace.story;
    let variable = |of: u16| Some(&story.variables.get(usize::from(of))?.name);
    let channel = |of: u16| Some(&story.channels.get(usize::from(of))?.name);
    match (anchor, kind) {
        (Anchor::Start, _) | (Anchor::End, EventKind::RunEnded { .. }) => Some(1),
        (Anchor::Sent { nth }, EventKind::RequestSent { .. })
        | (Anchor::Accepted { nth }, EventKind::RequestAccepted { .. })
        | (Anchor::Answered { nth }, EventKind::RequestAnswered { .. })
        | (Anchor::GivenUp { nth }, EventKind::RequestGivenUp { .. })
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
        (Anchor::Queued { nth }, EventKind::JobQueued { .. }) if queues => Some(*nth),
        (Anchor::Output { text, nth }, EventKind::Output { text: printed, .. })
        | (Anchor::ClientOutput { text, nth }, EventKind::ClientPrinted { text: printed, .. })
            if text.as_ref().is_none_or(|text| text == trace.text(printed)) =>
        {
            Some(*nth)
        }
        (
            Anchor::Written {
                variable: name,
                nth,
            },
            EventKind::VariableWritten { variable: of, .. },
        ) if variable(of) == Some(name) => Some(*nth),
        (
            Anchor::ChannelSent { channel: name, nth },
            EventKind::ChannelSent { channel: of, .. },
        )
        | (
            Anchor::ChannelReceived { channel: name, nth },
            EventKind::ChannelReceived { channel: of, .. },
        ) if channel(of) == Some(name) => Some(*nth),
        _ => None,
    }
}
