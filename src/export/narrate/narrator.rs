//! Tells a run sentence by sentence, and after a silence how things stand.

use loopscope_timeline::{Moment, Timeline, World, explain};
use loopscope_trace::{EndReason, Event, EventKind, Language, Nanos};

use crate::export::narrate::crowd::Crowd;
use crate::export::narrate::say::{self, line};

/// After this much wall time without a sentence, how things stand is said.
const SILENCE: Nanos = Nanos::from_millis(2_000);

/// Tells a run, sentence by sentence.
#[derive(Clone, Debug)]
pub struct Narrator {
    language: Language,
    /// The world at the next event.
    world: World,
    event: usize,
    insight: usize,
    note: usize,
    crowd: Crowd,
    /// When something was last said.
    spoken: Nanos,
    /// How long nothing may be said: longer after each time that a silence was broken.
    patience: Nanos,
    over: bool,
}

/// What is told next.
enum Next {
    Event(Event),
    Insight(Nanos),
    Note(Nanos),
}

impl Next {
    const fn at(&self) -> Nanos {
        match self {
            Self::Event(event) => event.at,
            Self::Insight(at) | Self::Note(at) => *at,
        }
    }
}

impl Narrator {
    /// Tells the run of this timeline from its beginning; code is named as `language` writes it.
    pub fn new(timeline: &Timeline, language: Language) -> Self {
        Self {
            language,
            world: World::new(timeline.story()),
            event: 0,
            insight: 0,
            note: 0,
            crowd: Crowd::new(timeline.story()),
            spoken: Nanos::ZERO,
            patience: first_patience(timeline),
            over: false,
        }
    }

    /// The sentences about everything that the timeline has learned since the last call.
    pub fn news(&mut self, timeline: &Timeline) -> Vec<String> {
        let mut lines = Vec::new();
        while !self.over
            && let Some(next) = self.next(timeline)
        {
            self.silence(timeline, next.at(), &mut lines);
            self.crowd.pass(next.at(), &mut lines);
            match next {
                Next::Event(event) => self.happens(timeline, event, &mut lines),
                Next::Insight(at) => self.found(timeline, at, &mut lines),
                Next::Note(at) => self.noted(timeline, at, &mut lines),
            }
        }
        if !self.over {
            self.silence(timeline, timeline.end(), &mut lines);
            self.crowd.pass(timeline.end(), &mut lines);
        }
        lines
    }

    /// Events, findings and notes in the order in which they became true: a finding before the
    /// events that follow it, a note behind what it was waiting for.
    fn next(&self, timeline: &Timeline) -> Option<Next> {
        let event = timeline.trace().events.get(self.event).copied();
        let insight = timeline.findings().get(self.insight);
        let insight = insight.map(|insight| insight.found);
        let note = timeline.notes_said().nth(self.note).map(|(when, _)| when);
        let comes = |at: Nanos| event.is_none_or(|event| at < event.at);
        let is_next = |when: Moment| when.applied <= self.event;
        match (
            insight.filter(|&at| comes(at)),
            note.filter(|&when| is_next(when)),
        ) {
            (Some(found), Some(note)) if note.at < found => Some(Next::Note(note.at)),
            (Some(found), _) => Some(Next::Insight(found)),
            (None, Some(note)) => Some(Next::Note(note.at)),
            (None, None) => event.map(Next::Event),
        }
    }

    fn happens(&mut self, timeline: &Timeline, event: Event, lines: &mut Vec<String>) {
        let index = self.event;
        self.event += 1;
        if let EventKind::RunEnded { .. } = event.kind {
            self.ends(timeline, index, lines);
            return;
        }
        let held = say::held(&self.world, event);
        self.world.apply(&event);
        let scene = say::Scene {
            timeline,
            world: &self.world,
            language: self.language,
            held,
        };
        if let Some(said) = say::event(&scene, index, event)
            && self.crowd.add(event.at, said, lines)
        {
            self.speaks(timeline, event.at);
        }
    }

    /// What the shutdown drops was unfinished: it is no part of the story.
    fn ends(&mut self, timeline: &Timeline, index: usize, lines: &mut Vec<String>) {
        let at = timeline
            .trace()
            .events
            .get(index)
            .map_or(timeline.end(), |event| event.at);
        // Findings and notes of the very end are still part of it.
        self.crowd.flush(lines);
        while self.insight < timeline.findings().len() {
            self.found(timeline, at, lines);
        }
        // A run that was stopped has not come to the end of which the last notes speak.
        let stopped = timeline.ended() == Some(EndReason::Stopped);
        while let Some((when, _)) = timeline.notes_said().nth(self.note) {
            if stopped && when.applied > index {
                break;
            }
            self.noted(timeline, at, lines);
        }
        let sentence = explain::event(timeline, index, self.language);
        lines.push(line(at, &sentence));
        lines.extend(self.crowd.unsaid());
        self.over = true;
    }

    fn found(&mut self, timeline: &Timeline, at: Nanos, lines: &mut Vec<String>) {
        if let Some(insight) = timeline.finding_as_found(self.insight) {
            let word = insight.kind.word;
            let sentence = insight.sentence(timeline, self.language);
            if self.crowd.may_find(word) {
                self.crowd.flush(lines);
                lines.push(line(at, &format!("Found, {word}: {sentence}")));
                self.speaks(timeline, at);
            }
        }
        self.insight += 1;
    }

    fn noted(&mut self, timeline: &Timeline, at: Nanos, lines: &mut Vec<String>) {
        if let Some((_, say)) = timeline.notes_said().nth(self.note) {
            self.crowd.flush(lines);
            lines.push(line(at, &format!("Note: {say}")));
            self.speaks(timeline, at);
        }
        self.note += 1;
    }

    /// Says how things stand where nothing was said for long.
    fn silence(&mut self, timeline: &Timeline, until: Nanos, lines: &mut Vec<String>) {
        if self.world.tasks.iter().next().is_none() {
            return;
        }
        while until > self.spoken + self.patience {
            let at = self.spoken + self.patience;
            self.crowd.flush(lines);
            let mut world = self.world.clone();
            world.advance(at);
            let caption = explain::caption(timeline, &world, self.language);
            lines.push(line(at, &format!("So far: {caption}")));
            self.spoken = at;
            self.patience += self.patience;
        }
    }

    fn speaks(&mut self, timeline: &Timeline, at: Nanos) {
        self.spoken = at;
        self.patience = first_patience(timeline);
    }
}

/// [`SILENCE`] in scenario time.
fn first_patience(timeline: &Timeline) -> Nanos {
    let speed = timeline.story().speed;
    let speed = if speed.is_finite() {
        speed.max(1.0)
    } else {
        1.0
    };
    Nanos::from_secs_f64(SILENCE.as_secs_f64() * speed)
}
