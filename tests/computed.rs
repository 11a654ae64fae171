//! Computed time: the same story gives the same bytes, and the same result as the real clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use loopscope::engine::{self, Options};
use loopscope::scenario::{Choices, Scenario, library, load};
use loopscope::timeline::Timeline;
use loopscope::trace::{Clock, Trace, file};

fn scenarios() -> Vec<Scenario> {
    let choices = Choices {
        clock: Clock::Virtual,
        ..Choices::default()
    };
    let all = library::all().into_iter();
    let loaded = all.map(|entry| load(&entry.source, &entry.file, &choices).expect("it is right"));
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

fn bytes(trace: &Trace) -> Vec<u8> {
    let mut bytes = Vec::new();
    file::write(trace, &mut bytes).expect("memory takes it");
    bytes
}

#[test]
fn twenty_runs_of_every_scenario_give_the_same_bytes() {
    let mut unlike = BTreeMap::new();
    for scenario in scenarios() {
        let first = bytes(&played(&scenario));
        let others = (1..20).filter(|_| bytes(&played(&scenario)) != first);
        let others = others.count();
        if others > 0 {
            unlike.insert(scenario.story.id, others);
        }
    }
    assert!(unlike.is_empty(), "of 19 more runs were unlike: {unlike:?}");
}

#[test]
fn nearly_all_scenarios_can_be_computed() {
    let computed = scenarios().len();
    let all = library::all().len();
    assert!(computed * 10 >= all * 7, "{computed} of {all}");
}

#[test]
fn no_event_is_lost_and_none_is_illegal() {
    for scenario in scenarios() {
        let timeline = Timeline::from_trace(played(&scenario));
        let world = timeline.live();
        let id = &scenario.story.id;
        assert_eq!(world.dropped, 0, "{id}");
        assert_eq!(world.problems, 0, "{id}");
        assert!(world.ended.is_some(), "{id}");
    }
}

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
    let mut unlike = Vec::new();
    for computed in scenarios() {
        let law = Law {
            in_order: computed.story.expect.output.is_some(),
            computes: computed.story.steps.iter().any(|step| step.key == "cpu"),
        };
        let mut real = computed.clone();
        real.story.clock = Clock::Real;
        real.story.speed = computed.story.max_speed.unwrap_or(20.0).min(20.0);
        let expected = Timeline::from_trace(played(&computed));
        let mut last = String::new();
        let held = (0..3).any(|_| {
            let seen = Timeline::from_trace(played(&real));
            last = differs(law, &expected, &seen);
            last.is_empty()
        });
        if !held {
            unlike.push(format!("{}: {last}", computed.story.id));
        }
    }
    assert!(unlike.is_empty(), "{unlike:#?}");
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
fn differs(law: Law, computed: &Timeline, real: &Timeline) -> String {
    let (expected, seen) = (lines(law, computed), lines(law, real));
    if expected != seen {
        return format!("{seen:?} is not {expected:?}");
    }
    let length = |timeline: &Timeline| timeline.elapsed().unwrap_or_default().as_secs_f64();
    let (expected, seen, speed) = (length(computed), length(real), real.story().speed);
    let slack = (expected * 0.05).max(0.1 * speed);
    let late = seen > expected + slack && !law.computes;
    if late || seen < expected - slack {
        return format!("{seen:.3}s is not {expected:.3}s");
    }
    String::new()
}

#[test]
fn two_processes_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    for scenario in scenarios() {
        let id = &scenario.story.id;
        let recorded = |name: &str| {
            let file = folder.path().join(name);
            let status = std::process::Command::new(env!("CARGO_BIN_EXE_loopscope"))
                .args(["run", id, "--clock", "virtual", "--json", "--record"])
                .arg(&file)
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .status()
                .expect("the program starts");
            assert!(status.success(), "{id}");
            std::fs::read(&file).expect("a recording")
        };
        assert!(recorded("one") == recorded("two"), "{id}");
    }
}
