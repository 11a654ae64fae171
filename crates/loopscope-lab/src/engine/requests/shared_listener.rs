//! The accept task of a copy of the server, at the listener that all copies share.

use std::future::poll_fn;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::time::Duration;

use loopscope_probe::TaskCell;
use loopscope_trace::WaitOn;
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};

use crate::engine::requests::accept::dispatch;
use crate::engine::state::incoming::{Connection, Incoming, WireRequest, line};
use crate::engine::state::run_state::RunState;
use crate::engine::steps::job::let_pass;

/// What the machine lacks for a connection, and what helps; `None` for an error of another kind.
pub(crate) fn lacking(error: &io::Error) -> Option<String> {
    let error = Errno::from_io_error(error)?;
    Some(match error {
        Errno::MFILE => {
            let most = getrlimit(Resource::Nofile).current;
            let most = most.map_or_else(String::new, |most| format!("{most} "));
            format!(
                "none of the {most}file descriptors is free: raise `ulimit -n`, or send fewer at once"
            )
        }
        Errno::NFILE => "the system has no file descriptor left".to_owned(),
        Errno::NOBUFS | Errno::NOMEM => "the system has no memory for a connection".to_owned(),
        Errno::NOSPC => "the system can watch no more connections".to_owned(),
        Errno::ADDRNOTAVAIL => "no address is free for a connection".to_owned(),
        Errno::AGAIN => "no more connections fit before the server".to_owned(),
        _ => return None,
    })
}

/// Until the next try where no file descriptor is free.
const RETRY: Duration = Duration::from_millis(20);

/// The server's side in a child process: the accept task at the inherited listener.
pub(crate) async fn accept_shared(state: Arc<RunState>, me: Arc<TaskCell>, inherited: OwnedFd) {
    let listener = UnixListener::from(inherited);
    let listener = listener
        .set_nonblocking(true)
        .and_then(|()| tokio::net::UnixListener::from_std(listener));
    let Ok(listener) = listener else {
        // The parent sees that nothing serves.
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
        match accepted.await {
            // The client writes right after it has connected, so this is no wait to speak of.
            Ok((stream, _)) => {
                if let Ok(Some(line)) = line(&stream).await {
                    let_pass(Some(&me), state.semantics.turns_to_task(false)).await;
                    dispatch_line(&state, &line, stream);
                }
            }
            // The connection waits on: until another one is closed, it cannot be taken.
            Err(error) if lacking(&error).is_some() => tokio::time::sleep(RETRY).await,
            Err(_) => {}
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
            kept: false,
            connection: stream.ok().map(Connection::new),
            promise: None,
        },
    );
}
