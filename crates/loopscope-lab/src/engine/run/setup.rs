//! Builds the shared state and the runtimes of a run, in a parent as in a child process.

use std::sync::Arc;
use std::{io, iter};

use loopscope_probe::metrics::Meter;
use loopscope_probe::{Recorder, Turns, VirtualTime, detail};
use loopscope_trace::{Clock, Detail, Story};
use tokio::runtime::Runtime;

use crate::engine::children::pool::Children;
use crate::engine::clock::cpu::cpu_rate;
use crate::engine::clock::gil::Gil;
use crate::engine::clock::host::{Host, RealHost};
use crate::engine::clock::participants::Signal;
use crate::engine::clock::pool_threads::PoolThreads;
use crate::engine::clock::real_timers::LoopTimers;
use crate::engine::clock::virtual_clock::VirtualClock;
use crate::engine::clock::virtual_host::VirtualHost;
use crate::engine::options::{Extras, Options, can_be_computed};
use crate::engine::run::loops::Loops;
use crate::engine::run::runtime::{self, Place};
use crate::engine::state::budget::Budget;
use crate::engine::state::listed::Listed;
use crate::engine::state::open::{OpenCount, Stopping};
use crate::engine::state::run_state::{Files, Loop, RunState, Texts};
use crate::engine::state::semantics::Semantics;
use crate::engine::state::shared_values::SharedValues;
use crate::engine::state::unwoken::Unwoken;
use crate::scenario::model::scenario::Scenario;
use crate::scenario::model::step::Action;

/// Whose time it is.
pub(crate) struct Time {
    pub(crate) recorder: Recorder,
    /// Where it is computed.
    pub(crate) clock: Option<Arc<VirtualClock>>,
}

impl Time {
    /// As the story has it.
    pub(crate) fn of(story: &Story, speed: f64) -> Self {
        if story.clock == Clock::Real || !can_be_computed(story) {
            return Self::real(Recorder::new(speed));
        }
        let ticks = Arc::new(VirtualTime::default());
        Self {
            recorder: Recorder::with_virtual_time(speed, Arc::clone(&ticks)),
            clock: Some(VirtualClock::new(
                ticks,
                story.loops.len() + 1,
                story.limit,
                Semantics::of(story).calls_in_order(),
            )),
        }
    }

    /// It really passes.
    pub(crate) const fn real(recorder: Recorder) -> Self {
        Self {
            recorder,
            clock: None,
        }
    }
}

/// A loop tells the clock what it does, where time is computed, and lets go of CPython's lock before it waits.
#[derive(Clone)]
struct LoopTurns {
    clock: Option<Arc<VirtualClock>>,
    gil: Option<Arc<Gil>>,
    timers: Option<Arc<LoopTimers>>,
    /// One a loop; none where no thread puts anything past its loop.
    unwoken: Vec<Arc<Unwoken>>,
    place: usize,
}

impl Turns for LoopTurns {
    fn polled(&self) {
        if let Some(clock) = &self.clock {
            clock.polled(self.place);
        }
        if let Some(timers) = &self.timers {
            timers.polled(self.place);
        }
    }

    fn parks(&self) {
        if let Some(own) = self.unwoken.get(self.place) {
            own.parks();
        }
        if let Some(gil) = &self.gil {
            gil.give();
        }
        if let Some(clock) = &self.clock {
            clock.idle(self.place);
        }
        if let Some(timers) = &self.timers {
            timers.parks(self.place);
        }
    }
}

impl LoopTurns {
    /// Of the loop at `place`, where it has anything to tell.
    fn of(self, place: usize) -> Option<Arc<dyn Turns>> {
        let tells = self.clock.is_some()
            || self.gil.is_some()
            || self.timers.is_some()
            || !self.unwoken.is_empty();
        tells.then(|| -> Arc<dyn Turns> { Arc::new(Self { place, ..self }) })
    }
}

/// Whether anything in it computes.
fn computes(scenario: &Scenario) -> bool {
    scenario.functions.iter().any(|own| own.encode.is_some())
        || scenario.has_step(|action| matches!(action, Action::Cpu { .. }))
}

/// A run in which nothing happens yet.
pub(crate) struct Prepared {
    pub(crate) state: Arc<RunState>,
    pub(crate) runtime: Runtime,
    pub(crate) loops: Loops,
}

