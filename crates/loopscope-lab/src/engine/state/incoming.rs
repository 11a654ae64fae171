//! A request on its way to the server, in this process or over a socket; its answer, sent once, whole or in
//! pieces; what the client waits for, and the commands to the clients' thread.

use std::io;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use loopscope_probe::Recorder;
use loopscope_trace::{ClientId, EventKind, FunctionId, RequestId, TextId};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::engine::children::child;
use crate::engine::state::open::{Open, OpenCount};
use crate::scenario::model::expression::Value;

/// A command to the clients' thread.
pub(crate) enum Command {
    /// The run has started.
    Begin,
    /// Start the run.
    Open(Box<dyn FnOnce() + Send>),
    /// One more request, now.
    Live(ClientId, FunctionId, Open),
    /// An answer has come.
    Answered(Arc<Promise>, TextId, Open),
    /// A connection ended without an answer: the request is lost.
    Lost(Arc<Promise>, Open),
    /// The machine has no means for a connection, and the text says which: the request is refused.
    Refused(Arc<Promise>, TextId, Open),
    /// The run is over.
    End,
}

/// A request that was sent; settled once, by its answer or by its client.
#[derive(Debug)]
pub(crate) struct Promise {
    pub(crate) request: RequestId,
    pub(crate) client: ClientId,
    /// Its place among the requests of its client; none for one that was sent live.
    pub(crate) nth: Option<usize>,
    /// Whether it has its client's one connection.
    pub(crate) shared: bool,
    settled: AtomicBool,
    /// Where the answer is sent, where the client wants it.
    clients: Option<(Sender<Command>, OpenCount)>,
}

impl Promise {
    pub(crate) const fn new(
        request: RequestId,
        client: ClientId,
        (nth, shared): (Option<usize>, bool),
        clients: Option<(Sender<Command>, OpenCount)>,
    ) -> Self {
        Self {
            request,
            client,
            nth,
            shared,
            settled: AtomicBool::new(false),
            clients,
        }
    }

    /// True for the first that settles it.
    pub(crate) fn settle(&self) -> bool {
        !self.settled.swap(true, Ordering::AcqRel)
    }

    /// Sends the answer to the client; the run stays open until it has come there.
    pub(crate) fn notify(self: &Arc<Self>, text: TextId) {
        if let Some((clients, open)) = &self.clients {
            let answered = Command::Answered(Arc::clone(self), text, open.begin());
            // Fails only where the clients are gone, and then the run is over.
            let _ = clients.send(answered);
        }
    }
}

/// A request in the backlog.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) request: RequestId,
    pub(crate) function: FunctionId,
    /// `tab 1 /ping`.
    pub(crate) name: String,
    /// On a connection that has carried another one before.
    pub(crate) kept: bool,
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
            let _ = child::write(&mut stream, &text);
        }
    }
}

pub(crate) fn connect(
    address: &SocketAddr,
    request: &WireRequest,
) -> io::Result<tokio::net::UnixStream> {
    let mut stream = UnixStream::connect_addr(address)?;
    child::write(&mut stream, request)?;
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

/// The answer to a request; goes out once.
#[derive(Debug)]
pub(crate) struct Reply {
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
pub(crate) type Later = (FunctionId, Vec<Value>);

impl Reply {
    /// An answer that has not gone out.
    pub(crate) fn new(
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

    /// Sends the answer, if none went out before. A client that has given up gets none.
    pub(crate) fn send(&self, text: TextId) {
        // A scenario says what is answered, not with which status.
        self.put(text, 0);
    }

    /// Sends what the framework answers where the handler has failed.
    pub(crate) fn refuse(&self, text: TextId) {
        self.put(text, 500);
    }

    fn put(&self, text: TextId, status: u16) {
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
            status,
        });
        if let Some(promise) = &self.promise {
            promise.notify(text);
        }
        if let Some(connection) = &self.connection {
            connection.answer(&self.recorder.text(text).unwrap_or_default());
        }
    }

    /// Whether the whole answer has gone out.
    pub(crate) fn is_sent(&self) -> bool {
        self.sent.load(Ordering::Acquire)
    }

    /// What a job answers: only the loop can send it, when it has its turn again.
    pub(crate) fn keep(&self, text: TextId) {
        self.kept.lock().get_or_insert(text);
    }

    /// Sends a piece of the answer.
    pub(crate) fn chunk(&self, text: TextId) {
        let piece = self.recorder.text(text).unwrap_or_default();
        let mut streamed = self.streamed.lock();
        streamed.get_or_insert_default().push_str(&piece);
        drop(streamed);
        self.recorder.record(EventKind::ResponseChunk {
            request: self.request,
            text,
        });
    }

    /// A piece that a job has made: only the loop can send it.
    pub(crate) fn offer(&self, text: TextId) {
        self.offered.lock().replace(text);
    }

    /// Sends the piece that a job has made.
    pub(crate) fn send_offered(&self) {
        if let Some(text) = self.offered.lock().take() {
            self.chunk(text);
        }
    }

    /// Something to run after the response.
    pub(crate) fn after(&self, function: FunctionId, arguments: Vec<Value>) {
        self.after.lock().push((function, arguments));
    }

    /// What is to run after the response.
    pub(crate) fn take_after(&self) -> Vec<Later> {
        std::mem::take(&mut *self.after.lock())
    }

    /// Sends what was kept, or what was returned, if nothing went out before. The answer of a
    /// stream is its pieces put together.
    pub(crate) fn close(&self, returned: TextId) {
        let streamed = self.streamed.lock().take();
        let whole = streamed.map(|pieces| self.recorder.intern(&pieces));
        let kept = *self.kept.lock();
        self.send(whole.or(kept).unwrap_or(returned));
    }
}
