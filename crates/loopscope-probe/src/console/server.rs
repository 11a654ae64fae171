//! The server: a thread and a runtime of its own, which no watched loop can hold up. Connections are counted from their
//! first byte to their end.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use console_subscriber::{ConsoleLayer, Server, ServerParts};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::server::Connected;
use tracing_subscriber::layer::SubscriberExt;

use crate::console::layer::AtPlaces;
use crate::console::shared::{ConsoleError, Shared};
use crate::console::spawns::hide;

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
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(AtPlaces(layer)))
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

/// Counts as attached once something was read from it: a connection that says nothing is no
/// tokio-console.
struct Connection {
    stream: TcpStream,
    shared: Arc<Shared>,
    spoken: bool,
}

impl Connection {
    fn new(stream: TcpStream, shared: Arc<Shared>) -> Self {
        // Updates are small and should not wait for one another; without it they are only late.
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            shared,
            spoken: false,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.spoken {
            self.shared.attached.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        if !self.spoken && buffer.filled().len() > before {
            self.spoken = true;
            self.shared.attached.fetch_add(1, Ordering::AcqRel);
        }
        result
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) -> Self::ConnectInfo {}
}
