//! The runtime's own counts over time, as a run with `--metrics` sampled them.

use std::collections::BTreeMap;

use loopscope_trace::{Metric, Nanos, Story};

/// One figure: its values, each from its moment on.
pub type Series = [(Nanos, u64)];

/// All figures of a run; empty where the run did not sample any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    series: BTreeMap<(Metric, u16), Vec<(Nanos, u64)>>,
}

impl Metrics {
    pub(crate) fn add(&mut self, at: Nanos, metric: Metric, of: u16, value: u64) {
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

    /// The last values under the keys of the report: lengths in seconds, `busy` as a share of all
    /// the time up to the last sample.
    pub fn report(&self, story: &Story) -> BTreeMap<String, f64> {
        let mut figures = BTreeMap::new();
        for (metric, of, values) in self.all() {
            let (Some(&(_, last)), Some(most)) =
                (values.last(), values.iter().map(|(_, value)| *value).max())
            else {
                continue;
            };
            let (key, value) = match metric {
                Metric::Busy | Metric::BucketFrom => continue,
                // A bucket has the shortest of its turns in its name.
                Metric::Bucket => {
                    let from = self.at(Metric::BucketFrom, of, Nanos::MAX).unwrap_or(0);
                    (format!("turns_from_{}s", from as f64 / 1e9), last as f64)
                }
                _ if metric.is_length() => (key(story, metric, of), last as f64 / 1e9),
                _ => (key(story, metric, of), last as f64),
            };
            if matches!(metric, Metric::PoolThreads | Metric::PoolQueue) {
                figures.insert(format!("peak_{key}"), most as f64);
            }
            figures.insert(key, value);
        }
        if let Some(busy) = figures.get("busy_time").copied()
            && let Some(end) = self.end().filter(|end| *end > Nanos::ZERO)
        {
            let workers = f64::from(story.runtime.worker_threads.max(1));
            figures.insert("busy".to_owned(), busy / (end.as_secs_f64() * workers));
        }
        figures
    }

    /// The moment of the last sample that told something.
    fn end(&self) -> Option<Nanos> {
        let last = |values: &Vec<(Nanos, u64)>| values.last().map(|(at, _)| *at);
        self.series.values().filter_map(last).max()
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

/// A figure's key in the report: `turns`, `ping.turns`.
fn key(story: &Story, metric: Metric, of: u16) -> String {
    let word = key_word(metric);
    if !metric.is_function() {
        return word.to_owned();
    }
    let function = story.functions.get(usize::from(of));
    let function = function.map_or("?", |function| function.name.as_str());
    format!("{function}.{word}")
}

// table
const fn key_word(metric: Metric) -> &'static str {
    match metric {
        Metric::Busy => "busy",
        Metric::BusyTime => "busy_time",
        Metric::Turns | Metric::FunctionTurns => "turns",
        Metric::MeanTurn | Metric::FunctionMean => "mean_turn",
        Metric::Spawned => "spawned",
        Metric::Alive => "alive",
        Metric::ReadyHere => "ready_own_queue",
        Metric::ReadyShared => "ready_shared_queue",
        Metric::PoolThreads => "pool_threads",
        Metric::PoolIdle => "pool_idle",
        Metric::PoolQueue => "pool_queue",
        Metric::Parks => "parks",
        Metric::Forced => "forced_yields",
        Metric::Bucket | Metric::BucketFrom => "turns_from",
        Metric::FunctionSlow => "slow_turns",
        Metric::FunctionDelay => "mean_delay",
    }
}

/// What a figure is called.
// table
pub const fn word(metric: Metric) -> &'static str {
    match metric {
        Metric::Busy => "busy",
        Metric::BusyTime => "busy so far",
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
        Metric::BusyTime => "The same as a length, since the start, of all workers together.",
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
