//! A run: a thread of its own starts it, hands its batches on and completes its recording.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::app::failure::{Failure, problem};
use crate::app::run::going::{Going, Word};
use crate::app::run::keep::Keep;
use crate::app::run::live::{Live, What};
use crate::app::run::record::{Finished, Recorder, Recordings};
use crate::app::run::zero::Zero;
use loopscope_protocol::reply::{Reply, Slot};
use loopscope_trace::{Answers, Batch, EventKind, Story};

/// How long a word may lie before the run hears of it.
const GLANCE: Duration = Duration::from_millis(5);

/// What is to be run.
pub(crate) struct Run {
    pub(crate) slot: Slot,
    /// Given by the asker.
    pub(crate) number: u32,
    pub(crate) what: What,
}

/// Where a run's recording goes, and who waits for it.
pub(crate) struct Kept {
    pub(crate) target: Option<PathBuf>,
    /// What was said before the run.
    pub(crate) answers: Answers,
    pub(crate) recordings: Recordings,
}

/// Runs a scenario on a thread and a runtime of its own; returns at once.
pub(crate) fn launch(
    run: Run,
    replies: Sender<Reply>,
    kept: Option<Kept>,
) -> Result<Going, Failure> {
    let (words, heard) = channel();
    let alive = Arc::new(AtomicBool::new(true));
    let stopped = Arc::new(AtomicBool::new(false));
    let takes_requests = run.what.takes_requests();
    let recordings = kept.as_ref().map(|kept| kept.recordings.clone());
    let recordings = recordings.unwrap_or_default();
    let thread = Thread {
        slot: run.slot,
        number: run.number,
        replies,
        heard,
        stopped: None,
        to_stop: Arc::clone(&stopped),
        alive: Arc::clone(&alive),
        recorder: None,
        zero: None,
        keep: None,
        before: recordings.last.lock().take(),
        failed: Arc::clone(&recordings.failed),
    };
    let spawned = std::thread::Builder::new()
        .name(format!("run {}", run.number))
        .spawn(move || thread.play(run, kept))
        .map_err(|error| Failure::Io(format!("no thread for the run: {error}")))?;
    *recordings.last.lock() = Some(spawned);
    Ok(Going {
        words,
        alive,
        takes_requests,
        stopped,
    })
}

/// What the thread that owns a run needs.
struct Thread {
    slot: Slot,
    number: u32,
    replies: Sender<Reply>,
    heard: Receiver<Word>,
    /// Since when it is to end.
    stopped: Option<Instant>,
    /// Set as soon as it is to end.
    to_stop: Arc<AtomicBool>,
    alive: Arc<AtomicBool>,
    recorder: Option<Recorder>,
    /// What is told of a run that says itself where it begins.
    zero: Option<Zero>,
    /// What is told of a run that may have no end.
    keep: Option<Keep>,
    /// The thread of the run before, so that the last run's recording is the one that stays.
    before: Option<JoinHandle<()>>,
    failed: Arc<Mutex<Option<Failure>>>,
}

impl Thread {
    /// Starts the run, hands on all its batches, and completes its recording.
    fn play(mut self, run: Run, kept: Option<Kept>) {
        let held = run.what.is_held();
        if matches!(run.what, What::Program(_)) {
            // The one before may still hold its port.
            self.wait_for_the_run_before();
        }
        let begun = self.begin(run, kept);
        let begun = match begun {
            Ok(begun) => begun,
            Err(failure) => {
                self.alive.store(false, Ordering::Relaxed);
                self.started(Err(failure));
                self.wait_for_the_run_before();
                return;
            }
        };
        let (story, mut run) = begun;
        // What was said meanwhile comes first: a run that is to be stopped ends at once.
        self.hear(&run);
        self.started(Ok(story));
        let finished = self.all_of(&mut run, held);
        self.ended(&run, finished.as_ref().err());
        let finished = finished.unwrap_or_default();
        if held || finished.is_some() {
            self.afterwards(&run, finished.as_ref(), held);
        }
    }

    fn begin(&mut self, run: Run, kept: Option<Kept>) -> Result<(Story, Live), Failure> {
        let story = run.what.story();
        let length = run.what.keep();
        self.zero = run.what.says_where_it_begins().then(Zero::default);
        self.keep = length.map(|length| Keep::new(self.number, story.clone(), length));
        if let Some(kept) = kept
            && let Some(target) = &kept.target
        {
            let stopped = Arc::clone(&self.to_stop);
            self.recorder = Some(Recorder::start(target, &story, &kept.answers, stopped)?);
        }
        Live::begin(run.what)
    }

