//! Answers what the screen asks: the library, the engine and recordings behind one port.
//!
//! *In:* the screen's wishes. *Out:* stories, batches on the screen's channel, recordings as files.
//! *Invariant:* no wish blocks the screen, and the last run is the recording that stays.
//! *Absent on purpose:* what a batch means.

mod door;
mod problem;
mod recorded;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::args::Watch;
use super::failure::Failure;
use super::prepare::{self, Wish};
use super::record::Recorder;
use super::source::{self, Source};
use crate::engine::{self, Extras, Options, Run};
use crate::scenario::library;
use crate::trace::{Batch, Story, Trace};
use crate::tui::message::Message;
use crate::tui::port::{ConsoleState, MenuEntry, Port, Problem};
use problem::problem;
use recorded::send_recorded;

/// How long a wish of the screen may lie before the run hears of it.
const GLANCE: Duration = Duration::from_millis(5);

/// The port: what is open, and the run that goes on.
pub(super) struct Desk {
    wish: Wish,
    record: Option<PathBuf>,
    opened: Option<Opened>,
    going: Option<Going>,
    recordings: Recordings,
    watch: Watch,
    door: door::Watched,
}

enum Opened {
    Scenario(Source),
    Recording(Box<Trace>),
}

/// What the screen may say to the thread that owns the run.
enum Word {
    Send,
    Stop,
}

/// A run, seen from the screen's thread.
struct Going {
    words: Sender<Word>,
    alive: Arc<AtomicBool>,
    takes_requests: bool,
}

/// The threads that forward runs and finish their recordings; the last one waits for the others.
#[derive(Clone, Default)]
pub(super) struct Recordings {
    last: Arc<Mutex<Option<JoinHandle<()>>>>,
    failed: Arc<Mutex<Option<Failure>>>,
}

impl Recordings {
    /// Waits for the last run to end, and says what went wrong with its recording.
    pub(super) fn settle(self) -> Result<(), Failure> {
        if let Some(thread) = take(&self.last) {
            drop(thread.join());
        }
        take(&self.failed).map_or(Ok(()), Err)
    }
}

