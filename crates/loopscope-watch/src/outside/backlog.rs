//! Who waits at the sockets of one process, looked at now and then.

use std::collections::HashSet;

use crate::outside::connections::{self, Waiting};

/// How long the ports of a process are taken for the same, and how often its connections are looked at.
const PORTS: u64 = 500_000_000;
const PACE: u64 = 20_000_000;

/// The connections that wait for a process.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    ports: HashSet<u16>,
    /// When ports and connections were looked at.
    ports_at: u64,
    at: u64,
    waiting: Vec<Waiting>,
}

impl Backlog {
    /// Who waits now, where that has changed. Where the process is not held they are looked at only until none is left.
    pub(crate) fn look(&mut self, pid: u32, now: u64, is_held: bool) -> Option<&[Waiting]> {
        if (!is_held && self.waiting.is_empty()) || now.saturating_sub(self.at) < PACE {
            return None;
        }
        self.at = now;
        let sockets = connections::sockets(pid);
        if self.ports.is_empty() || now.saturating_sub(self.ports_at) > PORTS {
            self.ports_at = now;
            self.ports = connections::listened(&sockets, &connections::inodes(pid));
        }
        let mut waiting = connections::waiting(&sockets, &self.ports);
        waiting.sort_unstable();
        if waiting == self.waiting {
            return None;
        }
        self.waiting = waiting;
        Some(&self.waiting)
    }
}
