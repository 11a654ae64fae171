//! The commands to the clients' thread, and the answer that a client waits for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use crate::engine::requests::open::{Open, OpenCount};
use loopscope_trace::{ClientId, FunctionId, RequestId, TextId};

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
