//! A run that goes on, seen from the application's thread, and what may be said to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use loopscope_trace::Answers;

/// What may be said to the thread that owns the run.
pub(crate) enum Word {
    /// One more request.
    Send,
    /// What people have said so far.
    Answers(Answers),
    /// A signal for the program that is watched.
    Signal(i32),
    /// Columns and rows of its terminal.
    Resize(u16, u16),
    /// It is to end.
    Stop,
}

/// A run that is starting or goes on, seen from the application's thread.
pub(crate) struct Going {
    pub(crate) words: Sender<Word>,
    pub(crate) alive: Arc<AtomicBool>,
    pub(crate) takes_requests: bool,
    pub(crate) stopped: Arc<AtomicBool>,
}

impl Going {
    /// It is to end, also where it is starting or waits for a reader of its recording.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Fails only where it has ended.
        let _ = self.words.send(Word::Stop);
    }

    /// What people have said so far; a run that is not recorded hears no more once it is over.
    pub(crate) fn keep(&self, answers: &Answers) {
        drop(self.words.send(Word::Answers(answers.clone())));
    }
}
