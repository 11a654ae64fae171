//! What a frame says. A frame that breaks off, or says what no version says, is none.

use std::str;

/// The version that is read.
const VERSION: u64 = 1;
const HELLO: u8 = 1;
const BATCH: u8 = 2;
/// How many words of a command, and how many lanes there may be.
const WORDS: usize = 256;
const LANES: u64 = 1 << 14;

/// Marks of a poll.
pub(crate) const SELF_WOKEN: u8 = 1;
pub(crate) const CONTINUED: u8 = 4;

/// The sorts of records.
pub(crate) mod tag {
    pub(crate) const POLL: u8 = 1;
    pub(crate) const SPAWN: u8 = 2;
    pub(crate) const END: u8 = 3;
    pub(crate) const WAKE: u8 = 4;
    pub(crate) const SLEEP: u8 = 5;
    pub(crate) const JOB_QUEUED: u8 = 6;
    pub(crate) const JOB_STARTED: u8 = 7;
    pub(crate) const JOB_ENDED: u8 = 8;
    pub(crate) const REQUEST: u8 = 9;
    pub(crate) const ROUTE: u8 = 10;
    pub(crate) const ANSWER: u8 = 11;
    pub(crate) const THREAD: u8 = 12;
    pub(crate) const THREAD_ENDED: u8 = 13;
    pub(crate) const ROOT: u8 = 14;
    /// The thread is in the middle of it.
    pub(crate) const POLLS: u8 = 15;
    pub(crate) const SLEEPS: u8 = 16;
}

/// Who tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hello {
    pub(crate) pid: u32,
    pub(crate) parent: u32,
    /// When it began to tell, in nanoseconds of the monotonic clock.
    pub(crate) at: u64,
    /// Whether tokio tells its tasks.
    pub(crate) tells_tasks: bool,
    pub(crate) folder: String,
    /// The file of the program.
    pub(crate) program: String,
    pub(crate) argv: Vec<String>,
}

/// One record of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) tag: u8,
    pub(crate) flags: u8,
    /// In nanoseconds of the monotonic clock; of a span its beginning.
    pub(crate) at: u64,
    pub(crate) id: u32,
    /// A length, a text, a status.
    pub(crate) more: u64,
}

/// What the lanes held at one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    /// The moment of the look.
    pub(crate) scan: u64,
    pub(crate) texts: Vec<(u64, String)>,
    /// Of each lane that tells something: its number, how many records it lost, and those it did not.
    pub(crate) lanes: Vec<(u16, u64, Vec<Told>)>,
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Hello(Hello),
    Batch(Batch),
}

/// Reads a frame; `None` where it is none.
pub(crate) fn frame(bytes: &[u8]) -> Option<Frame> {
    let (first, rest) = bytes.split_first()?;
    let mut figures = Figures(rest);
    match *first {
        HELLO => figures.hello().map(Frame::Hello),
        BATCH => figures.batch().map(Frame::Batch),
        _ => None,
    }
}

/// Bytes that are read from the front.
struct Figures<'a>(&'a [u8]);

impl Figures<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn figure(&mut self) -> Option<u64> {
        let mut figure = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            figure |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(figure);
            }
        }
        None
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.figure()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(str::from_utf8(text).ok()?.to_owned())
    }

    fn hello(&mut self) -> Option<Hello> {
        if self.figure()? != VERSION {
            return None;
        }
        let mut hello = Hello {
            pid: self.figure()?.try_into().ok()?,
            parent: self.figure()?.try_into().ok()?,
            at: self.figure()?,
            tells_tasks: self.figure()? == 1,
            folder: self.text()?,
            program: self.text()?,
            argv: Vec::new(),
        };
        while !self.0.is_empty() && hello.argv.len() < WORDS {
            hello.argv.push(self.text()?);
        }
        Some(hello)
    }

    fn batch(&mut self) -> Option<Batch> {
        let mut batch = Batch {
            scan: self.figure()?,
            ..Batch::default()
        };
        for _ in 0..self.figure()? {
            batch.texts.push((self.figure()?, self.text()?));
        }
        while !self.0.is_empty() {
            let lane = u16::try_from(self.figure().filter(|lane| *lane < LANES)?).ok()?;
            let lost = self.figure()?;
            let count = self.figure()?;
            let mut told = Vec::new();
            let mut at = batch.scan;
            for _ in 0..count {
                told.push(self.told(&mut at)?);
            }
            batch.lanes.push((lane, lost, told));
        }
        Some(batch)
    }

    fn told(&mut self, at: &mut u64) -> Option<Told> {
        let first = self.byte()?;
        let apart = self.figure()?;
        let apart = (apart >> 1).cast_signed() ^ -(apart & 1).cast_signed();
        *at = at.wrapping_add_signed(apart);
        Some(Told {
            tag: first & 0x1f,
            flags: first >> 5,
            at: *at,
            id: self.figure()?.try_into().ok()?,
            more: self.figure()?,
        })
    }
}
