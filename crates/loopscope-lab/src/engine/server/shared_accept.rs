//! The accept task of a server that is one of several processes: all share one listener.
//!
//! The kernel keeps the backlog and decides which process wakes first; it takes all that wait.

use std::future::poll_fn;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::sync::Arc;

use crate::engine::requests::incoming::{Connection, Incoming, WireRequest, line};
use crate::engine::server::accept::dispatch;
use crate::engine::state::run_state::RunState;
use loopscope_probe::TaskCell;
use loopscope_trace::WaitOn;

/// The server's side in a child process: the accept task at the inherited listener.
pub(crate) async fn accept(state: Arc<RunState>, me: Arc<TaskCell>, inherited: OwnedFd) {
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
