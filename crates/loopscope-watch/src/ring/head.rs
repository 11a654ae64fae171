//! The head of a ring: whose it is, and how large.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use serde::Deserialize;

/// How long the head is, in bytes.
pub(crate) const HEAD: u64 = 4096;
/// The version that is read.
const VERSION: u32 = 1;
/// How many records a ring may have room for.
const MOST: u64 = 1 << 24;

/// Whose ring it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Head {
    ring: u32,
    /// The process.
    pub(crate) pid: u32,
    /// The one that started it.
    pub(crate) parent: u32,
    /// Its command.
    pub(crate) argv: Vec<String>,
    /// The folder it runs in.
    pub(crate) cwd: String,
    /// Folders that hold libraries and not the user's own program.
    pub(crate) prefix: Vec<String>,
    /// The version of its Python.
    pub(crate) python: String,
    /// The signal that asks one of its threads for a call stack; 0 for none.
    pub(crate) signal: i32,
    /// How many records the ring has room for, a power of two.
    pub(crate) slots: u64,
    /// When it was made, in nanoseconds of the monotonic clock.
    pub(crate) at: u64,
}

impl Head {
    /// That of a program without a ring: the process, the one that started it, its command, its folder, since when.
    pub(crate) fn new(pid: u32, parent: u32, argv: Vec<String>, cwd: String, at: u64) -> Self {
        Self {
            pid,
            parent,
            argv,
            cwd,
            at,
            ..Self::default()
        }
    }

    /// Whether there is a ring behind it.
    pub(crate) const fn has_ring(&self) -> bool {
        self.slots > 0
    }

    /// Reads the head of a ring.
    pub(crate) fn read(ring: &File) -> io::Result<Self> {
        let mut bytes = [0; HEAD as usize];
        ring.read_exact_at(&mut bytes, 0)?;
        let end = bytes
            .iter()
            .position(|&byte| byte == 0)
            .unwrap_or(bytes.len());
        let head: Self = serde_json::from_slice(&bytes[..end])?;
        let wrong = |what: String| Err(io::Error::new(io::ErrorKind::InvalidData, what));
        if head.ring != VERSION {
            return wrong(format!(
                "a ring of version {}, and not {VERSION}",
                head.ring
            ));
        }
        if !head.slots.is_power_of_two() || head.slots > MOST {
            return wrong(format!("a ring of {} slots", head.slots));
        }
        Ok(head)
    }
}
