//! What a run counted, once it is over.

use tokio::runtime::RuntimeMetrics;

use loopscope_probe::Tally;

/// What a run counted, once it is over: by the hooks, and by tokio itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// What the hooks counted.
    pub hooks: Tally,
    /// What tokio counted.
    pub tokio: Counters,
}

impl Counters {
    /// What several runtimes counted together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            spawns: self.spawns + other.spawns,
            polls: self.polls + other.polls,
            alive: self.alive + other.alive,
        }
    }
}

/// tokio's own counters, read after the runtime has stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Tasks spawned.
    pub spawns: u64,
    /// Turns, on all workers. With several workers tokio counts a turn and those that follow it
    /// through the worker's LIFO slot as one, while its hooks see each.
    pub polls: u64,
    /// Tasks that have not ended.
    pub alive: u64,
}

#[cfg(tokio_unstable)]
pub(crate) fn counters(metrics: &RuntimeMetrics) -> Counters {
    let workers = 0..metrics.num_workers();
    Counters {
        spawns: metrics.spawned_tasks_count(),
        polls: workers
            .map(|worker| metrics.worker_poll_count(worker))
            .sum(),
        alive: metrics.num_alive_tasks() as u64,
    }
}

#[cfg(not(tokio_unstable))]
pub(crate) fn counters(metrics: &RuntimeMetrics) -> Counters {
    Counters {
        alive: metrics.num_alive_tasks() as u64,
        ..Counters::default()
    }
}
