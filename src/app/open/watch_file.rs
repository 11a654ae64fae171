//! Watches the file of what is open, and tells that it was saved.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use loopscope_protocol::reply::Reply;

/// What is known of the file of what is open.
#[derive(Default)]
pub(crate) struct File {
    pub(crate) watch: Option<Watch>,
    /// That nothing can be watched has been said.
    pub(crate) told: bool,
    /// What it said when it was refused last.
    pub(crate) refused: Option<String>,
    /// It was gone when it was looked for last, and that has been said.
    pub(crate) gone: bool,
}

impl File {
    /// Another scenario or program was opened: its file is watched, where it has one.
    pub(crate) fn follow(&mut self, path: Option<&Path>, replies: &Sender<Reply>) {
        self.watch = None;
        self.refused = None;
        self.gone = false;
        let Some(path) = path else {
            return;
        };
        match Watch::begin(path, replies.clone()) {
            Ok(watch) => self.watch = Some(watch),
            Err(_) if self.told => {}
            Err(error) => {
                self.told = true;
                let why = match error.kind {
                    notify::ErrorKind::MaxFilesWatch => "the system watches no more files",
                    _ => "the system refuses",
                };
                let sentence =
                    format!("a saved file is not noticed by itself ({why}): r reads it again");
                drop(replies.send(Reply::FileUnwatched(sentence)));
            }
        }
    }
}

/// A save is over when nothing has happened for so long: some editors write in several goes, and
/// most put a new file in the place of the old one.
const QUIET: Duration = Duration::from_millis(150);

/// A file that changes all the time is told of this often.
const LONGEST: Duration = Duration::from_secs(1);

/// A file that is watched; dropping it ends that.
pub(crate) struct Watch {
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Begins to watch: the file's folder, since a file that is replaced is another file.
    pub(crate) fn begin(file: &Path, messages: Sender<Reply>) -> Result<Self, notify::Error> {
        let names = names(file);
        let (changed, changes) = channel();
        let own = names.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // An error may have hidden anything.
            if event.map_or(true, |event| concerns(&event, &own)) {
                let _ = changed.send(());
            }
        })?;
        let mut folders: Vec<&Path> = names.iter().filter_map(|name| name.parent()).collect();
        folders.dedup();
        for folder in folders {
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
        }
        std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || tell(&changes, &messages))
            .map_err(notify::Error::io)?;
        Ok(Self { _watcher: watcher })
    }
}

/// The file, and the one that it is a link to.
fn names(file: &Path) -> Vec<PathBuf> {
    let mut names = vec![file.to_owned()];
    names.extend(file.canonicalize().ok().filter(|real| real != file));
    names
}

/// Whether something may have become of the file. Being read is nothing.
fn concerns(event: &Event, names: &[PathBuf]) -> bool {
    if matches!(event.kind, EventKind::Access(_)) {
        return false;
    }
    let hit = |path: &PathBuf| {
        let folder = |name: &PathBuf| name.parent() == Some(path.as_path());
        names.iter().any(|name| name == path || folder(name))
    };
    event.need_rescan() || event.paths.iter().any(hit)
}

/// Ends with the watcher, or with the screen.
fn tell(changes: &Receiver<()>, messages: &Sender<Reply>) {
    while changes.recv().is_ok() {
        let began = Instant::now();
        while began.elapsed() < LONGEST {
            match changes.recv_timeout(QUIET) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        if messages.send(Reply::FileChanged).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn told(messages: &Receiver<Reply>) -> bool {
        let news = messages.recv_timeout(Duration::from_secs(10));
        matches!(news, Ok(Reply::FileChanged))
    }

    #[test]
    fn saved_in_place_replaced_removed_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.toml");
        fs::write(&file, "one").unwrap();
        let (sender, messages) = channel();
        let watch = Watch::begin(&file, sender).unwrap();
        fs::write(&file, "two").unwrap();
        assert!(told(&messages));
        let beside = folder.path().join("mine.toml~");
        fs::write(&beside, "three").unwrap();
        fs::rename(&beside, &file).unwrap();
        assert!(told(&messages));
        fs::remove_file(&file).unwrap();
        assert!(told(&messages));
        fs::write(&file, "four").unwrap();
        assert!(told(&messages));
        // Other files of the folder, and reads, do not count.
        while messages.try_recv().is_ok() {}
        fs::write(folder.path().join("other.toml"), "x").unwrap();
        fs::read(&file).unwrap();
        let quiet = messages.recv_timeout(QUIET * 4);
        assert_eq!(quiet, Err(RecvTimeoutError::Timeout));
        drop(watch);
        let over = messages.recv_timeout(Duration::from_secs(10));
        assert_eq!(over, Err(RecvTimeoutError::Disconnected));
    }

    #[test]
    fn what_a_link_leads_to_is_watched_too() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::create_dir(&real).unwrap();
        fs::create_dir(&link).unwrap();
        let (real, link) = (real.join("mine.toml"), link.join("mine.toml"));
        fs::write(&real, "one").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let (sender, messages) = channel();
        let _watch = Watch::begin(&link, sender).unwrap();
        fs::write(&real, "two").unwrap();
        assert!(told(&messages));
    }

    #[test]
    fn a_folder_that_is_not_there_cannot_be_watched() {
        let (sender, _messages) = channel();
        assert!(Watch::begin(Path::new("/no/such/folder/mine.toml"), sender).is_err());
    }
}
