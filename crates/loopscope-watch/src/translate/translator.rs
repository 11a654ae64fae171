//! What is known of a watch, and what is handed on next of it.

use std::collections::HashMap;
use std::net::SocketAddr;

use loopscope_trace::{Batch, EndReason, EventKind};

use crate::ring::head::Head;
use crate::translate::out::Out;
use crate::translate::rows::{Roots, Rows};
use crate::translate::state::{Connection, Numbers, Process};

/// Makes a trace of facts.
#[derive(Debug, Default)]
pub(crate) struct Translator {
    pub(super) out: Out,
    pub(super) rows: Rows,
    pub(super) numbers: Numbers,
    pub(super) processes: Vec<Process>,
    /// By the client's end.
    pub(super) connections: HashMap<SocketAddr, Connection>,
    /// Whether the pool of a program that tells nothing was told.
    pub(super) has_pool: bool,
    /// Whether what is printed is part of the trace.
    pub(super) output: bool,
    /// What runs the program, in words, as it was told last.
    pub(super) runtime: String,
}

/// Where a record was told: by which process, on which thread, when.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub(super) process: usize,
    pub(super) thread: u16,
    pub(super) moment: u64,
}

impl Translator {
    pub(crate) fn new(output: bool) -> Self {
        Self {
            output,
            ..Self::default()
        }
    }

    /// The files of the user's, also for those who look at threads.
    pub(crate) const fn sources(&mut self) -> &mut crate::source::files::Files {
        &mut self.rows.sources
    }

    /// Adds a process; they are numbered from 0.
    pub(crate) fn process(&mut self, head: &Head) {
        self.processes.push(Process {
            pid: head.pid,
            command: head.argv.clone(),
            wakes_at_once: !head.has_ring(),
            python: head.python.clone(),
            roots: Roots {
                folder: head.cwd.clone(),
                prefix: head.prefix.clone(),
            },
            ..Process::default()
        });
        self.runs_by(&head.python, None);
    }

    /// So many facts came too late for their place, since the moment.
    pub(crate) fn late(&mut self, count: u64, since: u64, now: u64) {
        let threads = self
            .processes
            .iter()
            .flat_map(|process| process.threads.values());
        let Some(thread) = threads.filter_map(|thread| thread.id).min() else {
            return;
        };
        let since = self.out.moment(since);
        let count = u16::try_from(count).unwrap_or(u16::MAX);
        self.out.event(
            now,
            EventKind::Late {
                thread,
                count,
                since,
            },
        );
    }

    /// The watch is over.
    pub(crate) fn end(&mut self, now: u64, reason: EndReason) {
        self.out.event(now, EventKind::RunEnded { reason });
    }

    /// Hands on what was added; nothing before `upto` follows.
    pub(crate) fn take(&mut self, upto: u64) -> Batch {
        self.out.take(upto)
    }
}
