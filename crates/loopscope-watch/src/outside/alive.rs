//! Whether a process still runs.

use std::fs;

/// What a process is: its number may be given to another one later, its start not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alive {
    pid: u32,
    start: u64,
}

impl Alive {
    /// The process that has this number now; `None` where none has.
    pub(crate) fn now(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // Its name may hold spaces and parentheses.
        let (_, rest) = stat.rsplit_once(") ")?;
        let mut words = rest.split(' ');
        let state = words.next()?;
        let start = words.nth(18)?.parse().ok()?;
        (!matches!(state, "Z" | "X")).then_some(Self { pid, start })
    }

    /// Whether it still runs.
    pub(crate) fn still(self) -> bool {
        Self::now(self.pid) == Some(self)
    }
}
