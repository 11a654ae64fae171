//! The server: a thread and a runtime of its own, which no watched loop can hold up.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use console_subscriber::{ConsoleLayer, Server, ServerParts};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::TcpListenerStream;
use tracing_subscriber::layer::SubscriberExt;

use crate::console::connection::Connection;
use crate::console::hidden::hide;
use crate::console::shared::{ConsoleError, Shared};

/// A peer that is gone without closing its connection is noticed after this long.
const KEEPALIVE: Duration = Duration::from_secs(10);
/// How long an ended task stays on the list of those who attach late: longer than a glance to
/// another terminal takes, and at 49 KiB a task not so long that hundreds of runs would add up.
const RETENTION: Duration = Duration::from_secs(15);
/// Between two updates.
const PERIOD: Duration = Duration::from_millis(200);
/// Slower turns are counted as this slow; a wider histogram would cost every task more memory.
const SLOWEST: Duration = Duration::from_secs(1);
/// Spawns that wait for the server's next look. It looks early when half of it is full.
const BUFFER: usize = 16 * 1024;

/// Installs the layer and serves it on `listener`, on a thread of its own.
pub(crate) fn start(
    listener: std::net::TcpListener,
    shared: Arc<Shared>,
    refused: impl Fn(&io::Error) -> ConsoleError,
) -> Result<(), ConsoleError> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| refused(&error))?;
    let listener = {
        let _entered = runtime.enter();
        listener
            .set_nonblocking(true)
            .and_then(|()| TcpListener::from_std(listener))
            .map_err(|error| refused(&error))?
    };
    let (layer, server) = ConsoleLayer::builder()
        .retention(RETENTION)
        .publish_interval(PERIOD)
        .event_buffer_capacity(BUFFER)
        .poll_duration_histogram_max(SLOWEST)
        .scheduled_duration_histogram_max(SLOWEST)
        .build();
    // The thread before the default: a thread that cannot be had leaves nothing installed.
    let ended = Arc::clone(&shared);
    thread::Builder::new()
        .name("console".to_owned())
        .spawn(move || {
            let _end = End(ended);
            serve(&runtime, server, listener, &shared);
        })
        .map_err(|error| refused(&error))?;
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))
        .map_err(|_| ConsoleError::Taken)
}

/// Marks the server as ended however its thread ends.
struct End(Arc<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Release);
    }
}

fn serve(runtime: &Runtime, server: Server, listener: TcpListener, shared: &Arc<Shared>) {
    // The server's own tasks are not the program's.
    let _hidden = hide();
    let ServerParts {
        instrument_server,
        aggregator,
        ..
    } = server.into_parts();
    let own = Arc::clone(shared);
    let incoming = TcpListenerStream::new(listener)
        .map(move |stream| stream.map(|stream| Connection::new(stream, Arc::clone(&own))));
    runtime.block_on(async move {
        let aggregate = tokio::spawn(aggregator.run());
        // Ends only with the listener; the state then says that it has ended.
        let _ = tonic::transport::Server::builder()
            .http2_keepalive_interval(Some(KEEPALIVE))
            .add_service(instrument_server)
            .serve_with_incoming(incoming)
            .await;
        aggregate.abort();
    });
}
