//! What is handed on next: texts, rows of the story, events, on an axis whose zero is the first turn.

use std::collections::HashMap;

use loopscope_trace::{Batch, Event, EventKind, LateRow, Nanos, TextId, Window};

/// The latest moment of a recording, in nanoseconds: a thousand days.
const LATEST: u64 = 86_400_000_000_000_000;

/// The batch that is being made.
#[derive(Debug, Default)]
pub(crate) struct Out {
    batch: Batch,
    /// The moment of the monotonic clock that is zero.
    zero: Option<u64>,
    last: Nanos,
    texts: HashMap<String, TextId>,
    count: u32,
}

impl Out {
    /// The first turn of the first loop: from now on time passes.
    pub(crate) fn begin(&mut self, at: u64) {
        self.zero.get_or_insert(at);
    }

    /// A moment of the monotonic clock on the axis; what comes before its zero is there.
    pub(crate) fn moment(&self, at: u64) -> Nanos {
        let since = self.zero.map_or(0, |zero| at.saturating_sub(zero));
        Nanos(since.min(LATEST))
    }

    /// Adds what happened; never before what was added.
    pub(crate) fn event(&mut self, at: u64, kind: EventKind) {
        self.last = self.last.max(self.moment(at));
        self.batch.events.push(Event {
            at: self.last,
            kind,
        });
    }

    /// Adds a row to the story.
    pub(crate) fn row(&mut self, row: LateRow) {
        self.batch.rows.push(row);
    }

    /// A text that may come again. It is handed on anew before a window forgets it.
    pub(crate) fn text(&mut self, text: &str) -> TextId {
        let oldest = self.count.saturating_sub(Window::TEXTS);
        if let Some(&known) = self.texts.get(text)
            && known.0 >= oldest
        {
            return known;
        }
        let id = self.line(text);
        if self.texts.len() >= Window::TEXTS as usize {
            self.texts.retain(|_, known| known.0 >= oldest);
        }
        self.texts.insert(text.to_owned(), id);
        id
    }

    /// A text that will not come again.
    pub(crate) fn line(&mut self, text: &str) -> TextId {
        let id = TextId(self.count);
        self.count += 1;
        self.batch.texts.push(text.to_owned());
        id
    }

    /// Hands on what was added; nothing before `upto` follows.
    pub(crate) fn take(&mut self, upto: u64) -> Batch {
        let mut batch = std::mem::take(&mut self.batch);
        self.last = self.last.max(self.moment(upto));
        batch.upto = self.last;
        batch
    }
}
