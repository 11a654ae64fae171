//! A run that goes on, from which a trace of its last stretch can be begun at any moment.

use std::collections::{HashMap, HashSet};

use crate::event::kind::{Batch, Event};
use crate::event::visit::Visitor;
use crate::ids::{Nanos, TextId};
use crate::story::late::LateRow;
use crate::window::dense::Dense;
use crate::window::living::Living;

/// What is known of a run that goes on: what is alive, the rows of its story, and its texts.
#[derive(Clone, Debug, Default)]
pub struct Window {
    living: Living,
    rows: Vec<LateRow>,
    texts: HashMap<u32, String>,
    next_text: u32,
}

/// A trace that began in the middle of a run.
#[derive(Clone, Debug, Default)]
pub struct Stretch {
    dense: Dense,
}

impl Window {
    /// How many texts are remembered beside those that what is alive needs: a producer hands a text on anew that is older by
    /// so many others.
    pub const TEXTS: u32 = 1 << 16;

    /// Notes what the run handed on.
    pub fn add(&mut self, batch: &Batch) {
        // Before it is added: a large batch may name what is older than all its own texts.
        if self.texts.len() > 2 * Self::TEXTS as usize {
            self.forget();
        }
        for text in &batch.texts {
            self.texts.insert(self.next_text, text.clone());
            self.next_text = self.next_text.saturating_add(1);
        }
        self.rows.extend(batch.rows.iter().cloned());
        for event in &batch.events {
            self.living.event(*event);
        }
    }

    /// Begins a trace here: its first batch says how all that is alive stands, each event at its own moment.
    pub fn begin(&self, upto: Nanos) -> (Stretch, Batch) {
        let mut stretch = Stretch::default();
        let mut batch = Batch {
            rows: self.rows.clone(),
            upto,
            ..Batch::default()
        };
        stretch.events(self, &self.living.events(), &mut batch);
        (stretch, batch)
    }

    /// The texts that nothing that is alive needs, and that are old.
    fn forget(&mut self) {
        struct Needed(HashSet<u32>);
        impl Visitor for Needed {
            fn text(&mut self, id: &mut TextId) {
                self.0.insert(id.0);
            }
        }
        let mut needed = Needed(HashSet::new());
        for mut event in self.living.events() {
            event.kind.visit(&mut needed);
        }
        let oldest = self.next_text.saturating_sub(Self::TEXTS);
        self.texts
            .retain(|id, _| *id >= oldest || needed.0.contains(id));
    }
}

impl Stretch {
    /// The same for its trace; [`Window::add`] must have seen the batch.
    pub fn batch(&mut self, window: &Window, batch: &Batch) -> Batch {
        let mut own = Batch {
            rows: batch.rows.clone(),
            upto: batch.upto,
            ..Batch::default()
        };
        self.events(window, &batch.events, &mut own);
        own
    }

    fn events(&mut self, window: &Window, events: &[Event], batch: &mut Batch) {
        let mut texts = Vec::new();
        for event in events {
            if let Some(kind) = self.dense.renumber(event.kind, &mut texts) {
                batch.events.push(Event { at: event.at, kind });
            }
        }
        let text = |id: TextId| window.texts.get(&id.0).cloned().unwrap_or_default();
        batch.texts.extend(texts.into_iter().map(text));
    }
}
