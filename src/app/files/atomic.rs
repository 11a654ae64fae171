//! Writes a small file whole or not at all: a reader sees the old one or the new one. A new one
//! may get the first name that is free.

use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::{fs, io};

use tempfile::NamedTempFile;

use crate::app::failure::{Failure, reason};
use crate::app::files::places;

/// How often a temporary file is made anew that was swept away.
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
            fs::set_permissions(temporary.path(), old.permissions())?;
        }
        Ok(temporary.persist(&target)?)
    })
}

/// Makes a new file of these bytes.
///
/// # Errors
/// `AlreadyExists` where something stands there, which is left as it is; else as [`write`].
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    put(path, bytes, |temporary| {
        Ok(temporary.persist_noclobber(path)?)
    })
}

/// Writes a temporary file beside the target, and lets `place` give it the name.
fn put(
    target: &Path,
    bytes: &[u8],
    place: impl Fn(NamedTempFile) -> io::Result<File>,
) -> io::Result<()> {
    let (folder, begin) = parts(target)?;
    places::make_folder(folder)?;
    sweep(folder, &begin);
    let mut tries = 1;
    loop {
        let mut temporary = beside(target)?;
        // Says to a sweeper that this file is being written; held until it has its name.
        let _ = temporary.as_file().try_lock();
        temporary.write_all(bytes)?;
        temporary.as_file().sync_all()?;
        match place(temporary) {
            // A sweeper took the file for a left-over before it was locked.
            Err(error) if error.kind() == ErrorKind::NotFound && tries < TRIES => tries += 1,
            Err(error) => return Err(error),
            Ok(_) => break,
        }
    }
    // Without it a new name may be lost with the power; not every folder can.
    drop(File::open(folder).and_then(|folder| folder.sync_all()));
    Ok(())
}

/// A new file in the target's folder, under a name of its own; it is gone when it is dropped.
///
/// # Errors
/// Where the target names no file, or its folder takes none.
pub(crate) fn beside(target: &Path) -> io::Result<NamedTempFile> {
    let (folder, begin) = parts(target)?;
    tempfile::Builder::new()
        .prefix(&begin)
        .suffix(END)
        // As any other new file: what the user's mask leaves.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)
}

/// The folder of a file, and how the names of its temporary files begin.
fn parts(target: &Path) -> io::Result<(&Path, OsString)> {
    let name = target.file_name().ok_or(ErrorKind::InvalidInput)?;
    let folder = target.parent().filter(|folder| *folder != Path::new(""));
    let mut begin = OsString::from(".");
    begin.push(name);
    begin.push(".");
    Ok((folder.unwrap_or(Path::new(".")), begin))
}

/// Removes what killed writers have left: such a file is locked by none.
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
            && file.try_lock().is_ok()
        {
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// How many names are tried.
const NAMES: u32 = 1000;

/// The first name of `name.end`, `name-2.end`, `name-3.end` … that is free.
pub(crate) fn free(folder: &Path, name: &str, end: &str) -> String {
    let there = |file: &String| folder.join(file).symlink_metadata().is_ok();
    let mut names = (1..NAMES).map(|count| counted(name, end, count));
    names
        .find(|file| !there(file))
        .unwrap_or_else(|| counted(name, end, NAMES))
}

/// Writes a new file under the first free name, and gives the name.
pub(crate) fn create_free(
    folder: &Path,
    name: &str,
    end: &str,
    text: &str,
) -> Result<String, Failure> {
    for count in 1..=NAMES {
        let file = counted(name, end, count);
        let path = folder.join(&file);
        match create(&path, text.as_bytes()) {
            Ok(()) => return Ok(file),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(Failure::Io(format!(
                    "{} cannot be written: {}",
                    places::short(&path),
                    reason(&error)
                )));
            }
        }
    }
    Err(Failure::Io(format!(
        "{} has too many files of this name",
        places::short(folder)
    )))
}

fn counted(name: &str, end: &str, count: u32) -> String {
    match count {
        1 => format!("{name}.{end}"),
        count => format!("{name}-{count}.{end}"),
    }
}

#[cfg(test)]
#[path = "../../../tests/inside/atomic.rs"]
mod tests;
