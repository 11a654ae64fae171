//! The server: its backlog, the accept task, and what becomes of a request.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc::UnboundedReceiver;

use super::cx::Cx;
use super::process::Connection;
use super::promise::Promise;
use super::stage::{Open, Stage, Token, place};
use super::tasks;
use crate::scenario::Value;
use loopscope_probe::{Announcement, Recorder, TaskCell};
use loopscope_trace::{EventKind, FunctionId, RequestId, TaskRole, TextId, WaitOn};

/// A request in the backlog.
#[derive(Debug)]
pub(super) struct Incoming {
    pub(super) request: RequestId,
    pub(super) function: FunctionId,
    /// `tab 1 /ping`.
    pub(super) name: String,
    pub(super) open: Open,
    /// The way back to the client, where that is another process.
    pub(super) connection: Option<Connection>,
    /// What the client waits for, where it is in this process.
    pub(super) promise: Option<Arc<Promise>>,
}

/// The answer to a request; goes out once.
#[derive(Debug)]
pub(super) struct Reply {
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
pub(super) type Later = (FunctionId, Vec<Value>);

impl Reply {
    fn new(
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

    /// Sends the answer, if none went out before. Whoever has given up gets none.
    pub(super) fn send(&self, text: TextId) {
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
            promise.tell(text);
        }
        if let Some(connection) = &self.connection {
            connection.answer(&self.recorder.text(text).unwrap_or_default());
        }
    }

    /// What a job answers: only the loop can send it, when it has its turn again.
    pub(super) fn keep(&self, text: TextId) {
        lock(&self.kept).get_or_insert(text);
    }

    /// Sends a piece of the answer.
    pub(super) fn chunk(&self, text: TextId) {
        let piece = self.recorder.text(text).unwrap_or_default();
        let mut streamed = lock(&self.streamed);
        streamed.get_or_insert_default().push_str(&piece);
        drop(streamed);
        self.recorder.record(EventKind::ResponseChunk {
            request: self.request,
            text,
        });
    }

    /// A piece that a job has made: only the loop can send it.
    pub(super) fn offer(&self, text: TextId) {
        lock(&self.offered).replace(text);
    }

    /// Sends the piece that a job has made.
    pub(super) fn send_offered(&self) {
        if let Some(text) = lock(&self.offered).take() {
            self.chunk(text);
        }
    }

    /// Something to run after the response.
    pub(super) fn after(&self, function: FunctionId, arguments: Vec<Value>) {
        lock(&self.after).push((function, arguments));
    }

    /// What is to run after the response.
    pub(super) fn take_after(&self) -> Vec<Later> {
        std::mem::take(&mut *lock(&self.after))
    }

    /// Sends what was kept, or what was returned, if nothing went out before. The answer of a
    /// stream is its pieces put together.
    pub(super) fn close(&self, returned: TextId) {
        let streamed = lock(&self.streamed).take();
        let whole = streamed.map(|pieces| self.recorder.intern(&pieces));
        let kept = *lock(&self.kept);
        self.send(whole.or(kept).unwrap_or(returned));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The accept task: takes all requests that wait, one after the other, and waits for more.
pub(super) async fn accept(
    stage: Arc<Stage>,
    me: Arc<TaskCell>,
    mut backlog: UnboundedReceiver<Incoming>,
) {
    loop {
        let incoming = match backlog.try_recv() {
            Ok(incoming) => incoming,
            Err(_) => {
                me.waits_for(WaitOn::Backlog);
                match backlog.recv().await {
                    Some(incoming) => incoming,
                    // All clients are gone; the server waits on, as a server does.
                    None => std::future::pending().await,
                }
            }
        };
        if stage.halt.given() {
            std::future::pending::<()>().await;
        }
        if stage.stopping.is_on() {
            refuse(&stage, &incoming);
        } else {
            dispatch(&stage, incoming);
        }
    }
}

/// A server that is being stopped takes nothing more: the client's connection is reset.
fn refuse(stage: &Stage, incoming: &Incoming) {
    let promise = incoming.promise.as_ref();
    if promise.is_none_or(|promise| promise.settle()) {
        stage.recorder.record(EventKind::RequestGivenUp {
            request: incoming.request,
        });
    }
}

/// Gives the request a task: the function itself, or one that awaits it on the pool.
pub(super) fn dispatch(stage: &Arc<Stage>, incoming: Incoming) {
    let Some(called) = stage.function(incoming.function) else {
        return;
    };
    let role = if called.is_async {
        TaskRole::Handler
    } else {
        TaskRole::Dispatch
    };
    let announcement = Announcement {
        function: tasks::number(incoming.function),
        request: incoming.request,
        ..Announcement::new(role, stage.recorder.intern(&incoming.name))
    };
    let reply = Arc::new(Reply::new(
        stage.recorder.clone(),
        incoming.request,
        incoming.connection,
        incoming.promise,
    ));
    let shared = Arc::clone(stage);
    let (id, on) = (incoming.function, called.on.map_or(0, place));
    let label = incoming.name.clone();
    // The handle is let go: nobody awaits a handler.
    let _ = stage.spawn(id, on, announcement, &label, move |me| async move {
        let serving = shared.serve();
        let mut cx = Cx::for_task(shared, me, &incoming.name, Some(reply), on);
        cx.token = Some(Token::new(cx.stage.open.clone(), incoming.open));
        let value = cx.handle(id).await;
        cx.close(&value);
        cx.after(serving);
    });
}
