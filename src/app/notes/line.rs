//! What two ends say to each other: a line of JSON each, with the version of these lines in front.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use loopscope_protocol::notes::{NotesKey, Page};
use loopscope_tui::keys::key::Key;

/// Raised when an older end would misread what is said.
pub(crate) const VERSION: u32 = 1;

/// The longest line that is read: a page of notes is some kilobytes.
const LONGEST: usize = 1 << 20;

/// A page as it is sent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PageLine {
    /// [`VERSION`].
    notes: u32,
    /// Milliseconds since the screen was opened.
    lecture: u64,
    /// Milliseconds since the scenario was opened; `None` where none is.
    scenario: Option<u64>,
    /// The page.
    page: Page,
}

impl PageLine {
    /// A page at so long after the two beginnings.
    pub(crate) fn new(page: Page, lecture: Duration, scenario: Option<Duration>) -> Self {
        let millis = |of: Duration| u64::try_from(of.as_millis()).unwrap_or(u64::MAX);
        Self {
            notes: VERSION,
            lecture: millis(lecture),
            scenario: scenario.map(millis),
            page,
        }
    }

    /// The page, and how long the lecture and the scenario have lasted.
    pub(crate) fn parts(self) -> (Page, Duration, Option<Duration>) {
        let lecture = Duration::from_millis(self.lecture);
        (self.page, lecture, self.scenario.map(Duration::from_millis))
    }
}

/// A key as it is passed on.
#[derive(Debug, Serialize, Deserialize)]
struct Pressed {
    notes: u32,
    key: NotesKey,
}

/// The keys that are passed on.
const KEYS: [NotesKey; 4] = [
    NotesKey::PageDown,
    NotesKey::PageUp,
    NotesKey::Space,
    NotesKey::N,
];

/// The line for a key; `None` for a key that is not passed on.
pub(crate) fn of_key(key: Key) -> Option<Vec<u8>> {
    let passed = KEYS.into_iter().find(|passed| Key::from(*passed) == key)?;
    let pressed = Pressed {
        notes: VERSION,
        key: passed,
    };
    of(&pressed)
}

/// The key of a line; `None` for anything else.
pub(crate) fn to_key(line: &[u8]) -> Option<NotesKey> {
    let pressed: Pressed = serde_json::from_slice(line).ok()?;
    (pressed.notes == VERSION).then_some(pressed.key)
}

/// Why a line is no page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// It is of this version.
    Version(u32),
    /// It is nothing of ours.
    Strange,
}

/// The page of a line.
pub(crate) fn to_page(line: &[u8]) -> Result<PageLine, Wrong> {
    #[derive(Deserialize)]
    struct Head {
        notes: u32,
    }
    let head: Head = serde_json::from_slice(line).map_err(|_| Wrong::Strange)?;
    if head.notes != VERSION {
        return Err(Wrong::Version(head.notes));
    }
    serde_json::from_slice(line).map_err(|_| Wrong::Strange)
}

/// A line with its end.
pub(crate) fn of(value: &impl Serialize) -> Option<Vec<u8>> {
    let mut line = serde_json::to_vec(value).ok()?;
    line.push(b'\n');
    Some(line)
}

/// Puts together what arrives in pieces, up to a length.
pub(crate) struct Lines<R> {
    from: R,
    kept: Vec<u8>,
    longest: usize,
}

impl<R: Read> Lines<R> {
    /// Lines of pages.
    pub(crate) fn long(from: R) -> Self {
        Self {
            from,
            kept: Vec::new(),
            longest: LONGEST,
        }
    }

    /// Lines of keys.
    pub(crate) fn short(from: R) -> Self {
        Self {
            longest: 256,
            ..Self::long(from)
        }
    }

    /// The next line without its end; `None` where no more will come, or one that is too long.
    pub(crate) fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(end) = self.kept.iter().position(|byte| *byte == b'\n') {
                let rest = self.kept.split_off(end + 1);
                let mut line = std::mem::replace(&mut self.kept, rest);
                line.pop();
                return Some(line);
            }
            if self.kept.len() > self.longest {
                return None;
            }
            let mut piece = [0; 4096];
            match self.from.read(&mut piece) {
                Ok(0) => return None,
                Ok(count) => self.kept.extend_from_slice(&piece[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }
}

/// Sends keys to the presenting process.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeySender(Arc<Mutex<Option<UnixStream>>>);

impl KeySender {
    pub(crate) fn set(&self, stream: Option<UnixStream>) {
        *self.0.lock() = stream;
    }

    /// Passes a key on; `false` where no screen takes it.
    pub(crate) fn press(&self, key: Key) -> bool {
        let stream = self.0.lock();
        of_key(key)
            .zip(stream.as_ref())
            .is_some_and(|(line, mut stream)| stream.write_all(&line).is_ok())
    }
}

#[cfg(test)]
#[path = "../../../tests/inside/line.rs"]
mod tests;
