//! The thread that collects a run's events, sees its end, and ends it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::client::Command;
use super::computed::World;
use super::further::Driven;
use super::process::Children;
use super::runtime::Counters;
use super::signal::Signal;
use super::stage::{OpenCount, Stage};
use loopscope_probe::metrics::Sampler;
use loopscope_probe::{Collector, Tally};
use loopscope_trace::{Batch, EndReason, Event, EventKind, Nanos};

/// Between two looks at the rings.
const PERIOD: Duration = Duration::from_millis(2);
/// Between two looks at the rings where time is computed, and flies.
const COMPUTED: Duration = Duration::from_micros(200);
/// Between two samples of the runtime's own counts.
const SAMPLE: Duration = Duration::from_millis(100);
/// Between two looks while an ended run is held.
const HELD: Duration = Duration::from_millis(20);
/// How long the end of the last task may take to show after its program has ended.
const PATIENCE: Duration = Duration::from_millis(50);

/// What a run counted, once it is over: by the hooks, and by tokio itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// What the hooks told.
    pub hooks: Tally,
    /// What tokio counted.
    pub tokio: Counters,
}

/// What the supervisor is given.
pub(super) struct Supervisor {
    pub(super) collector: Collector,
    pub(super) batches: Sender<Batch>,
    /// Somebody asks for the end.
    pub(super) asked: Arc<Signal>,
    /// Tells everybody in the run to let go.
    pub(super) halt: Arc<Signal>,
    /// Where time is computed.
    pub(super) stage: Option<Arc<Stage>>,
    pub(super) halt_loop: oneshot::Sender<()>,
    pub(super) open: OpenCount,
    /// Child processes, where the scenario has some.
    pub(super) children: Option<Arc<Children>>,
    pub(super) limit: Nanos,
    pub(super) clients: Sender<Command>,
    pub(super) client_thread: JoinHandle<()>,
    pub(super) loop_thread: JoinHandle<Counters>,
    pub(super) further: Driven,
    /// The server has been stopped, and nothing is left that it would wait for.
    pub(super) stopped: Arc<Signal>,
    pub(super) summary: Arc<Mutex<Option<Summary>>>,
    /// The story has ended; whatever happens now is not told.
    pub(super) over: Arc<AtomicBool>,
    /// Keep the runtime alive after the story's end until somebody asks.
    pub(super) hold: bool,
    /// Where metrics were asked for.
    pub(super) sampler: Option<Sampler>,
}

impl Supervisor {
    /// The body of the supervisor's thread.
    pub(super) fn run(mut self) {
        let mut hoard = Batch::default();
        let reason = match self.stage.as_ref().and_then(|stage| stage.world.clone()) {
            Some(world) => self.compute(&world, &mut hoard),
            None => self.watch(),
        };
        // First the end, then the shutdown: what ends from now on was unfinished.
        if self.sampler.is_some() {
            // A worker writes its counts when it goes to sleep, a moment after the last task.
            std::thread::sleep(PERIOD);
            self.sample();
        }
        if reason != EndReason::Stopped {
            self.catch_up();
        }
        self.collector.run_ended(reason);
        self.over.store(true, Ordering::Release);
        let held = self.hold && reason != EndReason::Stopped;
        if held {
            self.keep(std::mem::take(&mut hoard));
        }
        self.asked.give();
        self.halt.give();
        let _ = self.halt_loop.send(());
        let _ = self.clients.send(Command::End);
        if let Some(children) = &self.children {
            children.close();
        }
        if let Some(stage) = self.stage.take() {
            stage.host.halt();
        }
        let _ = self.client_thread.join();
        let further = self.further.end();
        let tokio = self.loop_thread.join().unwrap_or_default();
        let tokio = further.into_iter().fold(tokio, Counters::and);
        let batch = gathered(hoard, self.collector.finish());
        if !held {
            let _ = self.batches.send(batch);
        }
        let summary = Summary {
            hooks: self.collector.tally(),
            tokio,
        };
        *self.summary.lock().unwrap_or_else(PoisonError::into_inner) = Some(summary);
    }

    /// Gathers everything until a computed story is over: all of it is one batch, so that the same
    /// story gives the same bytes.
    fn compute(&mut self, world: &World, hoard: &mut Batch) -> EndReason {
        loop {
            if self.asked.wait(COMPUTED) {
                world.stop();
            }
            let ended = world.ended();
            let batch = self.collector.scan();
            *hoard = gathered(std::mem::take(hoard), batch);
            if let Some(reason) = ended {
                return reason;
            }
        }
    }

    /// What child processes did until now is still on its way.
    fn catch_up(&mut self) {
        let (now, began) = (self.collector.now(), Instant::now());
        while self.children.is_some() && began.elapsed() < PATIENCE {
            let batch = self.collector.scan();
            let caught_up = batch.upto >= now;
            if self.batches.send(batch).is_err() || caught_up {
                return;
            }
            std::thread::sleep(PERIOD);
        }
    }

    /// Notes what the runtime has counted since the last sample. Reads only, from this thread,
    /// so that a blocked worker holds nothing up but its own figures.
    fn sample(&mut self) {
        if let Some(sampler) = &mut self.sampler {
            sampler.sample(|figure| self.collector.note(figure));
        }
    }

    /// Hands on the end, and keeps everything alive until somebody asks. What happens meanwhile
    /// is drained, so that no ring runs full, and is no part of the story.
    fn keep(&mut self, hoard: Batch) {
        let mut told = false;
        let mut before = hoard;
        loop {
            let mut batch = gathered(std::mem::take(&mut before), self.collector.scan());
            let is_end = |event: &Event| matches!(event.kind, EventKind::RunEnded { .. });
            if !told {
                if let Some(end) = batch.events.iter().position(is_end) {
                    told = true;
                    batch.events.truncate(end + 1);
                    batch.upto = batch.events[end].at;
                }
                if self.batches.send(batch).is_err() {
                    return;
                }
            }
            if self.asked.wait(if told { HELD } else { PERIOD }) {
                return;
            }
        }
    }

    /// Hands on batches until the run is over.
    fn watch(&mut self) -> EndReason {
        let mut quiet_since = None;
        let mut sampled = Instant::now();
        loop {
            if sampled.elapsed() >= SAMPLE {
                sampled = Instant::now();
                self.sample();
            }
            if self.asked.wait(PERIOD) {
                return EndReason::Stopped;
            }
            let batch = self.collector.scan();
            if self.batches.send(batch).is_err() {
                return EndReason::Stopped;
            }
            if self.limit > Nanos::ZERO && self.collector.now() >= self.limit {
                return EndReason::Limit;
            }
            if self.open.get() > 0 && !self.stopped.given() {
                quiet_since = None;
                continue;
            }
            // The programs have ended; their tasks' last events may still be on their way.
            let now = self.collector.now();
            let (moment, since) = *quiet_since.get_or_insert_with(|| (now, Instant::now()));
            let children = self.children.as_deref();
            if children.is_some_and(|children| !children.quiet(moment)) {
                continue;
            }
            if self.collector.open_tasks() == 0 || since.elapsed() > PATIENCE {
                return EndReason::Finished;
            }
        }
    }
}

/// Two batches as one.
fn gathered(mut first: Batch, then: Batch) -> Batch {
    first.texts.extend(then.texts);
    first.events.extend(then.events);
    first.upto = then.upto;
    first
}
