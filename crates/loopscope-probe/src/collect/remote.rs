//! What other processes have recorded, joined into this process's one trace.

use std::sync::Arc;
use std::time::{Duration, Instant};

use loopscope_trace::{Batch, EventKind, JobId, ProcessId, ThreadId};
use parking_lot::Mutex;

use crate::collect::merge::{Merge, Placed};
use crate::collect::process::OtherProcess;
use crate::record::fact::{Fact, Record};
use crate::record::recorder::Recorder;

/// A process that has been silent for this long holds the others' events back no longer.
const SILENCE: Duration = Duration::from_millis(250);
/// Slots of processes are sorted after those of this process's threads, before the collector's.
pub(crate) const FIRST_SLOT: u32 = u32::MAX / 2;

/// What the parent reports of a child process; `process` is a provisional id of the parent's.
#[derive(Debug)]
pub enum Report {
    /// It was started.
    Started {
        /// The process.
        process: ProcessId,
        /// The operating system's number.
        pid: u32,
        /// `process-1`.
        name: String,
        /// Its jobs have this process's own numbers: it only does what it is given.
        works_for_us: bool,
        /// All its tasks run on its first thread.
        one_loop: bool,
    },
    /// It has recorded a batch, whose ids are its own.
    Batch {
        /// The process.
        process: ProcessId,
        /// The events since the batch before.
        batch: Batch,
    },
    /// It has ended, in the middle of these jobs.
    Ended {
        /// The process.
        process: ProcessId,
        /// Exit code, or below zero the signal.
        status: i32,
        /// Jobs that it had been given.
        jobs: Vec<JobId>,
    },
}

/// Takes reports of child processes from any thread to the collector.
#[derive(Clone, Debug, Default)]
pub struct Inbox(Arc<Mutex<Vec<(u64, Report)>>>);

impl Inbox {
    /// Sends a report of what happens now.
    pub fn send(&self, recorder: &Recorder, report: Report) {
        let mut inbox = self.0.lock();
        // Read under the lock, so that the reports of all threads lie in the order of their readings.
        inbox.push((recorder.core.clock.raw(), report));
    }

    fn take(&self) -> Vec<(u64, Report)> {
        std::mem::take(&mut *self.0.lock())
    }
}

#[derive(Debug)]
struct Remote {
    process: OtherProcess,
    slot: u32,
    /// Nothing older can still come: a raw reading.
    bound: u64,
    /// Its newest event: its end cannot be older, however its clock has drifted.
    newest: u64,
    last_report: Instant,
}

/// All processes that the collector joins and that have not ended.
#[derive(Debug, Default)]
pub(crate) struct Remotes {
    inbox: Inbox,
    remotes: Vec<Remote>,
    started: u32,
}

impl Remotes {
    pub(crate) fn new(inbox: Inbox) -> Self {
        Self {
            inbox,
            remotes: Vec::new(),
            started: 0,
        }
    }

    /// Puts what has come since the last call into the merge, and returns the earliest reading
    /// that a record which has not come yet can carry.
    pub(crate) fn look(&mut self, recorder: &Recorder, merge: &mut Merge) -> u64 {
        for (raw, report) in self.inbox.take() {
            self.receive(raw, report, recorder, merge);
        }
        let waited_for = self
            .remotes
            .iter()
            .filter(|remote| remote.last_report.elapsed() < SILENCE);
        waited_for
            .map(|remote| remote.bound)
            .min()
            .unwrap_or(u64::MAX)
    }

    fn receive(&mut self, raw: u64, report: Report, recorder: &Recorder, merge: &mut Merge) {
        match report {
            Report::Batch { process, batch } => {
                if let Some(remote) = self.find(process) {
                    remote.take(&batch, recorder, merge);
                }
            }
            Report::Started {
                process,
                pid,
                name,
                works_for_us,
                one_loop,
            } => {
                let started = EventKind::ProcessStarted {
                    process,
                    pid,
                    name: recorder.intern(&name),
                };
                let slot = FIRST_SLOT + self.started;
                self.started += 1;
                merge.insert(placed(slot, raw, started));
                let process = OtherProcess::new(process, name, works_for_us, one_loop);
                self.remotes.push(Remote::new(process, slot, raw));
            }
            Report::Ended {
                process,
                status,
                jobs,
            } => {
                let of = |remote: &Remote| remote.process.id() == process;
                let Some(place) = self.remotes.iter().position(of) else {
                    return;
                };
                let mut remote = self.remotes.remove(place);
                let raw = raw.max(remote.newest).max(merge.frontier());
                let slot = remote.slot;
                for kind in remote.process.end(status, &jobs) {
                    merge.insert(placed(slot, raw, kind));
                }
            }
        }
    }

    fn find(&mut self, process: ProcessId) -> Option<&mut Remote> {
        self.remotes
            .iter_mut()
            .find(|remote| remote.process.id() == process)
    }
}

impl Remote {
    fn new(process: OtherProcess, slot: u32, raw: u64) -> Self {
        Self {
            process,
            slot,
            bound: raw,
            newest: raw,
            last_report: Instant::now(),
        }
    }

    fn take(&mut self, batch: &Batch, recorder: &Recorder, merge: &mut Merge) {
        self.last_report = Instant::now();
        self.process.texts(&batch.texts, recorder);
        let frontier = merge.frontier();
        let mut late = 0_u32;
        let mut since = None;
        for event in &batch.events {
            let mut raw = recorder.core.clock.raw_at(event.at);
            if raw < frontier {
                late += 1;
                since.get_or_insert(event.at);
                raw = frontier;
            }
            self.newest = self.newest.max(raw);
            for kind in self.process.join(event.kind, recorder) {
                merge.insert(placed(self.slot, raw, kind));
            }
        }
        if let Some(since) = since {
            let count = u16::try_from(late).unwrap_or(u16::MAX);
            let thread = self.process.main_thread().unwrap_or(ThreadId::NONE);
            let late = EventKind::Late {
                thread,
                count,
                since,
            };
            merge.insert(placed(self.slot, frontier, late));
        }
        self.bound = self.bound.max(recorder.core.clock.raw_at(batch.upto));
    }
}

const fn placed(slot: u32, raw: u64, kind: EventKind) -> Placed {
    Placed {
        slot,
        record: Record {
            raw,
            fact: Fact::Event(kind),
        },
    }
}
