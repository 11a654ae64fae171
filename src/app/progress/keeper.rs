//! What outlives the program: which scenarios were seen, and how predictions came out.
//!
//! *In:* what the screen wants remembered. *Out:* `progress.toml` in the state folder, and at the
//! next start what it says. *Invariant:* the file is always whole, two of us at once lose nothing
//! of each other, and only a thread of its own waits for the disk. *Absent on purpose:* a
//! database, and anything about the user but this.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;

use crate::app::files::places;
use crate::app::progress::store;
use loopscope_protocol::menu::{Progress, Remember};

/// How long the end of the program waits for a disk that does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Says a sentence; false where it is not heard any more.
type Tell = Box<dyn Fn(String) -> bool + Send>;

/// Keeps progress; all clones are one.
#[derive(Clone, Default)]
pub(crate) struct Keeper {
    folder: Option<PathBuf>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    writer: Option<Writer>,
    /// That nothing can be kept has been said.
    told: bool,
}

/// The thread that writes.
struct Writer {
    changes: Sender<(Remember, Tell)>,
    /// What went wrong and could not be told before.
    done: Receiver<Option<String>>,
}

impl Keeper {
    /// Keeps it in the user's state folder.
    pub(crate) fn at_home() -> Self {
        Self::in_folder(places::state_dir())
    }

    /// Keeps it in this folder, or nowhere.
    pub(crate) fn in_folder(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            state: Arc::default(),
        }
    }

    /// What is known from earlier.
    pub(crate) fn read(&self) -> Progress {
        self.folder.as_deref().map(store::read).unwrap_or_default()
    }

    /// Writes it down soon, in the order of the calls; `tell` hears it once where that fails.
    pub(crate) fn remember(&self, what: Remember, tell: impl Fn(String) -> bool + Send + 'static) {
        let mut state = self.state.lock();
        let Some(folder) = &self.folder else {
            if !state.told {
                state.told = true;
                tell("progress is not kept: there is no home directory".to_owned());
            }
            return;
        };
        if state.writer.is_none() {
            state.writer = Writer::start(folder.clone());
        }
        if let Some(writer) = &state.writer {
            drop(writer.changes.send((what, Box::new(tell))));
        }
    }

    /// Waits until all is written; gives what went wrong and could not be told.
    pub(crate) fn settle(&self) -> Option<String> {
        let mut state = self.state.lock();
        let Writer { changes, done } = state.writer.take()?;
        drop(changes);
        match done.recv_timeout(PATIENCE) {
            Ok(sentence) => sentence,
            Err(_) => {
                Some("the last progress may not be kept: the disk does not answer".to_owned())
            }
        }
    }
}

impl Writer {
    fn start(folder: PathBuf) -> Option<Self> {
        let (changes, taken) = channel();
        let (last, done) = channel();
        thread::Builder::new()
            .name("progress".to_owned())
            .spawn(move || drop(last.send(write(&folder, &taken))))
            .ok()?;
        Some(Self { changes, done })
    }
}

/// Writes what comes until no more can come. What cannot be written is tried again with the next
/// change: a disk may get room.
fn write(folder: &std::path::Path, taken: &Receiver<(Remember, Tell)>) -> Option<String> {
    let mut waiting: Vec<Remember> = Vec::new();
    let mut told = false;
    let mut unheard = None;
    while let Ok((first, tell)) = taken.recv() {
        waiting.push(first);
        waiting.extend(taken.try_iter().map(|(what, _)| what));
        match store::add(folder, &waiting) {
            Ok(()) => waiting.clear(),
            Err(sentence) if !told => {
                told = true;
                unheard = (!tell(sentence.clone())).then_some(sentence);
            }
            Err(_) => {}
        }
    }
    unheard
}

#[cfg(test)]
#[path = "../../../tests/inside/progress.rs"]
mod tests;
