//! Writes a recording beside its place and moves it there when it is complete.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::failure::{Failure, reason};
use crate::trace::file::Writer;
use crate::trace::{Batch, Story};

/// A recording that is being written. Where it cannot even begin, the run does not either; the
/// first later error ends the writing and is kept: the run goes on without its recording, and says
/// so in the end.
#[derive(Debug)]
pub(super) struct Recorder {
    target: PathBuf,
    /// Where it is written until it is complete; `None` for pipes and devices.
    beside: Option<Beside>,
    writer: io::Result<Writer<BufWriter<File>>>,
}

/// A file that is gone unless it was moved to its place.
#[derive(Debug)]
struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

impl Recorder {
    /// Begins a recording.
    pub(super) fn start(target: &Path, story: &Story) -> Result<Self, Failure> {
        let refused = |error| refused(target, &error);
        if target.is_dir() {
            return Err(refused(io::ErrorKind::IsADirectory.into()));
        }
        let beside = is_plain_place(target).then(|| Beside(beside(target)));
        let place = beside.as_ref().map_or(target, |beside| &beside.0);
        let writer = File::create(place)
            .and_then(|file| Writer::new(BufWriter::new(file), story))
            .map_err(refused)?;
        Ok(Self {
            target: target.to_owned(),
            beside,
            writer: Ok(writer),
        })
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
                Some(beside) => fs::rename(&beside.0, &self.target),
                None => Ok(()),
            });
        done.map_err(|error| refused(&self.target, &error))
    }
}

fn refused(target: &Path, error: &io::Error) -> Failure {
    Failure::Io(format!(
        "the recording {} cannot be written: {}",
        target.display(),
        reason(error)
    ))
}

/// Refuses a recording that would take the place of the scenario that it is made of.
pub(super) fn keep_apart(target: Option<&Path>, scenario: &Path) -> Result<(), Failure> {
    let place = |path: &Path| fs::canonicalize(path).ok();
    match target {
        Some(target) if place(target).is_some() && place(target) == place(scenario) => {
            Err(Failure::Usage(format!(
                "--record {}: that is the scenario itself; name another file",
                target.display()
            )))
        }
        _ => Ok(()),
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
