//! The records of a ring, from the last one read up to the newest.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use crate::ring::head::HEAD;
use crate::ring::slots::SLOTS;

/// The length of a record, in bytes.
const RECORD: u64 = 40;
/// Where the first one stands.
const FIRST: u64 = HEAD + SLOTS;
/// How many are read at once where little happens, and where much does.
const FEW: u64 = 64;
const MANY: u64 = 4096;
/// How many reads there are in a row.
const LAPS: usize = 4096;
/// How many records of a process that was killed may be unfinished.
const UNFINISHED: u64 = 1024;

/// A fact that a process told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// When, in nanoseconds of the monotonic clock; of a span its end.
    pub(crate) moment: u64,
    pub(crate) a: u64,
    pub(crate) b: u64,
    pub(crate) c: u64,
    /// Its place in the order of the process, from 1.
    pub(crate) number: u64,
    /// The index of the thread that told it.
    pub(crate) thread: u16,
    pub(crate) kind: u8,
}

/// Reads the records of a ring.
#[derive(Debug)]
pub(crate) struct Records {
    slots: u64,
    /// The number of the next one.
    next: u64,
    bytes: Vec<u8>,
}

impl Records {
    pub(crate) const fn new(slots: u64) -> Self {
        Self {
            slots,
            next: 1,
            bytes: Vec::new(),
        }
    }

    /// Adds what was written since the last call; `most` records at most. How many were lost is returned.
    pub(crate) fn read(
        &mut self,
        ring: &File,
        most: usize,
        out: &mut Vec<Record>,
    ) -> io::Result<u64> {
        let (mut lost, mut length, mut margin) = (0, FEW, 0);
        let end = out.len().saturating_add(most);
        // A bound, so that no writer keeps its reader for ever.
        for _ in 0..LAPS {
            if out.len() >= end {
                break;
            }
            // Not beyond the end of the ring: the rest stands at its beginning.
            let place = self.next & (self.slots - 1);
            let count = length.min(self.slots - place);
            self.bytes.resize((count * RECORD) as usize, 0);
            ring.read_exact_at(&mut self.bytes, FIRST + place * RECORD)?;
            let first = out.len();
            let (next, newer) = (self.next, self.copy(count, out));
            let over = self.lapped(ring, next, newer)?;
            if over >= next {
                // Those up to here were being overwritten while they were copied. One who is overtaken twice goes on
                // where there is room.
                out.truncate(first);
                self.next = over + 1 + margin;
                lost += self.next - next;
                margin = self.slots / 8;
                continue;
            }
            if self.next < next + count {
                break;
            }
            length = MANY;
        }
        Ok(lost)
    }

    /// Adds the whole records at the beginning of the bytes. Returns the number of one that is newer than expected.
    fn copy(&mut self, count: u64, out: &mut Vec<Record>) -> u64 {
        for record in 0..count {
            let at = (record * RECORD) as usize;
            let word = |word: usize| {
                let mut eight = [0; 8];
                eight.copy_from_slice(&self.bytes[at + word * 8..at + word * 8 + 8]);
                u64::from_le_bytes(eight)
            };
            let last = word(4);
            let number = last >> 24;
            if number != self.next & (u64::MAX >> 24) {
                return number;
            }
            out.push(Record {
                moment: word(0),
                a: word(1),
                b: word(2),
                c: word(3),
                number: self.next,
                thread: (last >> 8) as u16,
                kind: last as u8,
            });
            self.next += 1;
        }
        0
    }

    /// The last number, from `first` - 1 on, whose slot was given to a newer record, or may be just now. Below `first`: none.
    fn lapped(&self, ring: &File, first: u64, newer: u64) -> io::Result<u64> {
        // The writer goes from slot to slot: as long as the one before the first still holds what it held, it has not come.
        if self.number_at(ring, first - 1)? < first {
            let late = newer.saturating_sub(self.slots);
            return Ok(late.max(first - 1));
        }
        // It has come around; how far is found by halving.
        let (mut low, mut high) = (first - 1, first - 1 + self.slots);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.number_at(ring, middle)? > middle {
                low = middle;
            } else {
                high = middle;
            }
        }
        // The slot behind is the one that is being written.
        Ok(low + 1)
    }

    /// The number that stands in the slot of the record `number`.
    fn number_at(&self, ring: &File, number: u64) -> io::Result<u64> {
        let mut last = [0; 8];
        let place = FIRST + (number & (self.slots - 1)) * RECORD + RECORD - 8;
        ring.read_exact_at(&mut last, place)?;
        Ok(u64::from_le_bytes(last) >> 24)
    }

    /// Goes on behind records that were never finished, once no process writes any more. How many were left out is returned.
    pub(crate) fn skip(&mut self, ring: &File) -> io::Result<u64> {
        let from = self.next;
        for number in from..from + self.slots.min(UNFINISHED) {
            let found = self.number_at(ring, number)?;
            if found == number {
                self.next = number;
                return Ok(number - from);
            }
        }
        Ok(0)
    }
}
