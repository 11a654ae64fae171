//! The files of one watched process.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::ring::head::Head;
use crate::ring::records::{Record, Records};
use crate::ring::slots::{self, Open};
use crate::ring::texts::TextsFile;

/// How many records are taken at once, so that memory stays bounded where a process is faster than we are.
const MOST: usize = 1 << 18;

/// How often it is looked up what a process could not listen to, in nanoseconds.
const ERRORS: u64 = 1_000_000_000;

/// A process that tells what it does.
#[derive(Debug)]
pub(crate) struct Ring {
    pub(crate) head: Head,
    pub(crate) texts: TextsFile,
    /// Where faulthandler writes the call stacks.
    pub(crate) stacks: File,
    file: File,
    records: Records,
    errors: PathBuf,
    /// When the errors were looked up, and how much of them was told.
    errors_at: u64,
    told: usize,
}

impl Ring {
    /// Opens the ring of `pid` in the folder of a watch.
    pub(crate) fn open(folder: &Path, pid: u32) -> io::Result<Self> {
        let file = File::open(folder.join(format!("{pid}.ring")))?;
        let head = Head::read(&file)?;
        Ok(Self {
            records: Records::new(head.slots),
            texts: TextsFile::open(&folder.join(format!("{pid}.texts")))?,
            stacks: stacks(folder, pid, head.signal)?,
            errors: folder.join(format!("{pid}.errors")),
            errors_at: 0,
            told: 0,
            head,
            file,
        })
    }

    /// The signal that asks for a call stack now: a program may have taken it for itself since.
    pub(crate) fn signal(&self) -> i32 {
        Head::read(&self.file).map_or(0, |head| head.signal)
    }

    /// What the process says that it could not listen to any more, since the last call; looked up now and then, and at the
    /// end.
    pub(crate) fn errors(&mut self, now: u64, last: bool) -> Option<String> {
        if !last && now.saturating_sub(self.errors_at) < ERRORS {
            return None;
        }
        self.errors_at = now;
        let text = std::fs::read_to_string(&self.errors).ok()?;
        let more = text.get(self.told..)?.trim().to_owned();
        self.told = text.len();
        (!more.is_empty()).then_some(more)
    }

    /// What each thread does, and whether all of it could be read.
    pub(crate) fn open_slots(&self) -> io::Result<(Vec<Open>, bool)> {
        slots::read(&self.file)
    }

    /// Adds the records that were written since; how many were lost is returned.
    pub(crate) fn records(&mut self, out: &mut Vec<Record>) -> io::Result<u64> {
        self.records.read(&self.file, MOST, out)
    }

    /// Adds what is left in the ring of a process that has ended, also behind records that it did not finish.
    pub(crate) fn rest(&mut self, out: &mut Vec<Record>) -> io::Result<u64> {
        let mut lost = 0;
        loop {
            let before = out.len();
            lost += self.records.read(&self.file, usize::MAX, out)?;
            let skipped = self.records.skip(&self.file)?;
            lost += skipped;
            if skipped == 0 && out.len() == before {
                return Ok(lost);
            }
        }
    }
}

/// The file of its call stacks; one that is never asked for any has none.
fn stacks(folder: &Path, pid: u32, signal: i32) -> io::Result<File> {
    match File::open(folder.join(format!("{pid}.stacks"))) {
        Err(_) if signal == 0 => File::open("/dev/null"),
        opened => opened,
    }
}
