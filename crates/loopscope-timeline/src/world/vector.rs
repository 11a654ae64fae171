//! A list that only grows, and whose copies share all that has not changed since.

use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// So many entries stand on one board.
const BOARD: usize = 32;

/// A list of boards. A copy shares them; who writes to a shared board gets one of its own first.
/// So a kept world costs what has changed since the one before, and not what there is.
#[derive(Clone, Debug)]
pub struct Shelf<T> {
    boards: Vec<Arc<Vec<T>>>,
    entries: usize,
    /// How many shared boards were written to so far.
    parted: usize,
}

impl<T> Shelf<T> {
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
        self.boards.get(place / BOARD)?.get(place % BOARD)
    }

    /// The last entry.
    pub fn last(&self) -> Option<&T> {
        self.boards.last()?.last()
    }

    /// All entries in order.
    pub fn iter(&self) -> Entries<'_, T> {
        self.boards.iter().flat_map(board)
    }

    /// The entries from `place` on.
    pub fn from(&self, place: usize) -> impl Iterator<Item = &T> {
        let boards = self.boards.get(place / BOARD..).unwrap_or_default();
        boards.iter().flat_map(board).skip(place % BOARD)
    }

    /// The first place whose entry is not `before`, in a list in which those that are stand first.
    pub fn partition_point(&self, before: impl Fn(&T) -> bool) -> usize {
        let first = |board: &Arc<Vec<T>>| board.first().is_some_and(&before);
        let boards = self.boards.partition_point(first);
        let Some(place) = boards.checked_sub(1) else {
            return 0;
        };
        place * BOARD + self.boards[place].partition_point(before)
    }

    /// Bytes that this list does not share with its copy of so many `parted` boards ago.
    pub(crate) const fn own_bytes(&self, parted: usize) -> usize {
        let parted = self.parted.saturating_sub(parted);
        parted * BOARD * size_of::<T>() + self.boards.len() * size_of::<Arc<Vec<T>>>()
    }

    /// How many shared boards were written to so far.
    pub(crate) const fn parted(&self) -> usize {
        self.parted
    }
}

/// The entries of a shelf in order.
pub type Entries<'a, T> = std::iter::FlatMap<
    std::slice::Iter<'a, Arc<Vec<T>>>,
    std::slice::Iter<'a, T>,
    fn(&'a Arc<Vec<T>>) -> std::slice::Iter<'a, T>,
>;

fn board<T>(board: &Arc<Vec<T>>) -> std::slice::Iter<'_, T> {
    board.iter()
}

impl<T: Clone> Shelf<T> {
    /// Adds an entry at the end.
    pub fn push(&mut self, entry: T) {
        if self.entries.is_multiple_of(BOARD) {
            self.boards.push(Arc::new(Vec::with_capacity(BOARD)));
        }
        self.entries += 1;
        if let Some(last) = self.boards.len().checked_sub(1) {
            self.own(last).push(entry);
        }
    }

    /// The entry at `place`, to be changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        if place >= self.entries {
            return None;
        }
        self.own(place / BOARD).get_mut(place % BOARD)
    }

    /// A board that nobody else reads.
    fn own(&mut self, place: usize) -> &mut Vec<T> {
        let board = &mut self.boards[place];
        if Arc::strong_count(board) > 1 {
            self.parted += 1;
        }
        Arc::make_mut(board)
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            boards: Vec::new(),
            entries: 0,
            parted: 0,
        }
    }
}

impl<T: PartialEq> PartialEq for Shelf<T> {
    fn eq(&self, other: &Self) -> bool {
        let same = |(one, two): (&Arc<Vec<T>>, &Arc<Vec<T>>)| Arc::ptr_eq(one, two) || one == two;
        self.entries == other.entries && self.boards.iter().zip(&other.boards).all(same)
    }
}

impl<T> Index<usize> for Shelf<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.boards[place / BOARD][place % BOARD]
    }
}

impl<T: Clone> IndexMut<usize> for Shelf<T> {
    fn index_mut(&mut self, place: usize) -> &mut T {
        &mut self.own(place / BOARD)[place % BOARD]
    }
}

impl<'a, T> IntoIterator for &'a Shelf<T> {
    type Item = &'a T;
    type IntoIter = Entries<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
