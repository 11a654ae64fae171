//! What keeps a run going, the commands to the clients' thread, and the answer that a client waits for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;

use loopscope_trace::{ClientId, FunctionId, RequestId, TextId};
use parking_lot::Mutex;

/// Counts what the story has begun and not ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct OpenCount(Arc<AtomicUsize>);

impl OpenCount {
    /// One more, until it is dropped.
    pub(crate) fn begin(&self) -> Open {
        self.0.fetch_add(1, Ordering::AcqRel);
        Open(Arc::clone(&self.0))
    }

    /// How many.
    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

/// Something that the story has begun; ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What keeps the run open for a task; not while the task waits for a value that only others can
/// send: they keep it open then.
#[derive(Debug)]
pub(crate) struct Token {
    count: OpenCount,
    open: Mutex<Option<Open>>,
}

impl Token {
    pub(crate) const fn new(count: OpenCount, open: Open) -> Self {
        Self {
            count,
            open: Mutex::new(Some(open)),
        }
    }

    /// Keeps nothing open until the answer is dropped.
    pub(crate) fn rest(&self) -> Resting<'_> {
        self.put(None);
        Resting(self)
    }

    fn put(&self, open: Option<Open>) {
        *self.open.lock() = open;
    }
}

/// A task that rests.
pub(crate) struct Resting<'a>(&'a Token);

impl Drop for Resting<'_> {
    fn drop(&mut self) {
        self.0.put(Some(self.0.count.begin()));
    }
}

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
