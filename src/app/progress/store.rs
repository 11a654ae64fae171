//! `progress.toml` on the disk: read, merged under a lock, written whole, moved aside where broken.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::app::failure::reason;
use crate::app::files::{atomic, places};
use crate::app::progress::text::{Notes, Read};
use loopscope_protocol::menu::{Progress, Remember};

/// The file's name.
pub(crate) const FILE: &str = "progress.toml";

/// The menu has one row for a sentence: the path has no room in it.
const WHERE: &str = "`loopscope doctor` says where";

/// Who changes the file holds this one; the file itself is another one after each change.
const LOCK: &str = "progress.lock";

/// A file of ours is never this large.
const MOST_BYTES: u64 = 1024 * 1024;

/// No loopscope holds the lock as long as this.
const PATIENCE: Duration = Duration::from_secs(3);

/// The most broken files that are kept.
const MOST_BROKEN: u32 = 9;

/// What `reset` has removed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Forgotten {
    /// Nothing was remembered.
    Nothing,
    /// Everything, of this many scenarios.
    All(usize),
    /// What was known of one scenario, in a few words.
    One(String),
}

/// What is known from earlier. Nothing is written, save that a broken file is moved aside.
pub(crate) fn read(folder: &Path) -> Progress {
    let path = folder.join(FILE);
    let said = |sentence: String| Progress {
        sentences: vec![sentence],
        ..Progress::default()
    };
    match load(&path) {
        Ok(Read::Ours(notes)) => notes.progress(),
        Ok(Read::Newer(progress)) => progress,
        Ok(Read::Broken) => match lock(folder).and_then(|_lock| set_aside(&path)) {
            Ok(Some(aside)) => said(format!(
                "{FILE} was broken: it is {} now, and progress begins anew",
                name(&aside)
            )),
            // Another one of us has been faster.
            Ok(None) => Progress::default(),
            Err(error) => said(format!(
                "{FILE} is broken and cannot be moved aside: {}; {WHERE}",
                reason(&error)
            )),
        },
        Err(error) => said(format!(
            "{FILE} cannot be read: {}; {WHERE}",
            reason(&error)
        )),
    }
}

/// Adds what has happened to what stands there by now.
pub(crate) fn add(folder: &Path, what: &[Remember]) -> Result<(), String> {
    let path = folder.join(FILE);
    let failed = |error: io::Error| format!("progress is not kept: {}; {WHERE}", reason(&error));
    let _lock = lock(folder).map_err(failed)?;
    let mut notes = match load(&path).map_err(failed)? {
        Read::Ours(notes) => notes,
        Read::Newer(_) => {
            return Err(format!(
                "progress is not kept: a newer loopscope has written {FILE}"
            ));
        }
        Read::Broken => {
            set_aside(&path).map_err(failed)?;
            Notes::default()
        }
    };
    what.iter().for_each(|what| notes.add(what));
    write(&path, &notes).map_err(failed)
}

/// Forgets one scenario, or all.
pub(crate) fn forget(folder: &Path, id: Option<&str>) -> io::Result<Forgotten> {
    let path = folder.join(FILE);
    if fs::symlink_metadata(&path).is_err() {
        return Ok(Forgotten::Nothing);
    }
    let _lock = lock(folder)?;
    match (load(&path), id) {
        (Ok(Read::Ours(mut notes)), Some(id)) => match notes.forget(id) {
            Some(words) => write(&path, &notes).map(|()| Forgotten::One(words)),
            None => Ok(Forgotten::Nothing),
        },
        (Ok(_), Some(_)) => Err(io::Error::other(
            "it is not of this version; without --scenario all of it is removed",
        )),
        (Err(error), Some(_)) => Err(error),
        (read, None) => {
            let count = match read {
                Ok(Read::Ours(notes)) => notes.ids().len(),
                Ok(Read::Newer(progress)) => progress.marks.len(),
                _ => 0,
            };
            fs::remove_file(&path)?;
            Ok(Forgotten::All(count))
        }
    }
}

fn write(path: &Path, notes: &Notes) -> io::Result<()> {
    let text = notes
        .text()
        .ok_or_else(|| io::Error::other("it cannot be put into words"))?;
    atomic::write(path, text.as_bytes())
}

/// What stands there; nothing yet is ours as well.
fn load(path: &Path) -> io::Result<Read> {
    let meta = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Read::Ours(Notes::default()));
        }
        meta => meta?,
    };
    // Opening a pipe waits for a writer at its other end.
    if !meta.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    if meta.len() > MOST_BYTES {
        return Ok(Read::Broken);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => Notes::read(&text),
        Err(_) => Read::Broken,
    })
}

/// Gives a broken file a name beside it that nothing has yet. The lock is held.
fn set_aside(path: &Path) -> io::Result<Option<PathBuf>> {
    if !matches!(load(path)?, Read::Broken) {
        return Ok(None);
    }
    for number in 1..=MOST_BROKEN {
        let end = match number {
            1 => "broken".to_owned(),
            number => format!("broken{number}"),
        };
        let aside = path.with_file_name(format!("{FILE}.{end}"));
        if fs::symlink_metadata(&aside).is_err() {
            fs::rename(path, &aside)?;
            return Ok(Some(aside));
        }
    }
    Err(io::Error::other(
        "there are many broken ones beside it already",
    ))
}

/// Waits until no other process changes the file; the lock ends with what is given back.
fn lock(folder: &Path) -> io::Result<File> {
    places::make_folder(folder)?;
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join(LOCK))?;
    let began = Instant::now();
    loop {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(file),
            Err(Errno::WOULDBLOCK | Errno::INTR) if began.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(5));
            }
            Err(Errno::WOULDBLOCK | Errno::INTR) => {
                return Err(io::Error::other("another loopscope holds it"));
            }
            // Some file systems have no locks: better a mark lost than none kept.
            Err(Errno::NOTSUP | Errno::NOLCK | Errno::NOSYS) => return Ok(file),
            Err(error) => return Err(error.into()),
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
