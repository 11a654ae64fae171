//! The private folder of a watch: the Python files, and a ring for each process.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use rustix::process::{Pid, getuid, test_kill_process};
use tempfile::{Builder, TempDir};

/// How the folders of watches are called: this, the watcher's process, and something random.
const PREFIX: &str = "loopscope-watch-";

/// A folder that only its user can look into; removed when it is dropped.
#[derive(Debug)]
pub(crate) struct PrivateFolder(TempDir);

impl PrivateFolder {
    /// Makes one in memory where the system has a place for that, with these files in `python`.
    pub(crate) fn new(python: &[(String, std::borrow::Cow<'static, [u8]>)]) -> io::Result<Self> {
        let mut fault = io::Error::other("there is no place for it");
        for base in bases() {
            remove_abandoned(&base);
            match Self::within(&base, python) {
                Ok(folder) => return Ok(folder),
                Err(error) => fault = error,
            }
        }
        Err(fault)
    }

    fn within(
        base: &Path,
        python: &[(String, std::borrow::Cow<'static, [u8]>)],
    ) -> io::Result<Self> {
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let folder = Builder::new()
            .prefix(&prefix)
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(base)?;
        let folder = Self(folder);
        let mut private = DirBuilder::new();
        private.mode(0o700).recursive(true);
        private.create(folder.rings())?;
        private.create(folder.python())?;
        for (name, bytes) in python {
            let name = Path::new(name);
            if !name
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
            {
                return Err(io::Error::other(format!(
                    "{} leads out of it",
                    name.display()
                )));
            }
            let path = folder.python().join(name);
            if let Some(parent) = path.parent() {
                private.create(parent)?;
            }
            let mut options = OpenOptions::new();
            let mut file = options
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)?;
            file.write_all(bytes)?;
        }
        Ok(folder)
    }

    /// Where the processes make their rings.
    pub(crate) fn rings(&self) -> PathBuf {
        self.0.path().join("rings")
    }

    /// The socket that programs come to which tell by a stream.
    pub(crate) fn socket(&self) -> PathBuf {
        self.0.path().join("socket")
    }

    /// Where the Python files are.
    pub(crate) fn python(&self) -> PathBuf {
        self.0.path().join("python")
    }
}

/// Places for a folder, the best first: those in memory.
fn bases() -> Vec<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let memory = Some(PathBuf::from("/dev/shm"));
    let temporary = Some(std::env::temp_dir());
    let all = [runtime, memory, temporary].into_iter().flatten();
    all.filter(|base| base.is_dir()).collect()
}

/// Removes the folders of watches that were killed.
fn remove_abandoned(base: &Path) {
    let Ok(entries) = fs::read_dir(base) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let owner = owner.and_then(|rest| rest.split('-').next()?.parse().ok());
        let Some(owner) = owner.and_then(Pid::from_raw) else {
            continue;
        };
        let mine = fs::symlink_metadata(entry.path())
            .is_ok_and(|data| data.is_dir() && data.uid() == getuid().as_raw());
        if mine && test_kill_process(owner) == Err(rustix::io::Errno::SRCH) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
