//! The interner: each text once, under a provisional id.

use std::collections::HashMap;
use std::panic::Location;
use std::sync::Arc;

use loopscope_trace::TextId;
use parking_lot::Mutex;

/// All texts of a run. Texts that are known before the run are interned before it.
#[derive(Debug, Default)]
pub(crate) struct Texts(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    ids: HashMap<Arc<str>, TextId>,
    places: HashMap<&'static Location<'static>, TextId>,
    texts: Vec<Arc<str>>,
}

impl Inner {
    fn intern(&mut self, text: &str) -> TextId {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = TextId::from(self.texts.len());
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
