//! Writes a recording beside its place and moves it there when it is complete.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::failure::{Failure, reason};
use crate::trace::file::Writer;
use crate::trace::{Batch, Story};

/// A recording that is being written. The first error ends the writing and is kept: a run goes on
/// without its recording, and says so in the end.
#[derive(Debug)]
pub(super) struct Recorder {
    target: PathBuf,
    /// Where it is written until it is complete; `None` for pipes and devices.
    beside: Option<PathBuf>,
    writer: io::Result<Writer<BufWriter<File>>>,
}

impl Recorder {
    /// Begins a recording.
    pub(super) fn start(target: &Path, story: &Story) -> Self {
        let beside = is_plain_place(target).then(|| beside(target));
        let writer = File::create(beside.as_deref().unwrap_or(target))
            .and_then(|file| Writer::new(BufWriter::new(file), story));
        Self {
            target: target.to_owned(),
            beside,
            writer,
        }
    }

    /// Adds a batch.
    pub(super) fn batch(&mut self, batch: &Batch) {
        if let Ok(writer) = &mut self.writer
            && let Err(error) = writer.batch(batch)
        {
            self.writer = Err(error);
        }
    }

    /// Ends the recording and puts it in its place.
    pub(super) fn finish(self) -> Result<(), Failure> {
        let done = self
            .writer
            .and_then(Writer::finish)
            .and_then(|()| match &self.beside {
                Some(beside) => fs::rename(beside, &self.target),
                None => Ok(()),
            });
        done.map_err(|error| {
            if let Some(beside) = &self.beside {
                drop(fs::remove_file(beside));
            }
            Failure::Io(format!(
                "the recording {} cannot be written: {}",
                self.target.display(),
                reason(&error)
            ))
        })
    }
}

/// Whether a file can be moved there: not over a pipe or a device.
fn is_plain_place(target: &Path) -> bool {
    fs::metadata(target).map_or(true, |meta| meta.is_file())
}

fn beside(target: &Path) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(
        ".{}-{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    ));
    target.with_file_name(name)
}