    fn started(&self, result: Result<Story, Failure>) {
        // Fails only where the asker has gone.
        let _ = self.replies.send(Reply::Started {
            slot: self.slot,
            run: self.number,
            result: result.map(Box::new).map_err(problem),
        });
    }

    fn ended(&self, run: &Live, failure: Option<&Failure>) {
        if let Some(why) = run.unheard() {
            let _ = self.replies.send(Reply::Notice(why));
        }
        let _ = self.replies.send(Reply::Ended {
            run: self.number,
            recording: failure.map_or(Ok(()), |failure| Err(problem(failure.clone()))),
            exit: run.exit(),
        });
    }

    fn wait_for_the_run_before(&mut self) {
        if let Some(before) = self.before.take() {
            drop(before.join());
        }
    }

    /// Hands on all batches until the run is over, and completes its recording.
    fn all_of(&mut self, run: &mut Live, held: bool) -> Result<Option<Finished>, Failure> {
        loop {
            match run.batches().recv_timeout(GLANCE) {
                Ok(batch) => {
                    let over = held && ends(&batch);
                    self.one(run, batch);
                    if over {
                        break;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.hear(run);
            let visit = run.visit().filter(|_| self.stopped.is_none());
            for what in run.notes().into_iter().chain(visit) {
                let _ = self.replies.send(Reply::Notice(what));
            }
            if self
                .stopped
                .is_some_and(|since| since.elapsed() > run.patience())
            {
                break;
            }
        }
        self.alive.store(false, Ordering::Relaxed);
        self.wait_for_the_run_before();
        let Some(recorder) = self.recorder.take() else {
            return Ok(None);
        };
        let finished = recorder.finish();
        *self.failed.lock() = finished.as_ref().err().cloned();
        finished.map(Some)
    }

    fn hear(&mut self, run: &Live) {
        while let Ok(word) = self.heard.try_recv() {
            self.obey(run, word);
        }
    }

    fn obey(&mut self, run: &Live, word: Word) {
        match word {
            Word::Send => run.send_request(),
            Word::Signal(number) => run.signal(number),
            Word::Resize(columns, rows) => run.resize(columns, rows),
            Word::Answers(answers) => {
                if let Some(recorder) = &mut self.recorder {
                    recorder.answers(&answers);
                }
            }
            Word::Stop => self.stop(run),
        }
    }

    fn stop(&mut self, run: &Live) {
        run.stop();
        self.stopped.get_or_insert_with(Instant::now);
    }

    /// What is said after the run is kept too, until the next one begins or the asker leaves; so
    /// long a runtime is held.
    fn afterwards(&mut self, run: &Live, finished: Option<&Finished>, held: bool) {
        loop {
            let word = if held {
                self.heard.recv_timeout(GLANCE)
            } else {
                self.heard.recv().map_err(RecvTimeoutError::from)
            };
            match (word, finished) {
                (Ok(Word::Answers(answers)), Some(finished)) => {
                    *self.failed.lock() = finished.answers(&answers).err();
                }
                (Ok(Word::Stop), _) => run.stop(),
                // Who stops goes on talking.
                (
                    Ok(Word::Send | Word::Signal(_) | Word::Resize(..) | Word::Answers(_))
                    | Err(RecvTimeoutError::Timeout),
                    _,
                ) => {}
                (Err(RecvTimeoutError::Disconnected), _) => return,
            }
            for batch in run.batches().try_iter() {
                self.hand_on(run, batch);
            }
        }
    }

    fn one(&mut self, run: &Live, batch: Batch) {
        if let Some(recorder) = &mut self.recorder {
            recorder.batch(&batch);
        }
        if !self.hand_on(run, batch) {
            self.stop(run);
        }
    }

    /// False where the asker has gone; the run then ends.
    fn hand_on(&mut self, run: &Live, batch: Batch) -> bool {
        let batch = match &mut self.zero {
            Some(zero) => zero.take(batch),
            None => Some(batch),
        };
        let Some(batch) = batch else {
            return true;
        };
        let reply = match &mut self.keep {
            Some(keep) => keep.tell(batch),
            None => Reply::Batch {
                run: self.number,
                batch,
            },
        };
        let sent = self.replies.send(reply).is_ok();
        if !sent {
            run.stop();
        }
        sent
    }
}

/// Whether a run is over with this batch.
fn ends(batch: &Batch) -> bool {
    let mut kinds = batch.events.iter().map(|event| event.kind);
    kinds.any(|kind| matches!(kind, EventKind::RunEnded { .. }))
}