fn take<T>(place: &Mutex<Option<T>>) -> Option<T> {
    place.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn put<T>(place: &Mutex<Option<T>>, value: Option<T>) {
    *place.lock().unwrap_or_else(PoisonError::into_inner) = value;
}

impl Desk {
    /// A desk on which nothing lies yet.
    pub(super) fn new(wish: Wish, record: Option<PathBuf>) -> Self {
        Self {
            wish,
            record,
            opened: None,
            going: None,
            recordings: Recordings::default(),
            watch: Watch::default(),
            door: door::Watched::default(),
        }
    }

    /// A desk whose runs are watched by others too.
    pub(super) fn watched(mut self, watch: Watch) -> Self {
        self.watch = watch;
        self
    }

    /// A desk on which a recording lies: to run it is to play it again.
    pub(super) fn with_recording(mut self, trace: &Trace) -> Self {
        self.opened = Some(Opened::Recording(Box::new(trace.clone())));
        self
    }

    /// What to wait for after the screen has closed.
    pub(super) fn recordings(&self) -> Recordings {
        self.recordings.clone()
    }

    fn start(
        &mut self,
        number: u32,
        wish: &Wish,
        messages: Sender<Message>,
    ) -> Result<Story, Failure> {
        let source = match &self.opened {
            Some(Opened::Scenario(source)) => source,
            Some(Opened::Recording(trace)) => return Ok(send_recorded(trace, number, &messages)),
            None => return Err(Failure::Usage("open a scenario first".to_owned())),
        };
        let scenario = prepare::scenario(source, wish)?;
        let story = scenario.story.clone();
        let options = Options {
            speed: story.speed,
            seed: story.seed,
        };
        let extras = Extras {
            hold: self.watch.hold,
            metrics: self.watch.metrics,
        };
        let recorder = self
            .record
            .as_deref()
            .map(|target| Recorder::start(target, &story))
            .transpose()?;
        let run = engine::start_with(Arc::new(scenario), &options, extras)?;
        let (words, heard) = channel();
        let alive = Arc::new(AtomicBool::new(true));
        let forward = Forward {
            number,
            messages,
            heard,
            alive: Arc::clone(&alive),
            recorder,
            before: take(&self.recordings.last),
            failed: Arc::clone(&self.recordings.failed),
        };
        let thread = std::thread::Builder::new()
            .name("forward".to_owned())
            .spawn(move || forward.all_of(&run))
            .map_err(|error| Failure::Io(format!("no thread for the run: {error}")))?;
        put(&self.recordings.last, Some(thread));
        self.going = Some(Going {
            words,
            alive,
            takes_requests: story.is_server(),
        });
        Ok(story)
    }
}

/// What the thread that owns a run needs.
struct Forward {
    number: u32,
    messages: Sender<Message>,
    heard: std::sync::mpsc::Receiver<Word>,
    alive: Arc<AtomicBool>,
    recorder: Option<Recorder>,
    /// The thread of the run before, so that the last run's recording is the one that stays.
    before: Option<JoinHandle<()>>,
    failed: Arc<Mutex<Option<Failure>>>,
}

impl Forward {
    /// Hands on all batches of the run until it is over.
    fn all_of(mut self, run: &Run) {
        loop {
            match run.batches().recv_timeout(GLANCE) {
                Ok(batch) => self.one(run, batch),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            for word in self.heard.try_iter() {
                match word {
                    Word::Send => drop(run.send_request(None)),
                    Word::Stop => run.stop(),
                }
            }
        }
        self.alive.store(false, Ordering::Relaxed);
        if let Some(before) = self.before.take() {
            drop(before.join());
        }
        if let Some(recorder) = self.recorder.take() {
            put(&self.failed, recorder.finish().err());
        }
    }

    fn one(&mut self, run: &Run, batch: Batch) {
        if let Some(recorder) = &mut self.recorder {
            recorder.batch(&batch);
        }
        let message = Message::Batch {
            run: self.number,
            batch,
        };
        if self.messages.send(message).is_err() {
            // The screen has closed.
            run.stop();
        }
    }
}

impl Port for Desk {
    fn menu(&mut self) -> Vec<MenuEntry> {
        library::all()
            .into_iter()
            .map(|entry| MenuEntry {
                id: entry.file.id,
                number: entry.file.number,
                folder: entry.file.folder,
                title: entry.title,
                asks: entry.asks,
                contrast: entry.contrast,
                search: entry.search,
            })
            .collect()
    }

    fn open(&mut self, scenario: &str) -> Result<Story, Problem> {
        self.stop();
        let source = source::find(scenario).map_err(problem)?;
        let story = prepare::scenario(&source, &self.wish)
            .map_err(problem)?
            .story;
        self.opened = Some(Opened::Scenario(source));
        Ok(story)
    }

    fn run(
        &mut self,
        number: u32,
        knobs: &[(String, i64)],
        messages: Sender<Message>,
    ) -> Result<Story, Problem> {
        self.stop();
        let wish = Wish {
            knobs: knobs.to_vec(),
            ..self.wish.clone()
        };
        self.start(number, &wish, messages).map_err(problem)
    }

    fn send_request(&mut self) -> bool {
        self.going.as_ref().is_some_and(|going| {
            going.takes_requests
                && going.alive.load(Ordering::Relaxed)
                && going.words.send(Word::Send).is_ok()
        })
    }

    fn console(&mut self, open: bool, messages: Sender<Message>) -> ConsoleState {
        let wanted = self.watch.console;
        let address = wanted.or(open.then_some(crate::probe::console::DEFAULT));
        self.door.look(address, messages)
    }

    fn metrics(&mut self, on: Option<bool>) -> bool {
        self.watch.metrics = on.unwrap_or(self.watch.metrics);
        self.watch.metrics
    }

    fn stop(&mut self) {
        if let Some(going) = self.going.take() {
            drop(going.words.send(Word::Stop));
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop();
    }
}
