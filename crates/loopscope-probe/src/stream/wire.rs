//! How frames are written: a byte that says which, then figures of seven bits a byte.

use crate::lane::word::Tag;

/// The version of the stream.
pub(crate) const VERSION: u32 = 1;
/// The first byte of a frame.
pub(crate) const HELLO: u8 = 1;
pub(crate) const BATCH: u8 = 2;
/// What a thread is in the middle of, beside the tags of records.
const POLLS: u8 = 15;
const SLEEPS: u8 = 16;

/// A figure: seven bits a byte, the low ones first; the last byte has its high bit clear.
pub(crate) fn figure(out: &mut Vec<u8>, mut figure: u64) {
    while figure > 0x7f {
        out.push(figure as u8 | 0x80);
        figure >>= 7;
    }
    out.push(figure as u8);
}

/// A text and its number.
pub(crate) fn text(out: &mut Vec<u8>, number: u32, text: &str) {
    figure(out, number.into());
    figure(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// The records of one lane, as they are written.
#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) bytes: Vec<u8>,
    pub(crate) count: u64,
    last: u64,
}

/// One record, its moments in nanoseconds of the monotonic clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) tag: Tag,
    pub(crate) at: u64,
    pub(crate) id: u32,
    /// A length, a text, a status; what there is none of is 0.
    pub(crate) more: u64,
    pub(crate) flags: u8,
}

impl Section {
    /// Empties it; moments are told from `scan` on.
    pub(crate) fn begin(&mut self, scan: u64) {
        self.bytes.clear();
        self.count = 0;
        self.last = scan;
    }

    pub(crate) fn record(&mut self, told: &Told) {
        self.head(told.tag as u8 | told.flags << 5, told.at);
        figure(&mut self.bytes, told.id.into());
        figure(&mut self.bytes, told.more);
    }

    /// The thread is in the middle of it.
    pub(crate) fn open(&mut self, at: u64, task: Option<u32>) {
        self.head(if task.is_some() { POLLS } else { SLEEPS }, at);
        figure(&mut self.bytes, task.unwrap_or(0).into());
        figure(&mut self.bytes, 0);
    }

    fn head(&mut self, first: u8, at: u64) {
        self.bytes.push(first);
        let apart = at.wrapping_sub(self.last).cast_signed();
        // The sign in the lowest bit.
        figure(&mut self.bytes, (apart << 1 ^ apart >> 63).cast_unsigned());
        self.last = at;
        self.count += 1;
    }
}
