//! A whole trace: the story, and what happened when it was played.

use crate::event::actor::EndReason;
use crate::event::kind::{Batch, Event, EventKind};
use crate::ids::{Nanos, StackId, StepId, TextId};
use crate::story::late::LateRow;
use crate::story::question::Answers;
use crate::story::story::Story;

/// A story, and what happened when it was played: all that a screen or an export needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// What was run.
    pub story: Story,
    /// The strings that events refer to by [`TextId`].
    pub texts: Vec<String>,
    /// Call stacks that were seen, each the places in it, the innermost first.
    pub stacks: Vec<Vec<StepId>>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Up to this moment the trace is complete; nothing earlier can still arrive.
    pub upto: Nanos,
    /// What people said about the story's questions.
    pub answers: Answers,
}

impl Trace {
    /// An empty trace of `story`.
    pub fn new(story: Story) -> Self {
        Self {
            story,
            ..Self::default()
        }
    }

    /// Adds what a run handed on. The batch must not begin before the end of the trace.
    pub fn extend(&mut self, batch: Batch) {
        debug_assert!(
            batch
                .events
                .first()
                .is_none_or(|event| event.at >= self.last_at())
        );
        append(&mut self.texts, batch.texts);
        for row in batch.rows {
            self.add(row);
        }
        append(&mut self.events, batch.events);
        self.upto = self.upto.max(batch.upto).max(self.last_at());
    }

    /// Adds a row to the story or to the stacks.
    pub(crate) fn add(&mut self, row: LateRow) {
        match row {
            LateRow::File(file) => self.story.files.push(file),
            LateRow::Function(function) => self.story.functions.push(function),
            LateRow::Step(step) => self.story.steps.push(step),
            LateRow::Pool(pool) => self.story.pools.push(pool),
            LateRow::Stack(places) => self.stacks.push(places),
            LateRow::Runtime(words) => {
                if let Some(watched) = &mut self.story.watched {
                    watched.runtime = words;
                }
            }
        }
    }

    /// All that happened, as one batch for a reader that has the story.
    pub fn batch(&self) -> Batch {
        Batch {
            texts: self.texts.clone(),
            rows: self.stacks.iter().cloned().map(LateRow::Stack).collect(),
            events: self.events.clone(),
            upto: self.upto,
        }
    }

    /// The string behind `id`; `?` where a foreign recording left it out.
    pub fn text(&self, id: TextId) -> &str {
        self.texts.get(id.index()).map_or("?", String::as_str)
    }

    /// The places of a call stack, the innermost first.
    pub fn stack(&self, id: StackId) -> &[StepId] {
        self.stacks.get(id.index()).map_or(&[], Vec::as_slice)
    }

    /// Whether the run has said that it is over.
    pub fn ended(&self) -> Option<EndReason> {
        self.events
            .iter()
            .rev()
            .take(64)
            .find_map(|event| match event.kind {
                EventKind::RunEnded { reason } => Some(reason),
                _ => None,
            })
    }

    fn last_at(&self) -> Nanos {
        self.events.last().map_or(Nanos::ZERO, |event| event.at)
    }
}

/// Adds rows at the end; the first ones are moved, so that a recording is not there twice.
fn append<T>(rows: &mut Vec<T>, more: Vec<T>) {
    if rows.is_empty() {
        *rows = more;
    } else {
        rows.extend(more);
    }
}
