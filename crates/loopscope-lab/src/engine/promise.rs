//! What a client waits for: an answer, unless it gives up first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use super::client::Command;
use super::stage::OpenCount;
use loopscope_trace::{ClientId, RequestId, TextId};

/// A request that was sent; settled once, by its answer or by its client.
#[derive(Debug)]
pub(super) struct Promise {
    pub(super) request: RequestId,
    pub(super) client: ClientId,
    /// Its place among the requests of its client; none for one that was sent live.
    pub(super) nth: Option<usize>,
    /// Whether it has its client's one connection.
    pub(super) shared: bool,
    settled: AtomicBool,
    /// Who wants to know of the answer, where anybody does.
    tell: Option<(Sender<Command>, OpenCount)>,
}

impl Promise {
    pub(super) const fn new(
        request: RequestId,
        client: ClientId,
        (nth, shared): (Option<usize>, bool),
        tell: Option<(Sender<Command>, OpenCount)>,
    ) -> Self {
        Self {
            request,
            client,
            nth,
            shared,
            settled: AtomicBool::new(false),
            tell,
        }
    }

    /// True for whoever settles it: the first.
    pub(super) fn settle(&self) -> bool {
        !self.settled.swap(true, Ordering::AcqRel)
    }

    /// Tells the client of the answer; the run stays open until it has heard.
    pub(super) fn tell(self: &Arc<Self>, text: TextId) {
        if let Some((clients, open)) = &self.tell {
            let answered = Command::Answered(Arc::clone(self), text, open.begin());
            // Fails only where the clients are gone, and then the run is over.
            let _ = clients.send(answered);
        }
    }
}
