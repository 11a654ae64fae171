//! The interner: each text once, under a provisional id.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use loopscope_trace::TextId;

/// All texts of a run. Texts that are known before the run are interned before it.
#[derive(Debug, Default)]
pub(super) struct Texts {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    ids: HashMap<Arc<str>, TextId>,
    texts: Vec<Arc<str>>,
}

impl Texts {
    pub(super) fn intern(&self, text: &str) -> TextId {
        let mut inner = self.lock();
        if let Some(&id) = inner.ids.get(text) {
            return id;
        }
        let id = TextId::from(inner.texts.len());
        let text: Arc<str> = text.into();
        inner.texts.push(Arc::clone(&text));
        inner.ids.insert(text, id);
        id
    }

    pub(super) fn text(&self, id: TextId) -> Option<String> {
        self.lock()
            .texts
            .get(id.index())
            .map(|text| text.to_string())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic while interning leaves at worst a text without a second use.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
