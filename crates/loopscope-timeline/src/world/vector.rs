//! A list that only grows, and whose copies share all that has not changed since.

use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// Entries of one chunk.
const CHUNK: usize = 32;

/// A list of chunks. Copies share them, and a write copies a shared chunk first: a kept world costs
/// what has changed since the one before, not what there is. Of its own, because a persistent vector
/// of a library cannot tell how many bytes two copies do not share.
#[derive(Clone, Debug)]
pub struct Vector<T> {
    chunks: Vec<Arc<Vec<T>>>,
    entries: usize,
    /// How many shared chunks were written to so far.
    parted: usize,
}

impl<T> Vector<T> {
    /// How many entries there are.
    pub const fn len(&self) -> usize {
        self.entries
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The entry at `place`.
    pub fn get(&self, place: usize) -> Option<&T> {
        self.chunks.get(place / CHUNK)?.get(place % CHUNK)
    }

    /// The last entry.
    pub fn last(&self) -> Option<&T> {
        self.chunks.last()?.last()
    }

    /// All entries in order.
    pub fn iter(&self) -> Entries<'_, T> {
        self.chunks.iter().flat_map(chunk)
    }

    /// The entries from `place` on.
    pub fn from(&self, place: usize) -> impl Iterator<Item = &T> {
        let chunks = self.chunks.get(place / CHUNK..).unwrap_or_default();
        chunks.iter().flat_map(chunk).skip(place % CHUNK)
    }

    /// The first place whose entry is not `before`, in a list in which those that are stand first.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let first = |chunk: &Arc<Vec<T>>| chunk.first().is_some_and(&before);
        let chunks = self.chunks.partition_point(first);
        let Some(place) = chunks.checked_sub(1) else {
            return 0;
        };
        place * CHUNK + self.chunks[place].partition_point(before)
    }

    /// Bytes that this list does not share with a copy that had `parted` at its time; an entry takes
    /// `entry` bytes at most.
    pub(crate) const fn own_bytes(&self, parted: usize, entry: usize) -> usize {
        let parted = self.parted.saturating_sub(parted);
        parted * CHUNK * entry + self.chunks.len() * size_of::<Arc<Vec<T>>>()
    }

    /// How many shared chunks were written to so far.
    pub(crate) const fn parted(&self) -> usize {
        self.parted
    }
}

/// The entries of a vector in order.
pub type Entries<'a, T> = std::iter::FlatMap<
    std::slice::Iter<'a, Arc<Vec<T>>>,
    std::slice::Iter<'a, T>,
    fn(&'a Arc<Vec<T>>) -> std::slice::Iter<'a, T>,
>;

fn chunk<T>(chunk: &Arc<Vec<T>>) -> std::slice::Iter<'_, T> {
    chunk.iter()
}

impl<T: Clone> Vector<T> {
    /// Adds an entry at the end.
    pub fn push(&mut self, entry: T) {
        if self.entries.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::new(Vec::with_capacity(CHUNK)));
        }
        self.entries += 1;
        if let Some(last) = self.chunks.len().checked_sub(1) {
            self.own(last).push(entry);
        }
    }

    /// The entry at `place`, to be changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        if place >= self.entries {
            return None;
        }
        self.own(place / CHUNK).get_mut(place % CHUNK)
    }

    /// The chunk, copied first where a copy of the list shares it.
    fn own(&mut self, place: usize) -> &mut Vec<T> {
        let chunk = &mut self.chunks[place];
        if Arc::strong_count(chunk) > 1 {
            self.parted += 1;
        }
        Arc::make_mut(chunk)
    }
}

impl<T> Default for Vector<T> {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            entries: 0,
            parted: 0,
        }
    }
}

impl<T: PartialEq> PartialEq for Vector<T> {
    fn eq(&self, other: &Self) -> bool {
        let same = |(one, two): (&Arc<Vec<T>>, &Arc<Vec<T>>)| Arc::ptr_eq(one, two) || one == two;
        self.entries == other.entries && self.chunks.iter().zip(&other.chunks).all(same)
    }
}

impl<T> Index<usize> for Vector<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.chunks[place / CHUNK][place % CHUNK]
    }
}

impl<T: Clone> IndexMut<usize> for Vector<T> {
    fn index_mut(&mut self, place: usize) -> &mut T {
        &mut self.own(place / CHUNK)[place % CHUNK]
    }
}

impl<'a, T> IntoIterator for &'a Vector<T> {
    type Item = &'a T;
    type IntoIter = Entries<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
