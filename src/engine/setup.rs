//! Builds the stage and the runtime of a run, in a parent as in a child process.

use std::io;
use std::iter;
use std::sync::Arc;

use tokio::runtime::Runtime;

use super::files::Files;
use super::further::Further;
use super::gil::Gil;
use super::host::Real;
use super::process::Children;
use super::runtime::Place;
use super::signal::Signal;
use super::stage::{Loop, OpenCount, Stage, Texts};
use super::state::State;
use super::stop::Stopping;
use super::{Extras, Options, cpu_rate, runtime};
use crate::probe::Recorder;
use crate::probe::metrics::Meter;
use crate::scenario::{Action, Scenario, Step};

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
    recorder: Recorder,
    children: Option<Arc<Children>>,
    place: Place,
) -> io::Result<Set> {
    if uses_cpu(&scenario) {
        // Now, so that the first computation does not pay for it.
        cpu_rate();
    }
    let shape = &scenario.story.runtime;
    let runtime = runtime::build(shape, options.seed, &recorder, extras, place)?;
    let further = match place {
        // Each copy of the server has its own.
        Place::Fleet => Further::default(),
        _ => Further::build(&scenario.story, options.seed, &recorder)?,
    };
    let functions = if extras.metrics {
        scenario.functions.len()
    } else {
        0
    };
    let halt = Arc::new(Signal::default());
    let gil = shape
        .gil
        .then(|| Arc::new(Gil::new(recorder.clone(), Arc::clone(&halt), options.speed)));
    let stage = Stage {
        texts: Texts::new(&scenario, &recorder),
        host: Box::new(Real {
            recorder: recorder.clone(),
            speed: options.speed,
            halt: Arc::clone(&halt),
            gil: gil.clone(),
        }),
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

fn uses_cpu(scenario: &Scenario) -> bool {
    fn any(body: &[Step]) -> bool {
        body.iter().any(|step| match &step.action {
            Action::Cpu(_) => true,
            action => action.bodies().into_iter().any(any),
        })
    }
    scenario
        .functions
        .iter()
        .any(|function| any(&function.body))
}
