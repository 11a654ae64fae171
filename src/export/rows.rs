//! Rows that are made one at a time and names that are put together when they are written: a report
//! borrows its texts, and takes no memory of its own.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

/// Rows of a report, made anew each time that they are gone through.
pub struct Rows<'a, R>(Box<dyn Fn() -> Iter<'a, R> + 'a>);

type Iter<'a, R> = Box<dyn Iterator<Item = R> + 'a>;

impl<'a, R: 'a> Rows<'a, R> {
    pub(crate) fn new<I: Iterator<Item = R> + 'a>(rows: impl Fn() -> I + 'a) -> Self {
        Self(Box::new(move || Box::new(rows())))
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = R> + 'a {
        (self.0)()
    }
}

impl<'a, R: Serialize + 'a> Serialize for Rows<'a, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'a, R: fmt::Debug + 'a> fmt::Debug for Rows<'a, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A variable's name: `visits`, or `visits@process-1` for the copy of a child process. Sorted by what
/// is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// The variable.
    pub variable: &'a str,
    /// The child process whose copy it is.
    pub process: Option<&'a str>,
}

impl<'a> Name<'a> {
    fn parts(self) -> [&'a str; 3] {
        let at = if self.process.is_some() { "@" } else { "" };
        [self.variable, at, self.process.unwrap_or_default()]
    }

    fn written(self) -> impl Iterator<Item = u8> + 'a {
        self.parts().into_iter().flat_map(str::bytes)
    }
}

impl Ord for Name<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.written().cmp(other.written())
    }
}

impl PartialOrd for Name<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Name<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.parts().concat())
    }
}
