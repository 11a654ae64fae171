//! The answer to a request: sent once, whole or in pieces.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use crate::engine::requests::command::Promise;
use crate::engine::requests::incoming::Connection;
use crate::scenario::model::value::Value;
use loopscope_probe::Recorder;
use loopscope_trace::{EventKind, FunctionId, RequestId, TextId};

/// The answer to a request; goes out once.
#[derive(Debug)]
pub(crate) struct Reply {
    recorder: Recorder,
    request: RequestId,
    sent: AtomicBool,
    kept: Mutex<Option<TextId>>,
    connection: Option<Connection>,
    promise: Option<Arc<Promise>>,
    offered: Mutex<Option<TextId>>,
    /// What a stream has sent so far; `None` for an answer in one piece.
    streamed: Mutex<Option<String>>,
    after: Mutex<Vec<Later>>,
}

/// A function that runs after the response, and what it is called with.
pub(crate) type Later = (FunctionId, Vec<Value>);

impl Reply {
    /// An answer that has not gone out.
    pub(crate) fn new(
        recorder: Recorder,
        request: RequestId,
        connection: Option<Connection>,
        promise: Option<Arc<Promise>>,
    ) -> Self {
        Self {
            recorder,
            request,
            sent: AtomicBool::new(false),
            kept: Mutex::default(),
            offered: Mutex::default(),
            streamed: Mutex::default(),
            after: Mutex::default(),
            connection,
            promise,
        }
    }

    /// Sends the answer, if none went out before. A client that has given up gets none.
    pub(crate) fn send(&self, text: TextId) {
        if self.sent.swap(true, Ordering::AcqRel) {
            return;
        }
        if self
            .promise
            .as_ref()
            .is_some_and(|promise| !promise.settle())
        {
            return;
        }
        self.recorder.record(EventKind::RequestAnswered {
            request: self.request,
            text,
        });
        if let Some(promise) = &self.promise {
            promise.notify(text);
        }
        if let Some(connection) = &self.connection {
            connection.answer(&self.recorder.text(text).unwrap_or_default());
        }
    }

    /// What a job answers: only the loop can send it, when it has its turn again.
    pub(crate) fn keep(&self, text: TextId) {
        self.kept.lock().get_or_insert(text);
    }

    /// Sends a piece of the answer.
    pub(crate) fn chunk(&self, text: TextId) {
        let piece = self.recorder.text(text).unwrap_or_default();
        let mut streamed = self.streamed.lock();
        streamed.get_or_insert_default().push_str(&piece);
        drop(streamed);
        self.recorder.record(EventKind::ResponseChunk {
            request: self.request,
            text,
        });
    }

    /// A piece that a job has made: only the loop can send it.
    pub(crate) fn offer(&self, text: TextId) {
        self.offered.lock().replace(text);
    }

    /// Sends the piece that a job has made.
    pub(crate) fn send_offered(&self) {
        if let Some(text) = self.offered.lock().take() {
            self.chunk(text);
        }
    }

    /// Something to run after the response.
    pub(crate) fn after(&self, function: FunctionId, arguments: Vec<Value>) {
        self.after.lock().push((function, arguments));
    }

    /// What is to run after the response.
    pub(crate) fn take_after(&self) -> Vec<Later> {
        std::mem::take(&mut *self.after.lock())
    }

    /// Sends what was kept, or what was returned, if nothing went out before. The answer of a
    /// stream is its pieces put together.
    pub(crate) fn close(&self, returned: TextId) {
        let streamed = self.streamed.lock().take();
        let whole = streamed.map(|pieces| self.recorder.intern(&pieces));
        let kept = *self.kept.lock();
        self.send(whole.or(kept).unwrap_or(returned));
    }
}
