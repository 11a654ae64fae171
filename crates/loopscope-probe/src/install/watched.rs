//! Whether the program is watched, and the texts that it tells then.

use std::sync::OnceLock;

use crate::stream::texts::Texts;

static TEXTS: OnceLock<Texts> = OnceLock::new();

/// From now on it is; `None` where it was before.
pub(crate) fn begin() -> Option<&'static Texts> {
    let mut is_new = false;
    let texts = TEXTS.get_or_init(|| {
        is_new = true;
        Texts::default()
    });
    is_new.then_some(texts)
}

/// The texts, where the program is watched.
pub(crate) fn texts() -> Option<&'static Texts> {
    TEXTS.get()
}

/// The number of a thread's name.
pub(crate) fn thread_name(name: &str) -> u32 {
    texts().map_or(0, |texts| texts.number(name))
}
