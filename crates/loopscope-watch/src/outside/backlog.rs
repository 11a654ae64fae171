//! Who waits at the sockets of one process.
//!
//! The kernel's table of connections is long in reading, however few there are: it is read only where the count of those
//! that wait at a listener has changed, and else now and then. Listeners stand at its beginning.

use std::collections::HashSet;
use std::time::Instant;

use crate::outside::connections::{self, Socket, Waiting};

/// How often the listeners of a process are looked up, where it has none so far and where it has, and how often its
/// connections are counted.
const NONE_YET: u64 = 100_000_000;
const AGAIN: u64 = 5_000_000_000;
const PACE: u64 = 20_000_000;
/// How much longer than a look the pause behind it is: where connections are known to have come, and else.
const SHORT: u64 = 3;
const LONG: u64 = 20;

/// The connections that wait for a process.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    /// The inodes of its sockets when its listeners were looked up.
    own: HashSet<u64>,
    tables: Vec<Table>,
    ports: HashSet<u16>,
    /// When the listeners, their counts and all connections were looked up.
    listeners_at: u64,
    counted_at: u64,
    looked_at: u64,
    /// How long it took to look at all connections.
    took: u64,
    /// How many waited to be accepted when they were.
    count: u32,
    waiting: Vec<Waiting>,
}

/// A table of the kernel's in which the process has listeners.
#[derive(Debug)]
struct Table {
    name: &'static str,
    /// The inodes of its listeners, and how far from the beginning the last one stands.
    inodes: HashSet<u64>,
    rows: usize,
}

impl Backlog {
    /// Who waits now, where that has changed. Where the process is not held they are looked at only until none is left.
    pub(crate) fn look(&mut self, pid: u32, now: u64, is_held: bool) -> Option<&[Waiting]> {
        if (!is_held && self.waiting.is_empty()) || now.saturating_sub(self.counted_at) < PACE {
            return None;
        }
        self.counted_at = now;
        let pause = if self.tables.is_empty() {
            NONE_YET
        } else {
            AGAIN
        };
        if self.listeners_at == 0 || now.saturating_sub(self.listeners_at) > pause {
            self.find_listeners(pid, now);
        }
        let count = self.count(pid)?;
        let pause = if count == self.count { LONG } else { SHORT };
        if now.saturating_sub(self.looked_at) < self.took.saturating_mul(pause) {
            return None;
        }
        let start = Instant::now();
        let sockets = self
            .tables
            .iter()
            .flat_map(|table| connections::all(pid, table.name));
        let sockets: Vec<Socket> = sockets.collect();
        let mut waiting = connections::waiting(&sockets, &self.ports);
        waiting.sort_unstable();
        self.took = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        (self.looked_at, self.count) = (now, count);
        if waiting == self.waiting {
            return None;
        }
        self.waiting = waiting;
        Some(&self.waiting)
    }

    fn find_listeners(&mut self, pid: u32, now: u64) {
        self.listeners_at = now;
        let own = connections::inodes(pid);
        if own == self.own {
            return;
        }
        self.ports.clear();
        self.tables.clear();
        for name in connections::TABLES {
            let listeners = connections::listeners(pid, name, usize::MAX);
            let Some(last) = listeners
                .iter()
                .rposition(|socket| own.contains(&socket.inode))
            else {
                continue;
            };
            let all = listeners.iter().map(|socket| socket.inode);
            self.ports.extend(connections::listened(&listeners, &own));
            self.tables.push(Table {
                name,
                inodes: all.filter(|inode| own.contains(inode)).collect(),
                rows: last + 1,
            });
        }
        self.own = own;
    }

    /// How many connections wait to be accepted; `None` where there is no listener, or it has changed its place.
    fn count(&mut self, pid: u32) -> Option<u32> {
        let mut count = 0;
        for table in &self.tables {
            let listeners = connections::listeners(pid, table.name, table.rows);
            let own = listeners
                .iter()
                .filter(|socket| table.inodes.contains(&socket.inode));
            if own.clone().count() < table.inodes.len() {
                self.listeners_at = 0;
                self.own.clear();
                return None;
            }
            count += own.map(|socket| socket.unread).sum::<u32>();
        }
        (!self.tables.is_empty()).then_some(count)
    }
}
