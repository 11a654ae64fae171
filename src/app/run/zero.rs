//! Of the exported program of a scenario, what comes behind its beginning: server and clients are made before it, which
//! is no part of the story.

use loopscope_lab::scenario::BEGINS;
use loopscope_trace::{Batch, Event, EventKind, Nanos, Stretch, TextId, Window};

/// Leaves out what happens before the line that says where it begins; that is where its axis begins.
#[derive(Default)]
pub(crate) struct Zero {
    /// What came before, until it has begun: all that there is of a program that never does.
    before: Vec<Batch>,
    /// How many texts came.
    texts: u32,
    window: Window,
    begun: Option<(Stretch, Nanos)>,
}

impl Zero {
    /// What is handed on of a batch; `None` before it has begun.
    pub(crate) fn take(&mut self, batch: Batch) -> Option<Batch> {
        if let Some((stretch, zero)) = &mut self.begun {
            self.window.add(&batch);
            return Some(moved(stretch.batch(&self.window, &batch), *zero));
        }
        let Some(place) = self.begins(&batch) else {
            self.texts += u32::try_from(batch.texts.len()).unwrap_or(u32::MAX);
            let over = ends(&batch);
            self.before.push(batch);
            return over.then(|| joined(std::mem::take(&mut self.before)));
        };
        Some(self.begin(batch, place))
    }

    /// The place of the event that says where it begins.
    fn begins(&self, batch: &Batch) -> Option<usize> {
        let text = batch.texts.iter().position(|text| text == BEGINS)?;
        let text = TextId(self.texts + u32::try_from(text).ok()?);
        batch.events.iter().position(|event| match event.kind {
            EventKind::Output { text: said, .. } | EventKind::ProcessPrinted { text: said, .. } => {
                said == text
            }
            _ => false,
        })
    }

    fn begin(&mut self, batch: Batch, place: usize) -> Batch {
        for before in self.before.drain(..) {
            self.window.add(&before);
        }
        let mut events = batch.events;
        let mut later = events.split_off(place);
        let zero = later.first().map_or(batch.upto, |event| event.at);
        later.remove(0);
        self.window.add(&Batch {
            texts: batch.texts,
            rows: batch.rows,
            events,
            upto: zero,
        });
        let (mut stretch, first) = self.window.begin(zero);
        let later = Batch {
            events: later,
            upto: batch.upto,
            ..Batch::default()
        };
        self.window.add(&later);
        let later = stretch.batch(&self.window, &later);
        self.begun = Some((stretch, zero));
        moved(joined(vec![first, later]), zero)
    }
}

fn ends(batch: &Batch) -> bool {
    let mut kinds = batch.events.iter().map(|event| event.kind);
    kinds.any(|kind| matches!(kind, EventKind::RunEnded { .. }))
}

/// Several batches as one.
fn joined(batches: Vec<Batch>) -> Batch {
    let mut all = Batch::default();
    for batch in batches {
        all.texts.extend(batch.texts);
        all.rows.extend(batch.rows);
        all.events.extend(batch.events);
        all.upto = batch.upto;
    }
    all
}

/// The same on an axis that begins at `zero`; what was before stands at its beginning.
fn moved(mut batch: Batch, zero: Nanos) -> Batch {
    let since = |at: Nanos| at.since(zero);
    for Event { at, kind } in &mut batch.events {
        *at = since(*at);
        match kind {
            EventKind::WaitingTimer { deadline, .. } => *deadline = since(*deadline),
            EventKind::Dropped { since: from, .. } | EventKind::Late { since: from, .. } => {
                *from = since(*from);
            }
            _ => {}
        }
    }
    batch.upto = since(batch.upto);
    batch
}
