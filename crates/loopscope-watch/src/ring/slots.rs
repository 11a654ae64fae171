//! What the threads of a process do at this moment: a slot a thread, which it writes without a lock.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use crate::ring::head::HEAD;

/// How long the slots are together, in bytes.
pub(crate) const SLOTS: u64 = 4096;
/// The length of one, in bytes.
const SLOT: usize = 32;
/// How often a slot that changes is looked at.
const LOOKS: usize = 4;

/// What a thread does since a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    /// The index of the thread.
    pub(crate) thread: u16,
    pub(crate) doing: Doing,
    /// A task, a job, or the text of a callback's label.
    pub(crate) what: u64,
    /// Since when, in nanoseconds of the monotonic clock.
    pub(crate) since: u64,
    /// What the operating system calls the thread.
    pub(crate) native: u32,
}

/// What a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// A turn of a task.
    Turn,
    /// A callback of its loop.
    Callback,
    /// It sleeps until something happens.
    Parked,
    /// A job of a pool.
    Job,
}

/// What all threads do, and whether each slot stood still long enough to be read.
pub(crate) fn read(ring: &File) -> io::Result<(Vec<Open>, bool)> {
    let mut before = [0; SLOTS as usize];
    ring.read_exact_at(&mut before, HEAD)?;
    let mut open = Vec::new();
    let mut unread: Vec<usize> = (0..SLOTS as usize / SLOT)
        .filter(|&slot| word(&before, slot, 1) != 0)
        .collect();
    for _ in 0..LOOKS {
        if unread.is_empty() {
            break;
        }
        let mut after = [0; SLOTS as usize];
        ring.read_exact_at(&mut after, HEAD)?;
        unread.retain(|&slot| {
            let range = slot * SLOT..(slot + 1) * SLOT;
            let still = before[range.clone()] == after[range];
            if still {
                open.extend(slot_of(&after, slot));
            }
            !still
        });
        before = after;
    }
    open.sort_by_key(|open| open.thread);
    Ok((open, unread.is_empty()))
}

fn word(bytes: &[u8], slot: usize, word: usize) -> u64 {
    let at = slot * SLOT + word * 8;
    let mut eight = [0; 8];
    eight.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(eight)
}

fn slot_of(bytes: &[u8], slot: usize) -> Option<Open> {
    let doing = match word(bytes, slot, 2) {
        1 => Doing::Turn,
        2 => Doing::Callback,
        3 => Doing::Parked,
        4 => Doing::Job,
        _ => return None,
    };
    let since = word(bytes, slot, 1);
    (since != 0).then_some(Open {
        thread: slot as u16,
        doing,
        what: word(bytes, slot, 0),
        since,
        native: word(bytes, slot, 3).try_into().ok()?,
    })
}
