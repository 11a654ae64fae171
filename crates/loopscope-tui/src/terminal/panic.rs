//! What a panic does: the screen's own gives the terminal back, any other becomes a sentence.

use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;

use crate::events::message::Message;
use crate::terminal::state::{LENT, UP, leave};

type Previous = Arc<dyn Fn(&PanicHookInfo<'_>) + Send + Sync + 'static>;

/// Our hook; dropping it puts the former one back.
pub(crate) struct Hook {
    previous: Previous,
}

impl Hook {
    /// Installs the hook for a screen that is drawn by the calling thread.
    pub(crate) fn install(messages: Sender<Message>) -> Self {
        let previous: Previous = Arc::from(std::panic::take_hook());
        let screen = std::thread::current().id();
        let former = Arc::clone(&previous);
        std::panic::set_hook(Box::new(move |info| {
            let ours = UP.load(Ordering::SeqCst) || LENT.load(Ordering::SeqCst);
            if std::thread::current().id() == screen || !ours {
                leave();
                former(info);
            } else {
                // A scenario's tasks may panic on purpose. The default hook would write across the
                // frame; the screen says it instead.
                let _ = messages.send(Message::Panicked(sentence(info)));
            }
        }));
        Self { previous }
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        // The hook cannot be changed by a thread that panics, and the process ends then anyway.
        if !std::thread::panicking() {
            let previous = Arc::clone(&self.previous);
            std::panic::set_hook(Box::new(move |info| previous(info)));
        }
    }
}

fn sentence(info: &PanicHookInfo<'_>) -> String {
    let what = info
        .payload_as_str()
        .and_then(|text| text.lines().next())
        .unwrap_or("no message");
    let thread = std::thread::current();
    format!("{} panicked: {what}", thread.name().unwrap_or("a thread"))
}

/// Panics that the tests of this file ask for, by `LOOPSCOPE_PANIC`. No release build has them.
#[cfg(debug_assertions)]
pub(crate) mod asked_for {
    const WHY: &str = "wanted by LOOPSCOPE_PANIC";

    fn by(word: &str) -> bool {
        std::env::var("LOOPSCOPE_PANIC").is_ok_and(|wanted| wanted == word)
    }

    /// `ui`: on the thread that draws, in the middle of a frame.
    pub(crate) fn here() {
        assert!(!by("ui"), "{WHY}");
    }

    /// `run`: on another thread.
    pub(crate) fn elsewhere() {
        if by("run") {
            let thread = std::thread::Builder::new().name("pool-1".to_owned());
            drop(thread.spawn(|| panic!("{WHY}")));
        }
    }
}