/// What lies past each loop, where values are put so.
fn unwoken(scenario: &Scenario) -> Vec<Arc<Unwoken>> {
    let past = |action: &Action| matches!(action, Action::Send { is_unsafe, .. } if *is_unsafe);
    let loops = match scenario.has_step(past) {
        true => scenario.story.loops.len() + 1,
        false => 0,
    };
    (0..loops).map(|_| Arc::default()).collect()
}

/// Builds the shared state and the runtimes; `children` play the scenario's `process` steps.
pub(crate) fn build(
    scenario: Arc<Scenario>,
    options: &Options,
    extras: &Extras,
    time: Time,
    children: Option<Arc<Children>>,
    place: Place,
) -> io::Result<Prepared> {
    if computes(&scenario) {
        // Now, so that the first computation does not pay for it.
        cpu_rate();
    }
    let (metrics, memory, delays) = (extras.metrics, extras.memory(), extras.delays);
    let Time { recorder, clock } = time;
    let shape = &scenario.story.runtime;
    let semantics = Semantics::of(&scenario.story);
    let has_gil = shape.gil && semantics.has_gil();
    let story = &scenario.story;
    let real = real(has_gil, &recorder, options.speed, clock.as_ref(), story);
    let unwoken = unwoken(&scenario);
    let told = LoopTurns {
        clock: clock.clone(),
        gil: real.gil.clone(),
        timers: real.timers.clone(),
        unwoken: unwoken.clone(),
        place: 0,
    };
    let turns = |place| told.clone().of(place);
    let runtime = runtime::build(shape, options.seed, &recorder, metrics, place, turns(0))?;
    let further = match place {
        // Each copy of the server has its own.
        Place::Parent => Loops::default(),
        _ => Loops::build(&scenario.story, options.seed, &recorder, turns)?,
    };
    let functions = if metrics { scenario.functions.len() } else { 0 };
    let (halt, gil) = (Arc::clone(&real.halt), real.gil.clone());
    let state = RunState {
        texts: Texts::new(&scenario, &recorder),
        listed: Listed::of(&scenario.story),
        host: host(real, clock.as_ref(), &scenario.story, delays),
        clock,
        gil,
        children,
        runtime: runtime.handle().clone(),
        loops: iter::once(runtime.handle().clone())
            .chain(further.handles())
            .enumerate()
            .map(|(place, handle)| Loop::new(handle, unwoken.get(place).cloned()))
            .collect(),
        pools: further.pools().collect(),
        semantics,
        values: SharedValues::new(&scenario.story),
        files: Files::write(&scenario)?,
        stopping: Arc::new(Stopping::new(&scenario)),
        pending: OpenCount::default(),
        speed: options.speed,
        halt,
        budget: Budget::new(memory),
        open: OpenCount::default(),
        meters: (0..functions).map(|_| Meter::default()).collect(),
        recorder,
        scenario,
    };
    Ok(Prepared {
        state: Arc::new(state),
        runtime,
        loops: further,
    })
}

/// RealHost time, and CPython's lock where `gil` asks for it.
fn real(
    gil: bool,
    recorder: &Recorder,
    speed: f64,
    clock: Option<&Arc<VirtualClock>>,
    story: &Story,
) -> RealHost {
    let (recorder, halt) = (recorder.clone(), Arc::new(Signal::default()));
    // Without tokio's hooks a loop does not tell its turns.
    let iterates = Semantics::of(story).calls_in_order() && detail() == Detail::Full;
    let loops = story.loops.len() + 1;
    let timers =
        (iterates && clock.is_none()).then(|| LoopTimers::new(recorder.clone(), speed, loops));
    let gil = gil.then(|| {
        let (recorder, halt) = (recorder.clone(), Arc::clone(&halt));
        Arc::new(Gil::new(recorder, halt, speed, clock.cloned()))
    });
    RealHost {
        recorder,
        speed,
        halt,
        gil,
        threads: iter::once(story.runtime.pool_threads)
            .chain(story.pools.iter().map(|pool| pool.threads))
            .map(PoolThreads::new)
            .collect(),
        timers,
    }
}

fn host(
    real: RealHost,
    clock: Option<&Arc<VirtualClock>>,
    story: &Story,
    delays: Option<u64>,
) -> Box<dyn Host> {
    let Some(clock) = clock else {
        return Box::new(real);
    };
    if let Some(seed) = delays {
        clock.disturb(seed);
    }
    Box::new(VirtualHost::new(Arc::clone(clock), story, real.gil))
}
