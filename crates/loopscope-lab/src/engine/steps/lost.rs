//! Errors of tasks and jobs whose results no task asks for: each is recorded once none can ask any more.

use std::sync::Arc;

use loopscope_probe::Recorder;
use loopscope_trace::{EventKind, Lapse, TaskId, TextId};
use parking_lot::Mutex;

/// Whether a task or a job has failed, and whether its result can still be asked for.
///
/// As in CPython, the error is recorded when both have come: the failure, and the drop of the last [`Holder`] before
/// the result was asked for.
#[derive(Clone)]
pub(crate) struct Lost {
    recorder: Recorder,
    inner: Arc<Mutex<Inner>>,
}

/// What the result is asked by. Once it is dropped, the result cannot be asked for any more.
pub(crate) struct Holder(Lost);

impl Holder {
    /// The result, or the error, has been asked for.
    pub(crate) fn asked(&self) {
        self.0.inner.lock().asked = true;
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.0.note(|inner| inner.let_go = true);
    }
}

/// What the work of a job comes to.
pub(crate) trait Ends {
    /// What the error says that left it, where one did.
    fn error(&self) -> Option<TextId>;
}

impl<T> Ends for Result<T, TextId> {
    fn error(&self) -> Option<TextId> {
        self.as_ref().err().copied()
    }
}

impl Ends for () {
    fn error(&self) -> Option<TextId> {
        None
    }
}

#[derive(Default)]
struct Inner {
    /// The task, NONE for a job, and what its error says.
    error: Option<(TaskId, TextId)>,
    asked: bool,
    let_go: bool,
}

impl Lost {
    /// For a task or a job that has not failed.
    pub(crate) fn new(recorder: &Recorder) -> Self {
        Self {
            recorder: recorder.clone(),
            inner: Arc::default(),
        }
    }

    /// The task, NONE for a job, has failed.
    pub(crate) fn failed(&self, task: TaskId, error: TextId) {
        self.note(|inner| inner.error = Some((task, error)));
    }

    /// What its result is asked by.
    pub(crate) fn holder(&self) -> Holder {
        Holder(self.clone())
    }

    fn note(&self, change: impl FnOnce(&mut Inner)) {
        let mut inner = self.inner.lock();
        change(&mut inner);
        let (Some((task, text)), true, false) = (inner.error, inner.let_go, inner.asked) else {
            return;
        };
        inner.asked = true;
        drop(inner);
        self.recorder.record(EventKind::Lapsed {
            task,
            lapse: Lapse::NeverRetrieved,
            text,
        });
    }
}
