//! One order from many rings: the frontier rule.

use crate::record::fact::Record;
use crate::record::ring::{Lost, Reader};

/// A record with the slot that it came through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    /// The slot's number.
    pub slot: u32,
    /// The record.
    pub record: Record,
}

/// Merges rings. After a scan everything before the frontier is complete: it is the earliest of
/// the scan's reading and of what each busy writer may still hold.
#[derive(Debug, Default)]
pub struct Merge {
    readers: Vec<Reader>,
    pending: Vec<Placed>,
    lost: Vec<(u32, Lost)>,
    frontier: u64,
    last_scan: u64,
    margin: u64,
    taken: u64,
}

impl Merge {
    /// `margin`: raw ticks that a writer's mark may take to become visible.
    pub fn new(margin: u64) -> Self {
        Self {
            margin,
            ..Self::default()
        }
    }

    /// A new ring; its slot number is the count of rings before it.
    pub fn add(&mut self, mut reader: Reader) {
        // It was not there at the last scan, so none of its records is older than that.
        reader.born(self.last_scan);
        self.readers.push(reader);
    }

    /// Scans all rings at the reading `scan`, taken before the call and before new rings were
    /// added. Hands what is complete to `out`, in order, and returns the frontier.
    pub fn scan(&mut self, scan: u64, out: &mut Vec<Placed>) -> u64 {
        self.scan_below(scan, u64::MAX, out)
    }

    /// Like [`Merge::scan`], but nothing from `bound` on is complete: it comes from elsewhere.
    pub fn scan_below(&mut self, scan: u64, bound: u64, out: &mut Vec<Placed>) -> u64 {
        let before = self.pending.len();
        let mut frontier = scan.min(bound.saturating_add(self.margin));
        for (slot, reader) in (0_u32..).zip(&mut self.readers) {
            // First the mark, then the ring: an idle mark means that all before it is in the ring.
            frontier = frontier.min(reader.bound(scan));
            let pending = &mut self.pending;
            reader.drain(|record| pending.push(Placed { slot, record }));
            if let Some(lost) = reader.lost() {
                self.lost.push((slot, lost));
            }
        }
        self.taken += (self.pending.len() - before) as u64;
        self.last_scan = scan;
        self.frontier = self.frontier.max(frontier.saturating_sub(self.margin));
        self.hand_on(out);
        self.frontier
    }

    /// Hands on all that is left; only right once every writer is gone.
    pub fn finish(&mut self, scan: u64, out: &mut Vec<Placed>) -> u64 {
        self.scan(scan, out);
        let newest = self.pending.iter().map(|placed| placed.record.raw).max();
        self.frontier = self
            .frontier
            .max(scan)
            .max(newest.unwrap_or(0).saturating_add(1));
        self.hand_on(out);
        self.frontier
    }

    /// Adds a record of the collector's own, not older than the last scan.
    pub fn insert(&mut self, placed: Placed) {
        self.pending.push(placed);
        self.taken += 1;
    }

    /// Everything before it has been handed on.
    pub fn frontier(&self) -> u64 {
        self.frontier
    }

    /// How many records were taken out of rings, or came from elsewhere, so far.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// What was lost, by slot, since the last call.
    pub fn take_lost(&mut self) -> Vec<(u32, Lost)> {
        std::mem::take(&mut self.lost)
    }

    fn hand_on(&mut self, out: &mut Vec<Placed>) {
        // Stable, and each ring was drained in its own order: the key (time, slot, position).
        self.pending
            .sort_by_key(|placed| (placed.record.raw, placed.slot));
        let ready = self
            .pending
            .partition_point(|placed| placed.record.raw < self.frontier);
        out.extend(self.pending.drain(..ready));
    }
}
