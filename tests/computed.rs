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
