//! A run told to people: in sentences, each when it becomes true.

use std::sync::Arc;

use loopscope::VOCABULARY;
use loopscope::engine::{self, Options};
use loopscope::export::narrate::Narrator;
use loopscope::library;
use loopscope::scenario::{Choices, load};
use loopscope::timeline::Timeline;
use loopscope::trace::{Batch, Clock, EndReason, Event, EventKind, Language, Nanos, Trace};

/// What happens in one of ours, on the virtual clock.
fn trace(id: &str) -> Trace {
    let entry = library::find(id).expect("one of ours");
    let choices = Choices {
        clock: Clock::Virtual,
        ..Choices::default()
    };
    let scenario = load(&entry.source, &entry.file, &choices, &VOCABULARY).expect("it is right");
    let mut trace = Trace::new(scenario.story.clone());
    let options = Options {
        speed: scenario.story.speed,
        seed: 0,
    };
    let run = engine::start(Arc::new(scenario), &options).expect("it starts");
    for batch in run.batches() {
        trace.extend(batch);
    }
    trace
}

fn told(trace: &Trace) -> Vec<String> {
    let timeline = Timeline::from_trace(trace.clone());
    Narrator::new(&timeline, Language::Python).news(&timeline)
}

/// The same trace, a few moments at a time: what happens at one moment may arrive together only,
/// for a finding is told as it stood at the end of its moment.
fn told_in_pieces(trace: &Trace, piece: usize) -> Vec<String> {
    let mut timeline = Timeline::new(trace.story.clone());
    let mut narrator = Narrator::new(&timeline, Language::Python);
    let mut lines = Vec::new();
    let mut texts = trace.texts.clone();
    let moments: Vec<&[Event]> = trace
        .events
        .chunk_by(|one, next| one.at == next.at)
        .collect();
    for moments in moments.chunks(piece) {
        let events = moments.concat();
        timeline.extend(Batch {
            rows: Vec::new(),
            texts: std::mem::take(&mut texts),
            upto: events.last().map_or(trace.upto, |event| event.at),
            events,
        });
        lines.extend(narrator.news(&timeline));
    }
    lines
}

#[test]
fn the_blocked_loop_is_told() {
    insta::assert_snapshot!(told(&trace("blocking-sleep")).join("\n"));
}

#[test]
fn a_crowd_is_told_in_groups() {
    insta::assert_snapshot!(told(&trace("four-routes-sync")).join("\n"));
}

#[test]
fn it_does_not_matter_how_the_trace_arrives() {
    for id in ["blocking-sleep", "cpu-loop", "next-id-race", "budget"] {
        let trace = trace(id);
        for piece in [1, 7, 100] {
            assert_eq!(told_in_pieces(&trace, piece), told(&trace), "{id}, {piece}");
        }
    }
}

#[test]
fn who_stops_a_run_hears_nothing_of_its_end() {
    let mut trace = trace("blocking-sleep");
    trace
        .events
        .retain(|event| event.at < Nanos::from_millis(2_000));
    trace.upto = Nanos::from_millis(2_000);
    trace.events.push(Event {
        at: trace.upto,
        kind: EventKind::RunEnded {
            reason: EndReason::Stopped,
        },
    });
    let lines = told(&trace);
    assert_eq!(lines.last().expect("a line"), "2.00s: The run was stopped.");
    assert!(
        lines.iter().all(|line| !line.contains("Two sleeps")),
        "{lines:?}"
    );
}

#[test]
fn no_run_of_ours_tires_a_listener() {
    for entry in library::all() {
        let id = entry.file.id.as_str();
        let scenario = load(&entry.source, &entry.file, &Choices::default(), &VOCABULARY)
            .expect("it is right");
        if !engine::can_be_computed(&scenario.story) {
            continue;
        }
        let lines = told(&trace(id));
        assert!((3..=100).contains(&lines.len()), "{id}: {}", lines.len());
        for line in &lines {
            assert!(line.ends_with(['.', '!', '?', '…']), "{id}: {line}");
            assert!(
                !line.contains(|sign: char| sign.is_control()),
                "{id}: {line:?}"
            );
            let at = line
                .split("s: ")
                .next()
                .and_then(|at| at.parse::<f64>().ok());
            assert!(at.is_some() || line.starts_with("Counted"), "{id}: {line}");
        }
        let over = lines.iter().filter(|line| line.contains("The run is over"));
        assert_eq!(over.count(), 1, "{id}");
    }
}

#[test]
fn a_long_silence_is_broken_by_how_things_stand() {
    let lines = told(&trace("blocking-sleep"));
    let so_far = lines.iter().filter(|line| line.contains("So far: "));
    let so_far: Vec<&str> = so_far.map(String::as_str).collect();
    assert_eq!(so_far.len(), 2, "{so_far:?}");
    assert!(
        so_far[0].contains("A is inside time.sleep(5)"),
        "{so_far:?}"
    );
    assert!(
        so_far[1].contains("B is inside time.sleep(5)"),
        "{so_far:?}"
    );
}
