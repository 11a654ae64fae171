//! What a panic does: the screen's own gives the terminal back, any other becomes a sentence.

use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;

use crate::message::Message;
use crate::terminal::state::{LENT, UP, leave};

type Previous = Arc<dyn Fn(&PanicHookInfo<'_>) + Send + Sync + 'static>;

/// Our hook; dropping it puts the former one back.
pub struct Hook {
    previous: Previous,
}

impl Hook {
    /// Installs the hook for a screen that is drawn by the calling thread.
    pub fn install(messages: Sender<Message>) -> Self {
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

/// A panic for the tests of this very file: `LOOPSCOPE_PANIC=ui` on the screen's thread in the
/// middle of the first frame with a sentence in it, `run` on another thread. Release builds do not
/// look.
pub fn wanted() -> Option<String> {
    if cfg!(debug_assertions) {
        std::env::var("LOOPSCOPE_PANIC").ok()
    } else {
        None
    }
}
