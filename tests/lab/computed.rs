//! Computed time: the same story gives the same bytes, and the same result as the real clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use loopscope::VOCABULARY;
use loopscope::engine::{self, Extras, Options};
use loopscope::library;
use loopscope::scenario::{Choices, FileName, Scenario, load};
use loopscope::timeline::{Timeline, explain};
use loopscope::trace::{Answer, Answers, Clock, EndReason, EventKind, Trace, recording};
use loopscope::tui::text::text;

use crate::common::play;

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

fn bytes(trace: &Trace) -> Vec<u8> {
    let mut bytes = Vec::new();
    recording::write(trace, &mut bytes).expect("memory takes it");
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

/// A story of very many moments, loaded to be computed.
fn long() -> Scenario {
    let source = "title = \"long\"\nlimit = \"80000s\"\n\
        [[function]]\nname = \"main\"\n\
        body = [{ repeat = 100000, do = [{ sleep = \"1ms\" }, { block = \"1ms\" }] }]\n\
        [[start]]\nrun = \"main\"\n";
    let choices = Choices {
        clock: Clock::Virtual,
        ..Choices::default()
    };
    load(source, &FileName::default(), &choices, &VOCABULARY)
        .unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn a_computed_run_that_is_stopped_ends_at_once() {
    let options = Options {
        speed: 1.0,
        seed: 0,
    };
    let run = engine::start(Arc::new(long()), &options).expect("it starts");
    std::thread::sleep(Duration::from_millis(20));
    run.stop();
    let mut last = None;
    loop {
        match run.batches().recv_timeout(Duration::from_secs(20)) {
            Ok(batch) => last = batch.events.last().copied().or(last),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => panic!("its threads do not end"),
        }
    }
    let stopped = EventKind::RunEnded {
        reason: EndReason::Stopped,
    };
    assert_eq!(last.map(|event| event.kind), Some(stopped));
}

#[test]
fn a_computed_run_that_is_held_has_told_everything() {
    let all = scenarios();
    let scenario = all.iter().find(|one| one.story.id == "blocking-sleep");
    let scenario = Arc::new(scenario.expect("it is one of ours").clone());
    let options = Options {
        speed: 1.0,
        seed: 0,
    };
    let held = Extras {
        hold: true,
        ..Extras::default()
    };
    let run = engine::start_with(Arc::clone(&scenario), &options, held).expect("it starts");
    let mut timeline = Timeline::new(scenario.story.clone());
    while timeline.ended().is_none() {
        let batch = run.batches().recv_timeout(Duration::from_secs(20));
        timeline.extend(batch.expect("it goes on to its end"));
    }
    assert_eq!(timeline.outputs().len(), 4);
}

/// Each slice of CPython's lock wakes the two threads that it is passed between, and no other one.
#[test]
fn a_loop_sleeps_while_threads_pass_the_lock_on() {
    let source = r#"
title = "crowd"
[runtime]
gil = true
[[function]]
name = "f"
route = "/f"
async = false
body = [{ cpu = "1s" }, { respond = "x" }]
[[client]]
name = "c"
requests = [{ route = "/f", times = 5 }]
"#;
    let trace = play::toml(source, 1.0).trace;
    let count = |wanted: fn(&EventKind) -> bool| {
        let all = trace.events.iter();
        all.filter(|event| wanted(&event.kind)).count()
    };
    let taken = count(|kind| matches!(kind, EventKind::GilTaken { .. }));
    let unparked = count(|kind| matches!(kind, EventKind::Unparked { .. }));
    assert!(taken > 900, "five seconds in slices of 5 ms: {taken}");
    assert!(unparked < 200, "{unparked} wakes of the loop");
}

/// The end screen at 80 columns has three rows for it, and a cut sentence teaches nothing.
#[test]
fn the_answer_of_every_scenario_is_whole_on_a_projector() {
    let mut cut = Vec::new();
    for scenario in scenarios() {
        let timeline = Timeline::from_trace(played(&scenario));
        let questions = &scenario.story.questions;
        let options = questions
            .first()
            .map_or(0, |question| question.options.len());
        let said = (0..options).map(|option| {
            let mut answers = Answers::default();
            answers.of_mut(0).answers = vec![Answer::Option(option)];
            answers
        });
        for answers in std::iter::once(Answers::default()).chain(said) {
            let words = explain::result(&timeline, &answers);
            if text::wrap(&words, 78, 9).len() > 3 {
                cut.push(format!("{}: {words}", scenario.story.id));
            }
        }
    }
    assert!(cut.is_empty(), "{}", cut.join("\n"));
}
