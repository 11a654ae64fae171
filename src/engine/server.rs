//! The server: its backlog, the accept task, and what becomes of a request.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc::UnboundedReceiver;

use super::pool::{self, Order};
use super::process::Connection;
use super::program::{self, Cx};
use super::stage::{Open, Stage};
use crate::probe::{Announcement, Recorder, TaskCell};
use crate::scenario::Work;
use crate::trace::{EventKind, FunctionId, RequestId, TaskRole, TextId, WaitOn};

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
}

/// The answer to a request; goes out once.
#[derive(Debug)]
pub(super) struct Reply {
    recorder: Recorder,
    request: RequestId,
    sent: AtomicBool,
    kept: Mutex<Option<TextId>>,
    connection: Option<Connection>,
}

impl Reply {
    fn new(recorder: Recorder, request: RequestId, connection: Option<Connection>) -> Self {
        Self {
            recorder,
            request,
            sent: AtomicBool::new(false),
            kept: Mutex::new(None),
            connection,
        }
    }

    /// Sends the answer, if none went out before.
    pub(super) fn send(&self, text: TextId) {
        if !self.sent.swap(true, Ordering::AcqRel) {
            self.recorder.record(EventKind::RequestAnswered {
                request: self.request,
                text,
            });
            if let Some(connection) = &self.connection {
                connection.answer();
            }
        }
    }

    /// What a job answers: only the loop can send it, when it has its turn again.
    pub(super) fn keep(&self, text: TextId) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_or_insert(text);
    }

    fn close(&self, null: TextId) {
        let kept = *self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        self.send(kept.unwrap_or(null));
    }
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
        dispatch(&stage, incoming);
    }
}

/// Gives the request a task: the function itself, or one that awaits it on the pool.
pub(super) fn dispatch(stage: &Arc<Stage>, incoming: Incoming) {
    let Some(function) = stage.function(incoming.function) else {
        return;
    };
    let is_async = function.is_async;
    let role = if is_async {
        TaskRole::Handler
    } else {
        TaskRole::Dispatch
    };
    let name = stage.recorder.intern(&incoming.name);
    let announcement = Announcement {
        function: program::number(incoming.function),
        request: incoming.request,
        ..Announcement::new(role, name)
    };
    let reply = Arc::new(Reply::new(
        stage.recorder.clone(),
        incoming.request,
        incoming.connection,
    ));
    let shared = Arc::clone(stage);
    let label = incoming.name.clone();
    // The handle is let go: nobody awaits a handler.
    let _ = stage.spawn(
        incoming.function,
        announcement,
        &label,
        move |me| async move {
            let null = shared.texts.null();
            if is_async {
                let cx = Cx::new(shared, me, incoming.name, Some(Arc::clone(&reply)));
                program::function(&cx, incoming.function).await;
            } else {
                serve_on_pool(&shared, &me, incoming.name, incoming.function, &reply).await;
            }
            reply.close(null);
            drop(incoming.open);
        },
    );
}

async fn serve_on_pool(
    stage: &Arc<Stage>,
    me: &TaskCell,
    name: String,
    function: FunctionId,
    reply: &Arc<Reply>,
) {
    let order = Order {
        parent: me.id(),
        name,
        reply: Some(Arc::clone(reply)),
        work: Work::Function(crate::scenario::Call {
            function,
            arguments: Vec::new(),
        }),
    };
    let (job, handle) = pool::queue(stage, order);
    if let Some(handle) = handle {
        me.waits_for(WaitOn::Job(job));
        // A job that failed is told by its own end; the client gets an empty answer.
        let _ = handle.await;
    }
}
