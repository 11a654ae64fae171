//! Writes a small file whole or not at all: whoever reads it sees the old one or the new one.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fs, io};

use rustix::fs::{FlockOperation, flock};

/// How often another name is tried for the temporary file.
const TRIES: u32 = 8;

/// The end of a temporary file's name.
const END: &str = ".tmp";

/// Makes these bytes the content of the file, whether or not there is one; its folder is made where
/// it is missing. A link is followed, and the file keeps its rights.
///
/// # Errors
/// Where the folder or the file cannot be written; what stood there still stands.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    put(&target, bytes, |temporary| {
        if let Ok(old) = fs::metadata(&target) {
            fs::set_permissions(temporary, old.permissions())?;
        }
        fs::rename(temporary, &target)
    })
}

/// Makes a new file of these bytes.
///
/// # Errors
/// `AlreadyExists` where something stands there, which is left as it is; else as [`write`].
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    put(path, bytes, |temporary| {
        match fs::hard_link(temporary, path) {
            Ok(()) => fs::remove_file(temporary),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // Not every file system knows links; somebody would have to be very quick here.
            Err(_) => fs::rename(temporary, path),
        }
    })
}

/// Writes a temporary file beside the target, and lets `place` give it the name.
fn put(target: &Path, bytes: &[u8], place: impl Fn(&Path) -> io::Result<()>) -> io::Result<()> {
    let (folder, name) = match (target.parent(), target.file_name()) {
        (Some(folder), Some(name)) if folder != Path::new("") => (folder, name),
        (_, Some(name)) => (Path::new("."), name),
        _ => return Err(io::ErrorKind::InvalidInput.into()),
    };
    let mut begin = OsString::from(".");
    begin.push(name);
    begin.push(".");
    make_folder(folder)?;
    sweep(folder, &begin);
    let mut tries = 0;
    loop {
        tries += 1;
        let outcome = attempt(folder, &begin, bytes, &place);
        match outcome {
            // A sweeper took the file for a left-over before it was locked.
            Err(error) if error.kind() == io::ErrorKind::NotFound && tries < TRIES => {}
            outcome => {
                if outcome.is_ok() {
                    // Without it a new name may be lost with the power; not every folder can.
                    drop(File::open(folder).and_then(|folder| folder.sync_all()));
                }
                return outcome;
            }
        }
    }
}

fn attempt(
    folder: &Path,
    begin: &OsString,
    bytes: &[u8],
    place: impl Fn(&Path) -> io::Result<()>,
) -> io::Result<()> {
    let (temporary, mut file) = temporary(folder, begin)?;
    // Says to a sweeper that somebody is at work here; kept until the file has its name.
    let _ = flock(&file, FlockOperation::NonBlockingLockExclusive);
    let outcome = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| place(&temporary));
    if outcome.is_err() {
        drop(fs::remove_file(&temporary));
    }
    outcome
}

/// A new file beside the target, under a name that nobody else has.
fn temporary(folder: &Path, begin: &OsString) -> io::Result<(PathBuf, File)> {
    static COUNT: AtomicU32 = AtomicU32::new(0);

    let mut tries = 0;
    loop {
        tries += 1;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut name = begin.clone();
        name.push(format!("{}-{number}{END}", std::process::id()));
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

/// Makes a folder that only its owner may look into, as base folders are to be made.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// Removes what killed writers have left: nobody holds the lock of such a file.
fn sweep(folder: &Path, begin: &OsString) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let bytes = name.as_encoded_bytes();
        if bytes.starts_with(begin.as_encoded_bytes())
            && bytes.ends_with(END.as_bytes())
            && let Ok(file) = File::open(entry.path())
            && flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok()
        {
            drop(fs::remove_file(entry.path()));
        }
    }
}

#[cfg(test)]
#[path = "../../../tests/inside/atomic.rs"]
mod tests;
