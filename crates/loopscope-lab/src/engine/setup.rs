//! Builds the stage and the runtime of a run, in a parent as in a child process.

use std::io;
use std::iter;
use std::sync::Arc;

use tokio::runtime::Runtime;

use super::computed::{Computed, World};
use super::files::Files;
use super::further::Further;
use super::gil::Gil;
use super::host::{Host, Real};
use super::process::Children;
use super::runtime::Place;
use super::signal::Signal;
use super::stage::{Loop, OpenCount, Stage, Texts};
use super::state::State;
use super::stop::Stopping;
use super::{Extras, Options, can_be_computed, cpu_rate, runtime};
use crate::scenario::{Action, Scenario};
use loopscope_probe::metrics::Meter;
use loopscope_probe::{Recorder, Turns, VirtualTime};
use loopscope_trace::{Clock, Story};

/// Whose time it is.
pub(super) struct Time {
    pub(super) recorder: Recorder,
    /// Where it is computed.
    pub(super) world: Option<Arc<World>>,
}

impl Time {
    /// As the story has it.
    pub(super) fn of(story: &Story, speed: f64) -> Self {
        if story.clock == Clock::Real || !can_be_computed(story) {
            return Self::real(Recorder::new(speed));
        }
        let ticks = Arc::new(VirtualTime::default());
        Self {
            recorder: Recorder::with_virtual_time(speed, Arc::clone(&ticks)),
            world: Some(World::new(ticks, story.loops.len() + 1, story.limit)),
        }
    }

    /// It really passes.
    pub(super) const fn real(recorder: Recorder) -> Self {
        Self {
            recorder,
            world: None,
        }
    }
}

/// A loop of computed time tells the world what it does.
struct Told {
    world: Arc<World>,
    place: usize,
}

impl Turns for Told {
    fn polled(&self) {
        self.world.polled(self.place);
    }

    fn parks(&self) {
        self.world.idle(self.place);
    }
}

fn turns(world: Option<&Arc<World>>, place: usize) -> Option<Arc<dyn Turns>> {
    let world = Arc::clone(world?);
    Some(Arc::new(Told { world, place }))
}

/// A stage on which nothing happens yet.
pub(super) struct Set {
    pub(super) stage: Arc<Stage>,
    pub(super) runtime: Runtime,
    pub(super) further: Further,
}

/// Builds a stage; `children` play the scenario's `process` steps.
pub(super) fn stage(
    scenario: Arc<Scenario>,
    options: &Options,
    extras: Extras,
    time: Time,
    children: Option<Arc<Children>>,
    place: Place,
) -> io::Result<Set> {
    if scenario.has_step(|action| matches!(action, Action::Cpu(_))) {
        // Now, so that the first computation does not pay for it.
        cpu_rate();
    }
    let Time { recorder, world } = time;
    let shape = &scenario.story.runtime;
    let turns = |place| turns(world.as_ref(), place);
    let runtime = runtime::build(shape, options.seed, &recorder, extras, place, turns(0))?;
    let further = match place {
        // Each copy of the server has its own.
        Place::Fleet => Further::default(),
        _ => Further::build(&scenario.story, options.seed, &recorder, turns)?,
    };
    let functions = if extras.metrics {
        scenario.functions.len()
    } else {
        0
    };
    let halt = Arc::new(Signal::default());
    let gil = shape.gil.then(|| {
        let (recorder, halt) = (recorder.clone(), Arc::clone(&halt));
        Arc::new(Gil::new(recorder, halt, options.speed, world.clone()))
    });
    let real = Real {
        recorder: recorder.clone(),
        speed: options.speed,
        halt: Arc::clone(&halt),
        gil: gil.clone(),
    };
    let host = host(real, world.as_ref(), &scenario.story);
    let stage = Stage {
        texts: Texts::new(&scenario, &recorder),
        host,
        world,
        gil,
        children,
        runtime: runtime.handle().clone(),
        loops: iter::once(runtime.handle().clone())
            .chain(further.loops())
            .map(Loop::new)
            .collect(),
        pools: further.pools().collect(),
        state: State::new(&scenario.story),
        files: Files::write(&scenario)?,
        stopping: Stopping::new(&scenario),
        speed: options.speed,
        halt,
        open: OpenCount::default(),
        meters: (0..functions).map(|_| Meter::default()).collect(),
        recorder,
        scenario,
    };
    Ok(Set {
        stage: Arc::new(stage),
        runtime,
        further,
    })
}

fn host(real: Real, world: Option<&Arc<World>>, story: &Story) -> Box<dyn Host> {
    match world {
        Some(world) => Box::new(Computed::new(Arc::clone(world), story, real.gil)),
        None => Box::new(real),
    }
}
