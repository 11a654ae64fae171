//! Whether a process still runs.

use std::fs;

/// What a process is: its number may be given to another one later, its start not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Alive {
    pid: u32,
    start: u64,
}

impl Alive {
    /// The process that has this number now; `None` where none runs.
    pub(crate) fn now(pid: u32) -> Option<Self> {
        let (alive, state, _) = read(pid)?;
        (!is_over(state)).then_some(alive)
    }

    /// Its number.
    pub(crate) const fn pid(self) -> u32 {
        self.pid
    }

    /// Whether it still runs. One that does not has its status where no other process has taken that yet: an exit code,
    /// or, below zero, a signal.
    pub(crate) fn still(self) -> Result<(), Option<i32>> {
        match read(self.pid) {
            Some((alive, state, _)) if alive == self && !is_over(state) => Ok(()),
            Some((alive, _, status)) if alive == self => Err(status),
            _ => Err(None),
        }
    }
}

fn is_over(state: char) -> bool {
    matches!(state, 'Z' | 'X')
}

/// A process, its state and, once it has ended, its status.
fn read(pid: u32) -> Option<(Alive, char, Option<i32>)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Its name may hold spaces and parentheses.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut words = rest.trim_end().split(' ');
    let state = words.next()?.chars().next()?;
    let start = words.nth(18)?.parse().ok()?;
    let status = words.next_back().and_then(|status| status.parse().ok());
    let status = status.map(status_of);
    Some((Alive { pid, start }, state, status))
}

/// What `wait` gives: a signal in the lowest bits, or an exit code above them.
const fn status_of(status: i32) -> i32 {
    match status & 0x7f {
        0 => status >> 8 & 0xff,
        signal => -signal,
    }
}
