//! The presenter's page, sent on when it has changed.

use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use crate::model::model::Model;
use crate::notes::page;
use loopscope_protocol::notes::Page;
use loopscope_protocol::request::Request;

/// The least time between two pages of notes.
const NOTES: Duration = Duration::from_millis(100);

/// The notes that were shown last. Whatever changes them changes the frame as well, so they are
/// looked at again only after a frame.
#[derive(Default)]
pub(crate) struct Pages {
    last: Option<Page>,
    /// When they were looked at last.
    looked: Option<Instant>,
    /// No frame has been drawn since.
    pub(crate) seen: bool,
}

impl Pages {
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        (!self.seen).then(|| self.looked.map_or(now, |at| at + NOTES))
    }

    pub(crate) fn show(&mut self, model: &Model, requests: &Sender<Request>, now: Instant) {
        let page = page::page(model);
        if self.last.as_ref() != Some(&page) {
            // Fails only where the application has ended, and then no notes are read.
            let _ = requests.send(Request::ShowNotes(Box::new(page.clone())));
            self.last = Some(page);
        }
        self.looked = Some(now);
        self.seen = true;
    }
}
