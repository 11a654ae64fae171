//! The texts that the records of a process name: found by where they stand, and kept only while they are new.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use crate::source::texts::Texts;

/// How many are kept beside where they stand.
const KEPT: usize = 8192;
/// The longest line: 2,000 characters as JSON escapes them, and the number.
const LINE: usize = 32 * 1024;
/// How many there may be.
const MOST: usize = 1 << 22;
/// The line of a text was not seen yet.
const NOT_YET: u64 = u64::MAX;

/// The texts of a process.
#[derive(Debug)]
pub(crate) struct TextsFile {
    file: File,
    /// Where the line of each begins, or [`NOT_YET`].
    places: Vec<u64>,
    /// Up to where the lines were counted.
    end: u64,
    kept: HashMap<u64, Arc<str>>,
}

impl Texts for TextsFile {
    fn get(&mut self, number: u64) -> Arc<str> {
        if let Some(text) = self.kept.get(&number) {
            return Arc::clone(text);
        }
        let Some(text) = self.find(number) else {
            return "?".into();
        };
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        self.kept.insert(number, Arc::clone(&text));
        text
    }
}

impl TextsFile {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: File::open(path)?,
            places: Vec::new(),
            end: 0,
            kept: HashMap::new(),
        })
    }

    fn find(&mut self, number: u64) -> Option<Arc<str>> {
        let index = usize::try_from(number).ok().filter(|&index| index < MOST)?;
        if self.places.get(index).is_none_or(|&place| place == NOT_YET) {
            self.count().ok()?;
        }
        let place = self
            .places
            .get(index)
            .copied()
            .filter(|&place| place != NOT_YET)?;
        let mut bytes = vec![0; LINE.min((self.end - place) as usize)];
        let count = self.file.read_at(&mut bytes, place).ok()?;
        let end = bytes[..count].iter().position(|&byte| byte == b'\n')?;
        let (_, text): (u64, String) = serde_json::from_slice(&bytes[..end]).ok()?;
        Some(text.into())
    }

    /// Finds where the lines begin that were added since. Threads write them in any order.
    fn count(&mut self) -> io::Result<()> {
        let mut bytes = vec![0; 4 * LINE];
        loop {
            let count = self.file.read_at(&mut bytes, self.end)?;
            let whole = bytes[..count].iter().rposition(|&byte| byte == b'\n');
            let Some(whole) = whole.or((count == bytes.len()).then(|| count - 1)) else {
                // An unfinished line is looked at again when it is whole.
                return Ok(());
            };
            let mut start = self.end;
            for line in bytes[..whole].split(|&byte| byte == b'\n') {
                if let Some(number) = number_of(line) {
                    if number >= self.places.len() {
                        self.places.resize(number + 1, NOT_YET);
                    }
                    self.places[number] = start;
                }
                start += line.len() as u64 + 1;
            }
            self.end += whole as u64 + 1;
        }
    }
}

/// The number at the beginning of a line: `[12, "…"]`.
fn number_of(line: &[u8]) -> Option<usize> {
    let figures = line
        .strip_prefix(b"[")?
        .split(|&byte| byte == b',')
        .next()?;
    let number: usize = std::str::from_utf8(figures).ok()?.trim().parse().ok()?;
    (number < MOST).then_some(number)
}
