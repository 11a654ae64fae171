//! The accept task of a server in this process.

use std::future::poll_fn;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::sync::Arc;

use loopscope_probe::{Announcement, TaskCell};
use loopscope_trace::{EventKind, TaskRole, WaitOn};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::requests::incoming::{Connection, Incoming, Reply, WireRequest, line};
use crate::engine::server::handler::{after, close, handle};
use crate::engine::state::run_state::RunState;
use crate::engine::state::shared_values::{self, place};
use crate::engine::steps::context::Context;
use crate::engine::steps::interpret::play;

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

/// The server's side in a child process: the accept task at the inherited listener.
pub(crate) async fn accept_shared(state: Arc<RunState>, me: Arc<TaskCell>, inherited: OwnedFd) {
    let listener = UnixListener::from(inherited);
    let listener = listener
        .set_nonblocking(true)
        .and_then(|()| tokio::net::UnixListener::from_std(listener));
    let Ok(listener) = listener else {
        // The parent sees that no one serves.
        std::process::exit(1);
    };
    loop {
        let mut noted = false;
        let accepted = poll_fn(|context| {
            let polled = listener.poll_accept(context);
            if polled.is_pending() && !noted {
                noted = true;
                me.waits_for(WaitOn::Backlog);
            }
            polled
        });
        if let Ok((stream, _)) = accepted.await {
            // The client writes right after it has connected, so this is no wait to speak of.
            if let Ok(Some(line)) = line(&stream).await {
                dispatch_line(&state, &line, stream);
            }
        }
    }
}

fn dispatch_line(state: &Arc<RunState>, line: &[u8], stream: tokio::net::UnixStream) {
    let Ok(request) = serde_json::from_slice::<WireRequest>(line) else {
        return;
    };
    let stream = stream.into_std().and_then(|stream| {
        stream.set_nonblocking(false)?;
        Ok(stream)
    });
    dispatch(
        state,
        Incoming {
            request: request.request,
            function: request.function,
            name: request.name,
            open: state.open.begin(),
            connection: stream.ok().map(Connection::new),
            promise: None,
        },
    );
}
