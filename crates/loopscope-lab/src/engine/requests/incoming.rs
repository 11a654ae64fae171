//! A request on its way to the server, in this process or over a socket.

use std::io;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::engine::children::protocol;
use crate::engine::requests::command::Promise;
use crate::engine::requests::open::Open;
use loopscope_trace::{FunctionId, RequestId};

/// A request in the backlog.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) request: RequestId,
    pub(crate) function: FunctionId,
    /// `tab 1 /ping`.
    pub(crate) name: String,
    pub(crate) open: Open,
    /// The way back to the client, where that is another process.
    pub(crate) connection: Option<Connection>,
    /// What the client waits for, where it is in this process.
    pub(crate) promise: Option<Arc<Promise>>,
}

/// A request as it travels over the socket.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WireRequest {
    pub(crate) request: RequestId,
    pub(crate) function: FunctionId,
    pub(crate) name: String,
}

/// The way back to the client. Dropped without an answer, it shows the client just that.
#[derive(Debug)]
pub(crate) struct Connection(Mutex<Option<UnixStream>>);

impl Connection {
    /// The way back over a socket.
    pub(crate) fn new(stream: UnixStream) -> Self {
        Self(Mutex::new(Some(stream)))
    }

    /// Sends the answer, once.
    pub(crate) fn answer(&self, text: &str) {
        if let Some(mut stream) = self.0.lock().take() {
            // A client that has stopped waiting need not hear it.
            let _ = protocol::write(&mut stream, &text);
        }
    }
}

pub(crate) fn connect(
    address: &SocketAddr,
    request: &WireRequest,
) -> io::Result<tokio::net::UnixStream> {
    let mut stream = UnixStream::connect_addr(address)?;
    protocol::write(&mut stream, request)?;
    stream.set_nonblocking(true)?;
    tokio::net::UnixStream::from_std(stream)
}

/// The answer; `None` where the connection ends before.
pub(crate) async fn read_answer(stream: &tokio::net::UnixStream) -> Option<String> {
    let line = line(stream).await.ok()??;
    serde_json::from_slice(&line).ok()
}

/// The first line that comes over a connection; `None` where it ends before.
pub(crate) async fn line(stream: &tokio::net::UnixStream) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut buffer) {
            Ok(0) => return Ok(None),
            Ok(many) => line.extend_from_slice(&buffer[..many]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        if line.ends_with(b"\n") {
            return Ok(Some(line));
        }
    }
}
