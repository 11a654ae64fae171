//! Where the sockets of presenting processes are: a folder of one's own, and a name for each process.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::process::{Pid, getuid, test_kill_process};

use crate::cli::places;

const ENDING: &str = "sock";

/// A process that offers notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Presenter {
    /// The process.
    pub(in crate::cli) pid: u32,
    /// Its socket.
    pub(in crate::cli) socket: PathBuf,
    /// Since when it offers.
    since: SystemTime,
}

/// The folders that sockets may be in, the best one first. All of them are looked into; the first
/// that works is written to.
pub(in crate::cli) fn folders() -> Vec<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let runtime = runtime.filter(|folder| folder.is_absolute());
    let uid = getuid().as_raw();
    let temporary = std::env::temp_dir().join(format!("loopscope-{uid}"));
    runtime
        .map(|folder| folder.join("loopscope"))
        .into_iter()
        .chain(places::state_dir().map(|folder| folder.join("notes")))
        .chain([temporary])
        .collect()
}

/// Listens under the name of this process in the first of the folders where that can be done.
///
/// # Errors
/// Why the last of them refuses.
pub(in crate::cli) fn listen(folders: &[PathBuf]) -> io::Result<(UnixListener, PathBuf)> {
    let mut refused = io::Error::from(io::ErrorKind::NotFound);
    for folder in folders {
        match own(folder).and_then(|()| bind(folder)) {
            Ok(listening) => return Ok(listening),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

fn bind(folder: &Path) -> io::Result<(UnixListener, PathBuf)> {
    let socket = folder.join(format!("{}.{ENDING}", std::process::id()));
    // The name is of this process: whoever left it there is dead.
    drop(fs::remove_file(&socket));
    let listener = UnixListener::bind(&socket)?;
    fs::set_permissions(&socket, Permissions::from_mode(0o600))?;
    Ok((listener, socket))
}

/// Makes the folder ours and closed to everybody else.
fn own(folder: &Path) -> io::Result<()> {
    if let Some(above) = folder.parent()
        && above.ends_with("loopscope")
    {
        fs::create_dir_all(above)?;
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let known = ours(folder)?;
    if known & 0o077 != 0 {
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// The mode of a folder that belongs to us. A link is not followed: it may lead anywhere.
fn ours(folder: &Path) -> io::Result<u32> {
    let known = fs::symlink_metadata(folder)?;
    if known.is_dir() && known.uid() == getuid().as_raw() {
        Ok(known.mode())
    } else {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

/// The processes that offer notes, the newest one first. Sockets of dead processes are removed.
pub(in crate::cli) fn presenters(folders: &[PathBuf]) -> Vec<Presenter> {
    let mut found: Vec<Presenter> = folders.iter().flat_map(|folder| within(folder)).collect();
    found.sort_by_key(|one| std::cmp::Reverse((one.since, one.pid)));
    found
}

fn within(folder: &Path) -> Vec<Presenter> {
    // A folder that others may write to is not looked into at all.
    let closed = ours(folder).is_ok_and(|mode| mode & 0o077 == 0);
    let entries = closed.then(|| fs::read_dir(folder).ok()).flatten();
    let entries = entries.into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let socket = entry.path();
            if socket.extension()? != ENDING {
                return None;
            }
            let pid: u32 = socket.file_stem()?.to_str()?.parse().ok()?;
            let known = fs::symlink_metadata(&socket).ok()?;
            if !known.file_type().is_socket() {
                return None;
            }
            if !lives(pid) {
                drop(fs::remove_file(&socket));
                return None;
            }
            Some(Presenter {
                pid,
                since: known.modified().ok()?,
                socket,
            })
        })
        .collect()
}

/// Whether there is a process of this number. Another user's is none of ours, but alive.
fn lives(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

impl Presenter {
    /// Connects; fails where nobody listens any more.
    ///
    /// # Errors
    /// Why it cannot be connected to.
    pub(in crate::cli) fn connect(&self) -> io::Result<UnixStream> {
        UnixStream::connect(&self.socket)
    }
}

#[cfg(test)]
#[path = "../../../tests/inside/place.rs"]
mod tests;
