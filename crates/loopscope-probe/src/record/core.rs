//! What all clones of a recorder share: the clock, the rings, the texts, and the next ids.

use std::collections::HashMap;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use loopscope_trace::TextId;
use parking_lot::Mutex;

use crate::clock::{RunClock, VirtualTime};
use crate::record::slot::Slots;

/// All texts of a run. Texts that are known before the run are interned before it.
#[derive(Debug, Default)]
pub(crate) struct Texts(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    ids: HashMap<Arc<str>, TextId>,
    places: HashMap<&'static Location<'static>, TextId>,
    texts: Vec<Arc<str>>,
    bytes: u64,
}

impl Inner {
    fn intern(&mut self, text: &str) -> TextId {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = TextId::from(self.texts.len());
        self.bytes += text.len() as u64;
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.ids.insert(text, id);
        id
    }
}

impl Texts {
    pub(crate) fn intern(&self, text: &str) -> TextId {
        self.0.lock().intern(text)
    }

    /// How long all of them are together.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.lock().bytes
    }

    /// The id of `file:line`; made into a text only the first time.
    pub(crate) fn place(&self, place: &'static Location<'static>) -> TextId {
        let mut inner = self.0.lock();
        if let Some(&id) = inner.places.get(place) {
            return id;
        }
        let id = inner.intern(&format!("{}:{}", place.file(), place.line()));
        inner.places.insert(place, id);
        id
    }

    pub(crate) fn text(&self, id: TextId) -> Option<String> {
        let inner = self.0.lock();
        inner.texts.get(id.index()).map(|text| text.to_string())
    }
}

/// The state behind a recorder.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) clock: RunClock,
    /// Whether tokio's hooks tell spawns, turns and ends.
    pub(crate) hooks: bool,
    pub(crate) slots: Slots,
    pub(crate) texts: Texts,
    pub(crate) tasks: Counter,
    pub(crate) jobs: Counter,
    pub(crate) requests: Counter,
    pub(crate) processes: Counter,
}

impl Core {
    pub(crate) fn new(speed: f64, hooks: bool, virtual_time: Option<Arc<VirtualTime>>) -> Self {
        Self {
            clock: RunClock::new(speed, virtual_time),
            hooks: hooks && cfg!(tokio_unstable),
            slots: Slots::default(),
            texts: Texts::default(),
            tasks: Counter::default(),
            jobs: Counter::default(),
            requests: Counter::default(),
            processes: Counter::default(),
        }
    }
}

/// Gives provisional ids: 0, 1, 2, …
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU32);

impl Counter {
    pub(crate) fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}
