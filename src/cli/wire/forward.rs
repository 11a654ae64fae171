//! A run that goes on behind the screen: a thread hands its batches on and finishes its recording.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::cli::failure::Failure;
use crate::cli::program;
use crate::cli::record::{Finished, Recorder};
use loopscope_lab::engine::{self, Extras, Options, Run};
use loopscope_lab::scenario::Scenario;
use loopscope_trace::{Answers, Batch, Story};
use loopscope_tui::message::Message;

/// How long a wish of the screen may lie before the run hears of it.
const GLANCE: Duration = Duration::from_millis(5);

/// What the screen may say to the thread that owns the run.
pub(super) enum Word {
    /// One more request.
    Send,
    /// What people have said so far.
    Answers(Answers),
    /// It is to end.
    Stop,
}

/// A run, seen from the screen's thread.
pub(super) struct Going {
    pub(super) words: Sender<Word>,
    pub(super) alive: Arc<AtomicBool>,
    pub(super) takes_requests: bool,
}

impl Going {
    /// What people have said so far; a run that is not recorded hears no more once it is over.
    pub(super) fn keep(&self, answers: &Answers) {
        drop(self.words.send(Word::Answers(answers.clone())));
    }
}

/// The threads that forward runs and finish their recordings; the last one waits for the others.
#[derive(Clone, Default)]
pub(in crate::cli) struct Recordings {
    last: Arc<Mutex<Option<JoinHandle<()>>>>,
    failed: Arc<Mutex<Option<Failure>>>,
}

impl Recordings {
    /// Waits for the last run to end, and says what went wrong with its recording.
    pub(in crate::cli) fn settle(self) -> Result<(), Failure> {
        if let Some(thread) = take(&self.last) {
            drop(thread.join());
        }
        take(&self.failed).map_or(Ok(()), Err)
    }
}

pub(super) fn take<T>(place: &Mutex<Option<T>>) -> Option<T> {
    place.lock().unwrap_or_else(PoisonError::into_inner).take()
}

pub(super) fn put<T>(place: &Mutex<Option<T>>, value: Option<T>) {
    *place.lock().unwrap_or_else(PoisonError::into_inner) = value;
}

/// Where a run's recording goes, and who waits for it.
pub(super) struct Kept<'a> {
    pub(super) target: Option<&'a Path>,
    /// What was said before the run.
    pub(super) answers: &'a Answers,
    pub(super) recordings: &'a Recordings,
}

/// Runs a scenario on a runtime of its own; a thread hands its batches on.
pub(super) fn launch(
    scenario: Scenario,
    extras: Extras,
    number: u32,
    messages: Sender<Message>,
    kept: Option<Kept<'_>>,
) -> Result<(Story, Going), Failure> {
    let story = scenario.story.clone();
    let options = Options {
        speed: story.speed,
        seed: story.seed,
    };
    let begin = |kept: &Kept| {
        let target = kept.target?;
        Some(Recorder::start(target, &story, kept.answers))
    };
    let recorder = kept.as_ref().and_then(begin).transpose()?;
    let extras = Extras {
        program: program::own(),
        ..extras
    };
    let run = engine::start_with(Arc::new(scenario), &options, extras)?;
    let (words, heard) = channel();
    let alive = Arc::new(AtomicBool::new(true));
    let recordings = kept.map(|kept| kept.recordings.clone()).unwrap_or_default();
    let forward = Forward {
        number,
        messages,
        heard,
        alive: Arc::clone(&alive),
        recorder,
        before: take(&recordings.last),
        failed: Arc::clone(&recordings.failed),
    };
    let thread = std::thread::Builder::new()
        .name("forward".to_owned())
        .spawn(move || forward.all_of(&run))
        .map_err(|error| Failure::Io(format!("no thread for the run: {error}")))?;
    put(&recordings.last, Some(thread));
    let going = Going {
        words,
        alive,
        takes_requests: story.is_server(),
    };
    Ok((story, going))
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
                    Word::Answers(answers) => {
                        if let Some(recorder) = &mut self.recorder {
                            recorder.answers(&answers);
                        }
                    }
                    Word::Stop => run.stop(),
                }
            }
        }
        self.alive.store(false, Ordering::Relaxed);
        if let Some(before) = self.before.take() {
            drop(before.join());
        }
        if let Some(recorder) = self.recorder.take() {
            match recorder.finish() {
                Ok(finished) => {
                    put(&self.failed, None);
                    self.afterwards(&finished);
                }
                Err(failure) => put(&self.failed, Some(failure)),
            }
        }
    }

    /// What is said after the run is kept too, until the next one begins or the screen closes.
    fn afterwards(&self, finished: &Finished) {
        for word in &self.heard {
            match word {
                Word::Answers(answers) => put(&self.failed, finished.answers(&answers).err()),
                // Nothing runs that could be stopped, and who stops goes on talking.
                Word::Send | Word::Stop => {}
            }
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
