//! The thread that collects a run's events, sees its end, and ends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use loopscope_probe::Collector;
use loopscope_probe::metrics::Sampler;
use loopscope_trace::{Batch, EndReason, Event, EventKind, Nanos};
use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::engine::clock::participants::Signal;
use crate::engine::clock::virtual_clock::VirtualClock;
use crate::engine::run::loops::DrivenLoops;
use crate::engine::run::runtime::{Counters, Summary};
use crate::engine::state::incoming::Command;
use crate::engine::state::run_state::RunState;

/// Between two looks at the rings.
const PERIOD: Duration = Duration::from_millis(2);

/// Between two looks at the rings where time is computed, and flies.
const COMPUTED: Duration = Duration::from_micros(200);

/// Between two samples of the runtime's own counts.
const SAMPLE: Duration = Duration::from_millis(100);

/// Between two looks while an ended run is held.
const HELD: Duration = Duration::from_millis(20);

/// How long the end of the last task may take to show after its program has ended.
const LAST_EVENTS: Duration = Duration::from_millis(50);

/// What the supervisor is given.
pub(crate) struct Supervisor {
    pub(crate) collector: Collector,
    pub(crate) batches: Sender<Batch>,
    /// Given to ask for the end.
    pub(crate) asked: Arc<Signal>,
    /// Let go before the last batch, so that nothing of the run outlives it.
    pub(crate) state: Arc<RunState>,
    pub(crate) halt_loop: oneshot::Sender<()>,
    pub(crate) clients: Sender<Command>,
    pub(crate) client_thread: JoinHandle<()>,
    pub(crate) loop_thread: JoinHandle<Counters>,
    pub(crate) further: DrivenLoops,
    pub(crate) summary: Arc<Mutex<Option<Summary>>>,
    /// The story has ended; what happens now is no part of it.
    pub(crate) over: Arc<AtomicBool>,
    /// Keep the runtime alive after the story's end until the end is asked for.
    pub(crate) hold: bool,
    /// Where metrics were asked for.
    pub(crate) sampler: Option<Sampler>,
}

impl Supervisor {
    /// The body of the supervisor's thread.
    pub(crate) fn run(mut self) {
        let mut gathered_so_far = Batch::default();
        let reason = match self.state.clock.clone() {
            Some(clock) => self.compute(&clock, &mut gathered_so_far),
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
            self.keep(std::mem::take(&mut gathered_so_far));
        }
        self.asked.give();
        self.state.halt.give();
        let _ = self.halt_loop.send(());
        let _ = self.clients.send(Command::End);
        if let Some(children) = &self.state.children {
            children.close();
        }
        self.state.host.halt();
        for own in &self.state.loops {
            own.forget();
        }
        let clock = self.state.clock.clone();
        drop(self.state);
        let _ = self.client_thread.join();
        let further = self.further.end();
        let tokio = self.loop_thread.join().unwrap_or_default();
        let tokio = further.into_iter().fold(tokio, Counters::and);
        let wakers = clock.map(|clock| clock.state.lock().take_wakers());
        drop(wakers);
        let batch = gathered(gathered_so_far, self.collector.finish());
        if !held {
            let _ = self.batches.send(batch);
        }
        let summary = Summary {
            hooks: self.collector.tally(),
            tokio,
        };
        *self.summary.lock() = Some(summary);
    }

    /// Gathers everything until a computed story is over: all of it is one batch, so that the same
    /// story gives the same bytes.
    fn compute(&mut self, clock: &VirtualClock, gathered_so_far: &mut Batch) -> EndReason {
        loop {
            if self.asked.wait(COMPUTED) {
                clock.stop(EndReason::Stopped);
            }
            let ended = clock.ended();
            let batch = self.collector.scan();
            *gathered_so_far = gathered(std::mem::take(gathered_so_far), batch);
            if self.is_full() {
                clock.stop(EndReason::Memory);
            }
            if let Some(reason) = ended {
                return reason;
            }
        }
    }

    /// Whether what was noted takes more memory than the run may take.
    fn is_full(&self) -> bool {
        self.state.budget.is_beyond(self.collector.bytes())
    }

    /// What child processes did until now is still on its way.
    fn catch_up(&mut self) {
        let (now, began) = (self.collector.now(), Instant::now());
        while self.state.children.is_some() && began.elapsed() < LAST_EVENTS {
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

    /// Hands on the end, and keeps everything alive until the end is asked for. What happens meanwhile
    /// is drained, so that no ring runs full, and is no part of the story.
    fn keep(&mut self, gathered_so_far: Batch) {
        let mut noted = false;
        let mut before = gathered_so_far;
        loop {
            let mut batch = gathered(std::mem::take(&mut before), self.collector.scan());
            let is_end = |event: &Event| matches!(event.kind, EventKind::RunEnded { .. });
            if !noted {
                if let Some(end) = batch.events.iter().position(is_end) {
                    noted = true;
                    batch.events.truncate(end + 1);
                    batch.upto = batch.events[end].at;
                }
                if self.batches.send(batch).is_err() {
                    return;
                }
            }
            if self.asked.wait(if noted { HELD } else { PERIOD }) {
                return;
            }
        }
    }

    /// Hands on batches until the run is over.
    fn watch(&mut self) -> EndReason {
        let limit = self.state.scenario.story.limit;
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
            if let Some(reason) = self.state.budget.over() {
                return reason;
            }
            if self.is_full() {
                return EndReason::Memory;
            }
            if limit > Nanos::ZERO && self.collector.now() >= limit {
                return EndReason::Limit;
            }
            let Some(reason) = self.state.ended() else {
                quiet_since = None;
                continue;
            };
            // The programs have ended; their tasks' last events may still be on their way.
            let now = self.collector.now();
            let (moment, since) = *quiet_since.get_or_insert_with(|| (now, Instant::now()));
            let children = self.state.children.as_deref();
            if children.is_some_and(|children| !children.quiet(moment)) {
                continue;
            }
            if self.collector.open_tasks() == 0 || since.elapsed() > LAST_EVENTS {
                return reason;
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
