//! Keys that wait for the reply that decides what they mean.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::events::ScreenEvent;
use crate::keys::key::{Key, KeyCode};
use loopscope_protocol::reply::Reply;
use loopscope_protocol::request::Request;

/// How long, at most, keys wait for the answer that decides what they mean.
const QUICK: Duration = Duration::from_secs(1);

/// The same for the start of a run, which may take long: its children have to be started.
const START: Duration = Duration::from_millis(100);

/// What was typed while an answer was awaited that decides what it means: a key that follows
/// `Enter` is for the scenario that it opens. Nothing else waits, and nothing waits for long.
#[derive(Default)]
pub(crate) struct TypedAhead {
    pub(crate) waiting: VecDeque<ScreenEvent>,
    /// Answers that have not come.
    awaited: usize,
    /// After this the keys go on without them.
    until: Option<Instant>,
}

impl TypedAhead {
    /// Something is asked.
    pub(crate) fn asked(&mut self, request: &Request) {
        let patience = match request {
            Request::Run { .. } => START,
            Request::List(_)
            | Request::Open(_)
            | Request::OpenPair(_)
            | Request::Turn(_)
            | Request::Reload
            | Request::SendRequest
            | Request::Console
            | Request::Edit(_)
            | Request::Offers(_)
            | Request::Export(_) => QUICK,
            _ => return,
        };
        self.awaited += 1;
        let until = Instant::now() + patience;
        self.until = Some(self.until.map_or(until, |before| before.max(until)));
    }

    /// An answer has come.
    pub(crate) fn answered(&mut self, reply: &Reply) {
        let quick = matches!(
            reply,
            Reply::Listed(..)
                | Reply::Opened(_)
                | Reply::Paired(_)
                | Reply::Turned(_)
                | Reply::Reloaded(_)
                | Reply::Started { .. }
                | Reply::Sent(_)
                | Reply::ConsoleOpened(_)
                | Reply::Edit(_)
                | Reply::Offered(_)
                | Reply::Exported(_)
        );
        if quick {
            self.awaited = self.awaited.saturating_sub(1);
        }
        if self.awaited == 0 {
            self.until = None;
        }
    }

    /// Until when answers are awaited.
    pub(crate) fn until(&self) -> Option<Instant> {
        self.until.filter(|until| *until > Instant::now())
    }

    /// Whether this waits. What ends the program does not.
    pub(crate) fn keeps(&self, message: &ScreenEvent) -> bool {
        let end = |key: &Key| key.control && key.code == KeyCode::Char('c');
        let typed = match message {
            ScreenEvent::Key(key) => !end(key),
            ScreenEvent::Mouse(_)
            | ScreenEvent::Paste(_)
            | ScreenEvent::Reply(Reply::NotesKey(_)) => true,
            _ => false,
        };
        typed && (self.until().is_some() || !self.waiting.is_empty())
    }

    /// The next one whose time has come.
    pub(crate) fn next(&mut self) -> Option<ScreenEvent> {
        if self.until().is_some() {
            return None;
        }
        self.until = None;
        self.awaited = 0;
        self.waiting.pop_front()
    }
}
