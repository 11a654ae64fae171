//! The states of a request's lane, told apart live while the loop is blocked.

/// What a request, a task or a job is doing (SCREENS §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// The request has arrived; the loop has not accepted it. No task exists yet.
    InBacklog,
    /// The coroutine exists; nobody has started it.
    Created,
    /// Could run this instant; the loop is busy with somebody else.
    Ready,
    /// Its timer has run out, and the loop has had no chance to notice.
    Overdue,
    /// Wants a thread of the pool; all are taken.
    Queued,
    /// The loop is executing it now.
    Running,
    /// Holds the loop's thread without giving it back: nobody else can run.
    Blocking,
    /// Works or sleeps on a thread of the pool; the loop is free.
    OnPool,
    /// Stopped at an await; needs no thread until it is woken.
    Waiting,
    /// Finished.
    Done,
    /// Dropped at an await before it could finish.
    Cancelled,
    /// Failed with a panic; the others go on.
    Panicked,
    /// Events were lost; nobody knows.
    #[default]
    Unknown,
}

impl State {
    /// The word on the screen.
    pub const fn word(self) -> &'static str {
        "unknown"
    }

    /// One line of help.
    pub const fn help(self) -> &'static str {
        "Events were lost; nobody knows."
    }

    /// Whether nothing follows it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Panicked)
    }
}
