//! A connection that is counted from its first byte to its end.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tonic::transport::server::Connected;

use crate::console::shared::Shared;

/// Counts as attached once something was read from it: a connection that says nothing is no
/// tokio-console.
pub(crate) struct Connection {
    stream: TcpStream,
    shared: Arc<Shared>,
    spoken: bool,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, shared: Arc<Shared>) -> Self {
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
