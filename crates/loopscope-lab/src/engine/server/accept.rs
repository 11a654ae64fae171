//! The accept task of a server in this process.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::requests::incoming::Incoming;
use crate::engine::requests::reply::Reply;
use crate::engine::server::handler::{after, close, handle};
use crate::engine::state::run_state::RunState;
use crate::engine::state::shared_values;
use crate::engine::state::shared_values::place;
use crate::engine::steps::context::Context;
use crate::engine::steps::interpret::play;
use loopscope_probe::{Announcement, TaskCell};
use loopscope_trace::{EventKind, TaskRole, WaitOn};

/// The accept task: takes all requests that wait, one after the other, and waits for more.
pub(crate) async fn accept(
    state: Arc<RunState>,
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
        if state.halt.given() {
            std::future::pending::<()>().await;
        }
        if state.stopping.is_on() {
            refuse(&state, &incoming);
        } else {
            dispatch(&state, incoming);
        }
    }
}

/// A server that is being stopped takes nothing more: the client's connection is reset.
fn refuse(state: &RunState, incoming: &Incoming) {
    let promise = incoming.promise.as_ref();
    if promise.is_none_or(|promise| promise.settle()) {
        state.recorder.record(EventKind::RequestGivenUp {
            request: incoming.request,
        });
    }
}

/// Gives the request a task: the function itself, or one that awaits it on the pool.
pub(crate) fn dispatch(state: &Arc<RunState>, incoming: Incoming) {
    let Some(called) = state.function(incoming.function) else {
        return;
    };
    let role = if called.is_async {
        TaskRole::Handler
    } else {
        TaskRole::Dispatch
    };
    let announcement = Announcement {
        function: shared_values::number(incoming.function),
        request: incoming.request,
        ..Announcement::new(role, state.recorder.intern(&incoming.name))
    };
    let reply = Arc::new(Reply::new(
        state.recorder.clone(),
        incoming.request,
        incoming.connection,
        incoming.promise,
    ));
    let shared = Arc::clone(state);
    let (id, on) = (incoming.function, called.on.map_or(0, place));
    let label = incoming.name.clone();
    // The handle is dropped: a handler is not awaited.
    let _ = state.spawn(id, on, announcement, &label, move |me| async move {
        let serving = shared.stopping.serve();
        let mut cx = Context::for_task(shared, me, &incoming.name, on, incoming.open, play);
        cx.reply = Some(reply);
        let value = handle(&cx, id).await;
        close(&cx, &value);
        after(cx, serving);
    });
}
