//! tokio-metrics: a runtime's own counters and the turns of single functions, sampled from outside its
//! threads. A sample only reads, so that it never waits for a blocked worker. Feature `metrics`.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use tokio::runtime::{Builder, Handle};
use tokio_metrics::{RuntimeIntervals, RuntimeMetrics, RuntimeMonitor, TaskMonitor};

use loopscope_trace::{EventKind, Metric};

/// Lets a runtime count the lengths of its turns, in buckets of which each is twice as wide as the
/// one before: from ten microseconds to ten seconds.
#[cfg(tokio_unstable)]
pub fn count_turns(builder: &mut Builder) {
    use tokio::runtime::{HistogramConfiguration, LogHistogram};

    let buckets = LogHistogram::builder()
        .precision_exact(0)
        .min_value(Duration::from_micros(10))
        .max_value(Duration::from_secs(10))
        .build();
    builder
        .enable_metrics_poll_time_histogram()
        .metrics_poll_time_histogram_configuration(HistogramConfiguration::log(buckets));
}

/// Without the hooks tokio does not count lengths.
#[cfg(not(tokio_unstable))]
pub fn count_turns(_builder: &mut Builder) {}

/// Measures the turns of one function's tasks.
#[derive(Clone)]
pub struct Meter(TaskMonitor);

impl Default for Meter {
    fn default() -> Self {
        Self(TaskMonitor::new())
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meter")
    }
}

impl Meter {
    /// A task's future, measured.
    pub fn measure<F: Future + Send>(
        &self,
        future: F,
    ) -> impl Future<Output = F::Output> + Send + use<F> {
        self.0.instrument(future)
    }
}

/// Samples one runtime and its functions.
pub struct Sampler {
    #[cfg_attr(not(tokio_unstable), expect(dead_code, reason = "tells nothing"))]
    handle: Handle,
    runtime: RuntimeIntervals,
    meters: Vec<Meter>,
    speed: f64,
    sums: HashMap<(Metric, u16), u64>,
    told: HashMap<(Metric, u16), u64>,
}

impl fmt::Debug for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sampler")
    }
}

impl Sampler {
    /// A sampler of a runtime whose time runs at `speed` seconds of the run in a second of
    /// wall time.
    pub fn new(runtime: &Handle, meters: Vec<Meter>, speed: f64) -> Self {
        Self {
            handle: runtime.clone(),
            runtime: RuntimeMonitor::new(runtime).intervals(),
            meters,
            speed,
            sums: HashMap::new(),
            told: HashMap::new(),
        }
    }

    /// Looks at all figures, and tells those that have changed since the last look.
    pub fn sample(&mut self, mut tell: impl FnMut(EventKind)) {
        let mut figures = Vec::new();
        if let Some(metrics) = self.runtime.next() {
            self.runtime_wide(&metrics, &mut figures);
        }
        for (of, meter) in (0_u16..).zip(&self.meters) {
            let total = meter.0.cumulative();
            if total.total_poll_count == 0 {
                continue;
            }
            figures.push((Metric::FunctionTurns, of, total.total_poll_count));
            figures.push((Metric::FunctionSlow, of, total.total_slow_poll_count));
            let mean = self.length(total.mean_poll_duration());
            figures.push((Metric::FunctionMean, of, mean));
            let delay = self.length(total.mean_scheduled_duration());
            figures.push((Metric::FunctionDelay, of, delay));
        }
        for (metric, of, value) in figures {
            if self.told.insert((metric, of), value) != Some(value) {
                tell(EventKind::Metric { metric, of, value });
            }
        }
    }

    fn runtime_wide(&mut self, metrics: &RuntimeMetrics, out: &mut Vec<(Metric, u16, u64)>) {
        let workers = metrics.workers_count.max(1) as f64;
        let whole = metrics.elapsed.as_secs_f64() * workers;
        let busy = metrics.total_busy_duration.as_secs_f64();
        let share = if whole > 0.0 { busy / whole } else { 0.0 };
        // A turn is counted when it ends, so that a long one counts for more than the interval.
        out.push((Metric::Busy, 0, (share.min(1.0) * 1e3) as u64));
        let busy = self.length(metrics.total_busy_duration);
        let busy = self.add(Metric::BusyTime, 0, busy);
        out.push((Metric::BusyTime, 0, busy));
        out.push((Metric::Alive, 0, metrics.live_tasks_count as u64));
        out.push((Metric::ReadyShared, 0, metrics.global_queue_depth as u64));
        let parks = self.add(Metric::Parks, 0, metrics.total_park_count);
        out.push((Metric::Parks, 0, parks));
        #[cfg(tokio_unstable)]
        self.unstable(metrics, out);
    }

    #[cfg(tokio_unstable)]
    fn unstable(&mut self, metrics: &RuntimeMetrics, out: &mut Vec<(Metric, u16, u64)>) {
        let turns = self.add(Metric::Turns, 0, metrics.total_polls_count);
        if metrics.total_polls_count > 0 {
            // tokio's own mean fades over many turns; a short run has few.
            let mean = metrics.total_busy_duration.as_secs_f64() / metrics.total_polls_count as f64;
            let mean = self.length(Duration::from_secs_f64(mean));
            out.push((Metric::MeanTurn, 0, mean));
        }
        let forced = self.add(Metric::Forced, 0, metrics.budget_forced_yield_count);
        // The one figure that tokio has and tokio-metrics does not.
        let spawned = self.handle.metrics().spawned_tasks_count();
        out.extend([
            (Metric::Spawned, 0, spawned),
            (Metric::Turns, 0, turns),
            (Metric::ReadyHere, 0, metrics.total_local_queue_depth as u64),
            (
                Metric::PoolThreads,
                0,
                metrics.blocking_threads_count as u64,
            ),
            (
                Metric::PoolIdle,
                0,
                metrics.idle_blocking_threads_count as u64,
            ),
            (Metric::PoolQueue, 0, metrics.blocking_queue_depth as u64),
            (Metric::Forced, 0, forced),
        ]);
        for (of, bucket) in (0_u16..).zip(metrics.poll_time_histogram.buckets()) {
            let count = self.add(Metric::Bucket, of, bucket.count());
            if count > 0 {
                let from = self.length(bucket.range_start());
                out.push((Metric::BucketFrom, of, from));
                out.push((Metric::Bucket, of, count));
            }
        }
    }

    fn add(&mut self, metric: Metric, of: u16, more: u64) -> u64 {
        let sum = self.sums.entry((metric, of)).or_default();
        *sum += more;
        *sum
    }

    /// A wall length in nanoseconds of the run.
    fn length(&self, wall: Duration) -> u64 {
        (wall.as_nanos() as f64 * self.speed) as u64
    }
}
