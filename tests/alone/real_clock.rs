//! Runs at the pace of the wall: as long as the computed ones, and told a little at a time.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::common::alone::{measured, one_at_a_time};
use crate::common::play::{self, millis, scenario, secs};
use loopscope::VOCABULARY;
use loopscope::engine::{self, Options};
use loopscope::library;
use loopscope::scenario::{Choices, Scenario, load};
use loopscope::timeline::Timeline;
use loopscope::trace::{Clock, Nanos, Trace};

/// How far a real run may be held against a computed one.
#[derive(Clone, Copy)]
struct Law {
    /// The lines stand in one order on every run; else only the same lines must be there.
    in_order: bool,
    /// It needs a processor for itself, which a loaded machine may not give it: it may take longer.
    computes: bool,
}

#[test]
fn the_real_clock_gives_the_same_lines_and_nearly_the_same_length() {
    let _turn = one_at_a_time();
    for computed in scenarios() {
        let law = Law {
            in_order: computed.story.expect.output.is_some(),
            computes: computed.story.steps.iter().any(|step| step.key == "cpu"),
        };
        let mut real = computed.clone();
        real.story.clock = Clock::Real;
        real.story.speed = computed.story.max_speed.unwrap_or(20.0).min(20.0);
        let expected = Timeline::from_trace(played(&computed));
        let (id, tries) = (&computed.story.id, Cell::new(0));
        measured(|| {
            let seen = Timeline::from_trace(played(&real));
            let (told, wanted) = (lines(law, &seen), lines(law, &expected));
            tries.set(tries.get() + 1);
            // An order counts on any machine, with one more try than it takes to be unlucky.
            assert!(
                told == wanted || tries.get() < 3,
                "{id}: {told:?} is not {wanted:?}"
            );
            let how = differs(law, &expected, &seen);
            how.map_or(Ok(()), |how| Err(format!("{id}: {how}")))
        });
    }
}

fn scenarios() -> Vec<Scenario> {
    let choices = Choices {
        clock: Clock::Virtual,
        ..Choices::default()
    };
    let all = library::all().into_iter();
    let loaded = all
        .map(|entry| load(&entry.source, &entry.file, &choices, &VOCABULARY).expect("it is right"));
    loaded
        .filter(|scenario| engine::can_be_computed(&scenario.story))
        .collect()
}

fn played(scenario: &Scenario) -> Trace {
    let options = Options {
        speed: scenario.story.speed,
        seed: scenario.story.seed,
    };
    let run = engine::start(Arc::new(scenario.clone()), &options).expect("it starts");
    let mut trace = Trace::new(scenario.story.clone());
    for batch in run.batches() {
        trace.extend(batch);
    }
    trace
}

fn lines(law: Law, timeline: &Timeline) -> Vec<&str> {
    let trace = timeline.trace();
    let lines = timeline.outputs().iter();
    let mut lines: Vec<_> = lines.map(|line| trace.text(line.text)).collect();
    if !law.in_order {
        lines.sort_unstable();
    }
    lines
}

/// What is unlike, beyond five in a hundred and what a loaded machine may take besides.
fn differs(law: Law, computed: &Timeline, real: &Timeline) -> Option<String> {
    let (expected, seen) = (lines(law, computed), lines(law, real));
    if expected != seen {
        return Some(format!("{seen:?} is not {expected:?}"));
    }
    let length = |timeline: &Timeline| timeline.elapsed().unwrap_or_default().as_secs_f64();
    let (expected, seen, speed) = (length(computed), length(real), real.story().speed);
    let slack = (expected * 0.05).max(0.1 * speed);
    let late = seen > expected + slack && !law.computes;
    if late || seen < expected - slack {
        return Some(format!("{seen:.3}s is not {expected:.3}s"));
    }
    None
}

#[test]
fn a_batch_comes_every_few_milliseconds() {
    let _turn = one_at_a_time();
    measured(|| {
        let run = scenario()
            .function("main", true, vec![play::sleep(secs(60))])
            .start(0, Nanos::ZERO)
            .begin(1.0);
        let began = Instant::now();
        let mut batches = 0;
        let mut upto = Nanos::ZERO;
        while began.elapsed() < Duration::from_millis(300) {
            if let Ok(batch) = run.batches().recv_timeout(Duration::from_secs(5)) {
                upto = play::obeys(&batch, upto);
                batches += 1;
            }
        }
        let held = batches > 15 && upto > millis(100);
        held.then_some(())
            .ok_or_else(|| format!("{batches} batches up to {upto:?}"))
    });
}
