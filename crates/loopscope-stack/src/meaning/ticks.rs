//! Whether a loop of tokio's is still in the same poll.
//!
//! A worker counts its polls in a word of its own memory, which its stack points to. Which word that is differs from
//! program to program, and is learned: it is among those that were a little greater each time the thread was seen to have
//! gone on, and that never changed while it slept. While none of these changes, the poll is the same.

use std::collections::BTreeSet;
use std::fs::File;
use std::os::unix::fs::FileExt;

use crate::walk::frames::word;

/// How much is read at each place that the stack points to, in bytes.
const AROUND: usize = 1024;
/// How many such places are read.
const PLACES: usize = 192;
/// How much of the stack is searched for them, in bytes.
const SEARCHED: u64 = 32 * 1024;
/// How much a count may grow between two looks.
const GROWTH: u32 = 1 << 20;
/// After how many times that the thread had gone on what is left is believed.
const PROOFS: u32 = 2;

/// What lay at the places that a stack points to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot(Vec<(u64, Vec<u8>)>);

impl Snapshot {
    /// What the stretch of a stack from `from` to `to` points to; the stack was read from `sp` on.
    pub(crate) fn take(memory: &File, stack: &[u8], sp: u64, (from, to): (u64, u64)) -> Self {
        let to = to.min(from.saturating_add(SEARCHED));
        let ends = sp.saturating_add(stack.len() as u64);
        let words = (from..to).step_by(8).filter_map(|at| word(stack, sp, at));
        let is_pointer = |word: &u64| {
            *word > 0x1_0000
                && *word < 1 << 47
                && word.is_multiple_of(8)
                && !(sp..ends).contains(word)
        };
        let places: BTreeSet<u64> = words.filter(is_pointer).take(PLACES).collect();
        let read = places.into_iter().filter_map(|place| {
            let mut bytes = vec![0; AROUND];
            let count = memory.read_at(&mut bytes, place).ok()?;
            bytes.truncate(count);
            Some((place, bytes))
        });
        Self(read.collect())
    }

    /// The words that are a little greater in a later one.
    fn grown(&self, later: &Self) -> BTreeSet<u64> {
        let mut grown = BTreeSet::new();
        for (place, bytes) in &self.0 {
            let Ok(other) = later.0.binary_search_by_key(place, |(place, _)| *place) else {
                continue;
            };
            let words = bytes.chunks_exact(4).zip(later.0[other].1.chunks_exact(4));
            for (number, (before, after)) in words.enumerate() {
                if (1..GROWTH).contains(&four(after).wrapping_sub(four(before))) {
                    grown.insert(place + 4 * number as u64);
                }
            }
        }
        grown
    }
}

/// The words that may count the polls of a thread.
#[derive(Clone, Debug, Default)]
pub struct Ticks {
    before: Option<Snapshot>,
    /// `None` until a second snapshot is there.
    words: Option<BTreeSet<u64>>,
    proofs: u32,
    values: Vec<u32>,
}

impl Ticks {
    /// Whether it is known which words count.
    pub fn is_learned(&self) -> bool {
        self.proofs >= PROOFS && self.words.as_ref().is_some_and(|words| !words.is_empty())
    }

    /// Learns from a thread that sleeps between two polls, and has gone on since it was seen there before.
    pub fn learn(&mut self, now: Snapshot) {
        if let Some(before) = &self.before {
            let grown = before.grown(&now);
            let left = match &self.words {
                Some(words) => words.intersection(&grown).copied().collect(),
                None => grown,
            };
            // Another runtime runs on the thread now, or the words were none.
            if left.is_empty() {
                *self = Self::default();
            } else {
                self.words = Some(left);
                self.proofs += 1;
            }
        }
        self.before = Some(now);
    }

    /// Whether the thread has gone on to another poll since this was asked before; `None` where that is not known.
    /// `slept`: it has not run since, so that a word that has changed is another thread's.
    pub fn moved(&mut self, memory: &File, slept: bool) -> Option<bool> {
        let words = self.words.as_ref()?;
        let values: Vec<u32> = words
            .iter()
            .map(|&at| {
                let mut bytes = [0; 4];
                let count = memory.read_at(&mut bytes, at).unwrap_or(0);
                if count == 4 { four(&bytes) } else { 0 }
            })
            .collect();
        let before = std::mem::replace(&mut self.values, values);
        if before.len() != self.values.len() {
            return None;
        }
        let changed = before != self.values;
        if slept && changed {
            let stays = words.iter().zip(before.iter().zip(&self.values));
            let stays = stays.filter(|(_, (before, now))| before == now);
            self.words = Some(stays.map(|(at, _)| *at).collect());
            self.values.clear();
            return Some(false);
        }
        self.is_learned().then_some(changed)
    }
}

fn four(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}
