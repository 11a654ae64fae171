//! Which of the processes that a command has started are tokio programs.

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt;

use loopscope_stack::proc::family::descendants;
use loopscope_stack::{holds, is_tokio};

/// How often new processes are looked for, in nanoseconds: as long as none was found, and afterwards.
const SOON: u64 = 50_000_000;
const LATER: u64 = 500_000_000;

/// What stands in a program that may tell by itself, and how long such a one is left alone, in nanoseconds: as a rule it
/// begins to tell at once.
const TELLS: &[&[u8]] = &[b"LOOPSCOPE_SOCKET"];
const PATIENCE: u64 = 1_000_000_000;

/// Finds tokio programs among the descendants of a process.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    /// The process that was started; `None` where none is looked for.
    pub(crate) root: Option<u32>,
    /// Those that were looked at: a process, and the inode of what it runs.
    known: HashSet<(u32, u64)>,
    /// Those that may still tell by themselves, and until when they are left alone.
    left: Vec<(u32, u64)>,
    next: u64,
    found: bool,
}

impl Finder {
    /// Those among the descendants of this process.
    pub(crate) fn below(root: u32) -> Self {
        Self {
            root: Some(root),
            ..Self::default()
        }
    }

    /// Those that were not there before, or have told nothing by themselves for a while.
    pub(crate) fn look(&mut self, now: u64) -> Vec<u32> {
        let Some(root) = self.root.filter(|_| now >= self.next) else {
            return Vec::new();
        };
        let all: HashSet<(u32, u64)> = descendants(root)
            .into_iter()
            .filter_map(|pid| {
                Some((
                    pid,
                    std::fs::metadata(format!("/proc/{pid}/exe")).ok()?.ino(),
                ))
            })
            .collect();
        // A process that has just begun still runs what started it.
        let own = std::fs::metadata("/proc/self/exe").map_or(0, |file| file.ino());
        let mut new: Vec<u32> = all
            .difference(&self.known)
            .filter(|(pid, program)| *program != own && is_tokio(*pid))
            .map(|(pid, _)| *pid)
            .collect();
        self.known = all;
        self.found |= !new.is_empty();
        self.left.extend(
            new.extract_if(.., |pid| holds(*pid, TELLS))
                .map(|pid| (pid, now + PATIENCE)),
        );
        let over = self.left.extract_if(.., |(_, until)| now >= *until);
        new.extend(over.map(|(pid, _)| pid));
        new.sort_unstable();
        self.next = now + if self.found { LATER } else { SOON };
        new
    }
}
