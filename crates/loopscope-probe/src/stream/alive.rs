//! What is alive in the program: told to a watcher that comes later, and forgotten once it has ended.

use std::collections::HashMap;

use crate::lane::word::Tag;
use crate::stream::wire::Told;

/// How a task ended, as the stream has it.
const COMPLETED: u64 = 1;
const CANCELLED: u64 = 2;
const PANICKED: u64 = 3;
/// How a job did.
const JOB_CANCELLED: u64 = 1;
const JOB_PANICKED: u64 = 2;

/// How many tasks are remembered: where records were lost, the ends of some may have been.
const MOST: usize = 1 << 20;

/// A job that has not ended.
#[derive(Debug)]
struct Job {
    queued: Told,
    /// On which lane it was taken up, if it was.
    started: Option<(usize, Told)>,
    /// How often its span was entered: once to run, once more to be dropped.
    entered: u32,
}

/// Tasks and jobs that have begun and not ended.
#[derive(Debug, Default)]
pub(crate) struct Alive {
    tasks: HashMap<u32, Told>,
    jobs: HashMap<u32, Job>,
}

impl Alive {
    /// Notes what a thread told; completes what it says of a job. `false`: it is not to be told.
    pub(crate) fn note(&mut self, lane: usize, told: &mut Told) -> bool {
        match told.tag {
            Tag::Spawn | Tag::Root if self.tasks.len() >= MOST => {}
            Tag::Spawn | Tag::Root => drop(self.tasks.insert(told.id, *told)),
            Tag::End => drop(self.tasks.remove(&told.id)),
            Tag::JobQueued => {
                let job = Job {
                    queued: *told,
                    started: None,
                    entered: 0,
                };
                self.jobs.insert(told.id, job);
            }
            Tag::JobStarted => {
                let Some(job) = self.jobs.get_mut(&told.id) else {
                    return true;
                };
                job.entered += 1;
                job.started.get_or_insert((lane, *told));
                return job.entered == 1;
            }
            Tag::JobEnded => {
                let job = self.jobs.remove(&told.id);
                told.more = match job {
                    _ if told.more != 0 => JOB_PANICKED,
                    Some(job) if job.entered < 2 => JOB_CANCELLED,
                    _ => 0,
                };
            }
            _ => {}
        }
        true
    }

    /// All that is alive, in the order of its beginning, each with its lane.
    pub(crate) fn all(&self) -> Vec<(usize, Told)> {
        let tasks = self.tasks.values().map(|told| (0, *told));
        let jobs = self.jobs.values();
        let queued = jobs.clone().map(|job| (0, job.queued));
        let started = jobs.filter_map(|job| job.started);
        let mut all: Vec<_> = tasks.chain(queued).chain(started).collect();
        all.sort_by_key(|(_, told)| told.at);
        all
    }
}

/// How a task ended, by its last turn on the thread where it was dropped: the task and whether that panicked.
pub(crate) fn outcome(task: u32, last: Option<(u32, bool)>) -> u64 {
    match last {
        Some((of, panicked)) if of == task => {
            if panicked {
                PANICKED
            } else {
                COMPLETED
            }
        }
        _ => CANCELLED,
    }
}
