//! Writes to a pipe that may have no reader, or one that has stopped reading.

use std::fs::File;
use std::io;
use std::io::Write;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use rustix::io::Errno;

/// How often a reader is looked for.
const GLANCE: Duration = Duration::from_millis(5);

/// How long a reader may take that has stopped reading, once the run has been stopped.
const PATIENCE: Duration = Duration::from_secs(1);

/// The writing end of a pipe. It waits for its reader only as long as the run is not stopped.
pub(crate) struct Pipe {
    file: File,
    stopped: Arc<AtomicBool>,
}

impl Pipe {
    /// Waits for a reader.
    ///
    /// # Errors
    /// Where it cannot be written to, or the run is stopped before there is a reader.
    pub(crate) fn open(path: &Path, stopped: Arc<AtomicBool>) -> io::Result<Self> {
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        let mut options = File::options();
        options.write(true).custom_flags(flags);
        loop {
            match options.open(path) {
                Ok(file) => return Ok(Self { file, stopped }),
                Err(error) if Errno::from_io_error(&error) == Some(Errno::NXIO) => {}
                Err(error) => return Err(error),
            }
            if stopped.load(Ordering::Relaxed) {
                return Err(no_reader());
            }
            sleep(GLANCE);
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut stopped: Option<Instant> = None;
        loop {
            match self.file.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return written,
            }
            if self.stopped.load(Ordering::Relaxed) {
                let since = *stopped.get_or_insert_with(Instant::now);
                if since.elapsed() > PATIENCE {
                    return Err(no_reader());
                }
            }
            sleep(GLANCE);
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn no_reader() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the pipe has no reader")
}

/// Whether a pipe stands there.
pub(crate) fn is_pipe(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.file_type().is_fifo())
}
