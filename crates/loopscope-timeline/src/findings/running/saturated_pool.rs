//! All threads of a pool were taken, and jobs were queued.

use crate::counts::{counted, seconds};
use crate::findings::log::detector::{self, Log, Now};
use crate::findings::log::finding::{Finding, Kind};
use crate::words::Naming;
use loopscope_trace::{Actor, EventKind, JobId};

pub(crate) static KIND: Kind = Kind {
    id: "saturated-pool",
    word: "pool full",
    row_word: "pool full",
    symptoms: "saturated pool, pool full, exhausted, no threads left, waves, queue",
    runs_did: "filled the pool",
    on_map: None,
    sentence: |names, finding, _| {
        let pool = pool_threads(names, finding);
        let jobs = counted(finding.count as usize, "job", "jobs");
        // Found at once: its length says nothing yet.
        let taken = match finding.length.hundredths().as_str() {
            "0.00" if finding.open => String::new(),
            _ => format!(" for {}{}", seconds(finding.length), finding.so_far()),
        };
        format!("All of the {pool} were taken{taken}; up to {jobs} queued for one.").replace(
            "All of the one pool thread were",
            "The only pool thread was",
        )
    },
    short: |_, finding, row| {
        format!(
            "{} queued for it, {}{}",
            finding.count,
            row.length,
            finding.and_counting()
        )
    },
};

/// `40 pool threads`, `10 threads of pool heavy`.
fn pool_threads(names: Naming, finding: &Finding) -> String {
    let named = finding.of.and_then(|of| of.checked_sub(1));
    match named.and_then(|place| names.story().pools.get(place as usize)) {
        Some(pool) => {
            let threads = counted(pool.threads as usize, "thread", "threads");
            format!("{threads} of pool {}", pool.name)
        }
        None => {
            let threads = names.world().pool.threads;
            counted(threads as usize, "pool thread", "pool threads")
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// The pool of each finding that goes on.
    full: Vec<(u16, usize)>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        if let EventKind::JobQueued { job, .. }
        | EventKind::JobStarted { job, .. }
        | EventKind::JobEnded { job, .. } = event
        {
            self.job(now, job, log);
        }
    }
}

impl Detector {
    /// A job has been queued, begun or ended.
    fn job(&mut self, now: Now, id: JobId, log: &mut Log) {
        let Now { world, lanes } = now;
        let Some(job) = world.job(id) else {
            return;
        };
        let (pool, queue) = world.pool_of(job.pool);
        let is_full = pool.threads > 0 && pool.busy >= pool.threads;
        let lane = |job: JobId| lanes.of(Actor::Job(job));
        let place = self.full.iter().position(|&(of, _)| of == job.pool);
        match place.map(|place| (place, self.full[place].1)) {
            Some((place, finding)) if queue.is_empty() => {
                log.close(finding, world.now);
                self.full.swap_remove(place);
            }
            Some((_, finding)) => {
                if let Some(lane) = lane(id).filter(|_| job.started.is_none()) {
                    log.list(finding, lane, world.now);
                }
                log.count(finding, pool.queued, world.now);
            }
            None if is_full && !queue.is_empty() => {
                let doing = world.doing_jobs_of(job.pool);
                let Some(oldest) = doing.min_by_key(|doing| doing.since) else {
                    return;
                };
                let finding = log.open(now, &KIND, world.now, oldest.actor);
                log.all[finding].of = Some(job.pool.into());
                for lane in queue.iter().filter_map(|&job| lane(job)) {
                    log.list(finding, lane, world.now);
                }
                log.count(finding, pool.queued, world.now);
                self.full.push((job.pool, finding));
            }
            None => {}
        }
    }
}
