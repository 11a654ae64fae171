//! What happened, in one word: four bits that say what, 28 bits more, and 32 bits that say to which task or job.

/// Marks of a poll.
pub mod flag {
    /// The task woke itself: it is ready again at once.
    pub const SELF_WOKEN: u8 = 1;
    /// The thread was panicking at its end.
    pub const PANICKED: u8 = 2;
    /// It goes on with a poll that another one had interrupted.
    pub const CONTINUED: u8 = 4;
}

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// A task had a turn from the moment of the record on: flags and length.
    Poll = 1,
    /// A task was spawned: the text of its place.
    Spawn = 2,
    /// A task's future is gone.
    End = 3,
    /// A task was woken.
    Wake = 4,
    /// The thread slept from the moment of the record on: length.
    Sleep = 5,
    /// A job was handed to the pool: the text of its function.
    JobQueued = 6,
    /// A thread of the pool took the job.
    JobStarted = 7,
    /// The job is gone: 1 where it panicked.
    JobEnded = 8,
    /// A request came: its text.
    Request = 9,
    /// The route of a request: its text.
    Route = 10,
    /// A request was answered: the status, or 0 where its future was dropped before.
    Answer = 11,
    /// A thread took the lane: the text of its name; in the place of a task what the system calls it.
    Thread = 12,
    /// The thread has ended.
    ThreadEnded = 13,
    /// The outermost future of a runtime, as [`Tag::Spawn`].
    Root = 14,
}

const TAGS: [Tag; 14] = [
    Tag::Poll,
    Tag::Spawn,
    Tag::End,
    Tag::Wake,
    Tag::Sleep,
    Tag::JobQueued,
    Tag::JobStarted,
    Tag::JobEnded,
    Tag::Request,
    Tag::Route,
    Tag::Answer,
    Tag::Thread,
    Tag::ThreadEnded,
    Tag::Root,
];

/// The bits of a length's figure, and those by which it is shifted.
const FIGURE: u32 = 20;
const SHIFT: u32 = 5;

/// The second word of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word(pub u64);

impl Word {
    /// The most that [`Word::more`] holds.
    pub const MORE: u32 = (1 << 28) - 1;

    /// A word with 28 bits more.
    #[inline]
    pub const fn new(tag: Tag, more: u32, id: u32) -> Self {
        Self((tag as u64) << 60 | ((more & Self::MORE) as u64) << 32 | id as u64)
    }

    /// A word with a length in ticks, cut to twenty bits of figures, and with flags.
    #[inline]
    pub const fn span(tag: Tag, flags: u8, ticks: u64, id: u32) -> Self {
        let bits = u64::BITS - ticks.leading_zeros();
        let shift = bits.saturating_sub(FIGURE);
        let most = (1 << SHIFT) - 1;
        let shift = if shift > most { most } else { shift };
        let figure = (ticks >> shift) & ((1 << FIGURE) - 1);
        let more = (flags as u32) << (FIGURE + SHIFT) | shift << FIGURE | figure as u32;
        Self::new(tag, more, id)
    }

    /// What it is about; `None` where it was never written.
    pub fn tag(self) -> Option<Tag> {
        TAGS.get((self.0 >> 60).wrapping_sub(1) as usize).copied()
    }

    /// The 28 bits more.
    pub const fn more(self) -> u32 {
        (self.0 >> 32) as u32 & Self::MORE
    }

    /// The task, job or request.
    pub const fn id(self) -> u32 {
        self.0 as u32
    }

    /// The flags of a span.
    pub const fn flags(self) -> u8 {
        (self.more() >> (FIGURE + SHIFT)) as u8
    }

    /// The length of a span in ticks: never more than it was, and less by a millionth at most.
    pub const fn ticks(self) -> u64 {
        let shift = self.more() >> FIGURE & ((1 << SHIFT) - 1);
        ((self.more() & ((1 << FIGURE) - 1)) as u64) << shift
    }
}
