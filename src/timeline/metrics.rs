//! The runtime's own counts over time, as a run with `--metrics` sampled them.

use std::collections::BTreeMap;

use super::timeline::Timeline;
use crate::trace::{Metric, Nanos, Story};

/// One figure: its values, each from its moment on.
pub type Series = [(Nanos, u64)];

/// All figures of a run; empty where nobody asked for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    series: BTreeMap<(Metric, u16), Vec<(Nanos, u64)>>,
}

impl Timeline {
    /// The runtime's own counts.
    pub const fn metrics(&self) -> &Metrics {
        &self.metrics
    }
}

impl Metrics {
    pub(super) fn add(&mut self, at: Nanos, metric: Metric, of: u16, value: u64) {
        self.series
            .entry((metric, of))
            .or_default()
            .push((at, value));
    }

    /// Whether the run has none.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// A figure's values, in order of time.
    pub fn series(&self, metric: Metric, of: u16) -> &Series {
        self.series.get(&(metric, of)).map_or(&[], Vec::as_slice)
    }

    /// All figures that there are, with their numbers.
    pub fn all(&self) -> impl Iterator<Item = (Metric, u16, &Series)> {
        self.series
            .iter()
            .map(|(&(metric, of), values)| (metric, of, values.as_slice()))
    }

    /// A figure at a moment; `None` before its first sample.
    pub fn at(&self, metric: Metric, of: u16, at: Nanos) -> Option<u64> {
        value_at(self.series(metric, of), at)
    }

    /// The last values by name, lengths and ratios as fractions, for the report.
    pub fn report(&self, story: &Story) -> BTreeMap<String, f64> {
        let mut figures = BTreeMap::new();
        for (metric, of, values) in self.all() {
            if metric == Metric::BucketFrom {
                continue;
            }
            let Some(&(_, last)) = values.last() else {
                continue;
            };
            let value = match metric {
                Metric::Busy => last as f64 / 1e3,
                _ if metric.is_length() => last as f64 / 1e9,
                _ => last as f64,
            };
            let name = match metric {
                // A bucket is named by its shortest turn, in seconds.
                Metric::Bucket => {
                    let from = self.at(Metric::BucketFrom, of, Nanos::MAX).unwrap_or(0);
                    format!("turns from {}s", from as f64 / 1e9)
                }
                _ => name(story, metric, of),
            };
            figures.insert(name, value);
            if let Some(most) = values.iter().map(|(_, value)| *value).max()
                && matches!(metric, Metric::PoolThreads | Metric::PoolQueue)
            {
                figures.insert(format!("{}, at most", word(metric)), most as f64);
            }
        }
        figures
    }

    /// All turns that the buckets have counted up to a moment.
    pub fn counted(&self, at: Nanos) -> u64 {
        let buckets = self.all().filter(|(metric, ..)| *metric == Metric::Bucket);
        buckets
            .filter_map(|(_, _, values)| value_at(values, at))
            .fold(0, u64::saturating_add)
    }
}

/// The value that a figure had at a moment.
pub fn value_at(values: &Series, at: Nanos) -> Option<u64> {
    let after = values.partition_point(|(since, _)| *since <= at);
    Some(values.get(after.checked_sub(1)?)?.1)
}

/// A figure's name, with the function that it is about.
pub fn name(story: &Story, metric: Metric, of: u16) -> String {
    if !metric.is_function() {
        return word(metric).to_owned();
    }
    let function = story.functions.get(usize::from(of));
    let function = function.map_or("?", |function| function.name.as_str());
    format!("{function}: {}", word(metric))
}

/// What a figure is called.
// table
pub const fn word(metric: Metric) -> &'static str {
    match metric {
        Metric::Busy => "busy",
        Metric::Turns => "turns",
        Metric::MeanTurn => "mean turn",
        Metric::Spawned => "tasks spawned",
        Metric::Alive => "tasks alive",
        Metric::ReadyHere => "ready, own queue",
        Metric::ReadyShared => "ready, shared queue",
        Metric::PoolThreads => "pool threads",
        Metric::PoolIdle => "pool threads idle",
        Metric::PoolQueue => "pool queue",
        Metric::Parks => "parks",
        Metric::Forced => "forced to yield",
        Metric::Bucket => "turns by length",
        Metric::BucketFrom => "bucket from",
        Metric::FunctionTurns => "turns",
        Metric::FunctionSlow => "slow turns",
        Metric::FunctionMean => "mean turn",
        Metric::FunctionDelay => "mean delay",
    }
}

/// What a figure means, in one sentence.
// table
pub const fn help(metric: Metric) -> &'static str {
    match metric {
        Metric::Busy => {
            "The share of time in which the loop was not parked; full says busy or blocked."
        }
        Metric::Turns => {
            "How often a task was polled; it grows when a turn ends, not when it begins."
        }
        Metric::MeanTurn => "How long a turn takes on average; above a millisecond others feel it.",
        Metric::Spawned => "How many tasks were ever spawned.",
        Metric::Alive => "How many have not ended; growing without end is a leak.",
        Metric::ReadyHere => "Tasks that could run and wait for this loop's thread.",
        Metric::ReadyShared => "Tasks that were woken from outside and wait to be looked at.",
        Metric::PoolThreads => "Threads that the pool has started.",
        Metric::PoolIdle => "Those of them with nothing to do.",
        Metric::PoolQueue => "Jobs that wait because all threads are taken.",
        Metric::Parks => {
            "How often the loop fell asleep with nothing to do; a blocked one never does."
        }
        Metric::Forced => "How often tokio made a task give way because it took too much at once.",
        Metric::Bucket | Metric::BucketFrom => {
            "How many turns took how long; a long tail blocks others."
        }
        Metric::FunctionTurns => "How often this function's tasks were polled.",
        Metric::FunctionSlow => {
            "How many of these turns took 50 microseconds or more of wall time."
        }
        Metric::FunctionMean => "How long its turns take on average.",
        Metric::FunctionDelay => "From a wake to the turn, on average: what others cost it.",
    }
}
