//! Follows the presenting process: finds it, reads its pages, and waits for the next one when it ends.

use std::fs::{DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use rustix::process::{Pid, getuid, test_kill_process};

use crate::app::files::places;
use crate::app::notes::line::{KeySender, Lines, Wrong};
use crate::app::notes::{follow, line};
use loopscope_tui::notes::screen::Shown;

/// Between two looks for a screen that presents.
const GLANCE: Duration = Duration::from_millis(250);
/// How long a key may take; a screen that has been stopped reads none.
const PATIENCE: Duration = Duration::from_millis(200);

/// Whom to follow.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// Where to look.
    pub(crate) folders: Vec<PathBuf>,
    /// This process only.
    pub(crate) pid: Option<u32>,
}

/// Tells all pages and what there is to say in between, until `tell` wants no more.
pub(crate) fn follow(
    wanted: &Filter,
    way: &KeySender,
    mut tell: impl FnMut(Shown, String) -> bool,
) {
    let mut waiting = match wanted.pid {
        None => "Nobody presents yet. Open loopscope in another terminal, and its notes appear \
                 here."
            .to_owned(),
        Some(pid) => {
            format!(
                "No loopscope of the number {pid} presents. Its notes appear here when it does."
            )
        }
    };
    let mut said = None;
    // A process that was not understood is not asked again.
    let mut strangers = Vec::new();
    loop {
        let mut all = follow::presenters(&wanted.folders);
        all.retain(|one| wanted.pid.is_none_or(|pid| pid == one.pid));
        all.retain(|one| !strangers.contains(one));
        let mut connected = all
            .iter()
            .filter_map(|one| one.connect().ok().map(|stream| (one, stream)));
        if let Some((one, stream)) = connected.next() {
            let (pid, remark) = (one.pid, others(&all, one));
            drop(stream.set_write_timeout(Some(PATIENCE)));
            way.set(stream.try_clone().ok());
            let end = read(&stream, &remark, &mut tell);
            way.set(None);
            waiting = match end {
                End::Unwanted => return,
                End::Silent => waiting,
                End::Gone => format!(
                    "The loopscope that presented ({pid}) is gone. The notes of the next one appear here."
                ),
                End::Not(wrong) => {
                    strangers.push(one.clone());
                    not_understood(pid, &wrong)
                }
            };
        }
        if said.as_ref() != Some(&waiting) {
            if !tell(Shown::Waiting(waiting.clone()), String::new()) {
                return;
            }
            said = Some(waiting.clone());
        }
        std::thread::sleep(GLANCE);
    }
}

/// How it ended with one.
enum End {
    /// It was there and is no more.
    Gone,
    /// It had nothing to say.
    Silent,
    /// It speaks otherwise.
    Not(Wrong),
    /// No more is wanted.
    Unwanted,
}

fn read(stream: &UnixStream, remark: &str, tell: &mut impl FnMut(Shown, String) -> bool) -> End {
    let mut end = End::Silent;
    let mut lines = Lines::long(stream);
    while let Some(line) = lines.next() {
        let (page, lecture, scenario) = match line::to_page(&line) {
            Ok(told) => told.parts(),
            Err(wrong) => return End::Not(wrong),
        };
        let shown = Shown::Page {
            page: Box::new(page),
            lecture,
            scenario,
        };
        if !tell(shown, remark.to_owned()) {
            return End::Unwanted;
        }
        end = End::Gone;
    }
    end
}

fn others(all: &[Presenter], one: &Presenter) -> String {
    let others = all.iter().filter(|other| *other != one);
    let pids: Vec<String> = others.map(|other| other.pid.to_string()).collect();
    match pids.as_slice() {
        [] => String::new(),
        [other] => format!(
            "{other} presents, too: --pid {other} follows it. This is {}.",
            one.pid
        ),
        [first, ..] => format!(
            "{} present, too: --pid {first} follows one. This is {}, the newest.",
            pids.join(", "),
            one.pid
        ),
    }
}

fn not_understood(pid: u32, wrong: &Wrong) -> String {
    match wrong {
        Wrong::Version(other) => format!(
            "The loopscope that presents ({pid}) has version {other} of these notes, and this one \
             has {}. Run the same loopscope in both terminals.",
            line::VERSION
        ),
        Wrong::Strange => format!(
            "What {pid} says is no page of notes, so it is left alone. Waiting for another one."
        ),
    }
}

const ENDING: &str = "sock";

/// A process that offers notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Presenter {
    /// The process.
    pub(crate) pid: u32,
    /// Its socket.
    pub(crate) socket: PathBuf,
    /// Since when it offers.
    since: SystemTime,
}

/// The folders that sockets may be in, the best one first. All of them are looked into; the first
/// that works is written to.
pub(crate) fn folders() -> Vec<PathBuf> {
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
pub(crate) fn listen(folders: &[PathBuf]) -> io::Result<(UnixListener, PathBuf)> {
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
    // The name is of this process: the process that left it there is dead.
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
pub(crate) fn presenters(folders: &[PathBuf]) -> Vec<Presenter> {
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
    /// Connects; fails where no process listens any more.
    ///
    /// # Errors
    /// Why it cannot be connected to.
    pub(crate) fn connect(&self) -> io::Result<UnixStream> {
        UnixStream::connect(&self.socket)
    }
}

#[cfg(test)]
#[path = "../../../tests/inside/place.rs"]
mod tests;
