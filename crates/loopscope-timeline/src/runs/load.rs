//! Whether other programs used the cores that a run computed on, and what that bends.

use crate::moments::timeline::Timeline;
use loopscope_trace::{Clock, Nanos, StepId};

/// Computing that takes so many times its own length was kept from its core.
const FACTOR: f64 = 1.3;

/// Shorter delays than this, in wall seconds, are the system's own.
const OWN: f64 = 0.02;

/// Computing on a machine that others use, in scenario seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Busy {
    /// What all computing so far would have taken on a core of its own.
    pub alone: f64,
    /// What it took.
    pub took: f64,
}

/// How long the computing of a run took, where others used the cores meanwhile: a step computes by the
/// time that its thread had a core. `None` where nothing shows that, and where the run's own threads
/// or CPython's lock may be why.
pub fn busy(timeline: &Timeline) -> Option<Busy> {
    let (story, world) = (timeline.story(), timeline.live());
    let own = world.pools_in_use().peak_busy > 1
        || world.loops().nth(1).is_some()
        || !world.shared.processes.is_empty();
    if story.clock != Clock::Real || story.runtime.gil || own {
        return None;
    }
    let mut sum = Busy {
        alone: 0.0,
        took: 0.0,
    };
    for (step, hold) in timeline.holds().iter().enumerate() {
        let named = story.step(StepId::from(step)).filter(|_| hold.computes);
        if let Some(alone) = named.and_then(|step| step.named_seconds()) {
            sum.alone += alone * f64::from(hold.count);
            sum.took += hold.total.as_secs_f64();
        }
    }
    let is_late = sum.took > sum.alone * FACTOR + OWN * story.speed.max(1.0);
    (sum.alone > 0.0 && is_late).then_some(sum)
}

/// How long a run would have taken on a free machine, where it was on a busy one and that can be told: all
/// its computing was done by its one loop.
pub(crate) fn on_a_free_machine(timeline: &Timeline) -> Option<Nanos> {
    let busy = busy(timeline).filter(|_| timeline.live().pools_in_use().peak_busy == 0)?;
    let elapsed = timeline.elapsed()?.as_secs_f64();
    Some(Nanos::from_secs_f64(elapsed - (busy.took - busy.alone)))
}
