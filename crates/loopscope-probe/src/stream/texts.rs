//! The texts that records name by number: places and functions are kept, routes are told once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many texts are kept, and how many wait to be told once.
const KEPT: usize = 1 << 20;
const WAITING: usize = 1 << 16;
/// How long a text is at most, in bytes.
const LONGEST: usize = 2_000;
/// From this number on texts are told once.
const ONCE: u32 = 1 << 27;

/// All texts of the process. Number 0 is the empty one.
#[derive(Debug, Default)]
pub(crate) struct Texts(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    numbers: HashMap<Box<str>, u32>,
    /// Files, by where their names stand, and places by file and line.
    files: HashMap<usize, u32>,
    paths: Vec<Box<str>>,
    places: HashMap<(u32, u32), u32>,
    kept: Vec<Box<str>>,
    once: Vec<(u32, Box<str>)>,
    next: u32,
}

impl Texts {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of a text that may come again; 0 where there is no room for it.
    pub(crate) fn number(&self, text: &str) -> u32 {
        self.lock().number(text)
    }

    /// The number of a file; its name stands where it stands as long as the program runs.
    pub(crate) fn file(&self, path: &str) -> u32 {
        let mut inner = self.lock();
        let key = path.as_ptr().addr();
        if let Some(&file) = inner.files.get(&key) {
            return file;
        }
        let file = inner.paths.len() as u32;
        inner.paths.push(path.into());
        inner.files.insert(key, file);
        file
    }

    /// The number of `file|line|name`, for a task or a job there.
    pub(crate) fn place(&self, file: u32, line: u32, name: &str) -> u32 {
        let mut inner = self.lock();
        let key = (file, line);
        if name.is_empty()
            && let Some(&number) = inner.places.get(&key)
        {
            return number;
        }
        let path = inner.paths.get(file as usize).map_or("", AsRef::as_ref);
        let text = format!("{path}|{line}|{name}");
        let number = inner.number(&text);
        if name.is_empty() {
            inner.places.insert(key, number);
        }
        number
    }

    /// The number of a text that will not come again.
    #[cfg_attr(
        not(feature = "tower"),
        expect(dead_code, reason = "only requests have such")
    )]
    pub(crate) fn once(&self, text: &str) -> u32 {
        let mut inner = self.lock();
        if inner.once.len() >= WAITING {
            return 0;
        }
        let number = ONCE + inner.next % ONCE;
        inner.next = inner.next.wrapping_add(1);
        inner.once.push((number, cut(text).into()));
        number
    }

    /// Hands on the texts from the number `from` on, and those that are told once; returns the number of the next.
    pub(crate) fn tell(&self, from: u32, mut tell: impl FnMut(u32, &str)) -> u32 {
        let mut inner = self.lock();
        let news = inner.kept.iter().enumerate().skip(from as usize);
        for (index, text) in news {
            tell(index as u32 + 1, text);
        }
        for (number, text) in inner.once.drain(..) {
            tell(number, &text);
        }
        inner.kept.len() as u32
    }
}

impl Inner {
    fn number(&mut self, text: &str) -> u32 {
        let text = cut(text);
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        if self.kept.len() >= KEPT {
            return 0;
        }
        self.kept.push(text.into());
        let number = self.kept.len() as u32;
        self.numbers.insert(text.into(), number);
        number
    }
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}
