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
    /// By how much a loop that had nothing to do was woken too late, at most.
    pub late: f64,
}

/// How long the computing of a run took, where others used the cores meanwhile: a step computes by the
/// time that its thread had a core, and a loop that rests is woken when its timer runs out. `None` where nothing shows that, and where the run's own threads
/// or CPython's lock may be why.
pub fn busy(timeline: &Timeline) -> Option<Busy> {
    let (story, world) = (timeline.story(), timeline.live());
    let several = world.pools_in_use().peak_busy > 1;
    let elsewhere = world.loops().nth(1).is_some() || !world.shared.processes.is_empty();
    if story.clock != Clock::Real || story.runtime.gil || elsewhere {
        return None;
    }
    let mut sum = Busy {
        alone: 0.0,
        took: 0.0,
        late: timeline.accounts.late.as_secs_f64(),
    };
    for (step, hold) in timeline.holds().iter().enumerate() {
        // Of several threads that compute, one may be what keeps another from its core.
        let counts = hold.computes && !several;
        let named = story.step(StepId::from(step)).filter(|_| counts);
        if let Some(alone) = named.and_then(|step| step.named_seconds()) {
            sum.alone += alone * f64::from(hold.count);
            sum.took += hold.total.as_secs_f64();
        }
    }
    let own = OWN * story.speed.max(1.0);
    let is_slow = sum.alone > 0.0 && sum.took > sum.alone * FACTOR + own;
    (is_slow || sum.late > own).then_some(sum)
}

/// How long a run would have taken on a free machine, where it was on a busy one and that can be told: the same
/// was computed, or all its computing was done by its one loop.
pub(crate) fn on_a_free_machine(timeline: &Timeline) -> Option<Nanos> {
    let busy = busy(timeline)?;
    let elapsed = timeline.elapsed()?;
    if let Some(computed) = timeline.computed {
        return Some(computed).filter(|computed| *computed < elapsed);
    }
    let pools = timeline.live().pools_in_use();
    if pools.peak_busy > 0 || busy.took <= busy.alone {
        return None;
    }
    let elapsed = elapsed.as_secs_f64();
    Some(Nanos::from_secs_f64(elapsed - (busy.took - busy.alone)))
}
