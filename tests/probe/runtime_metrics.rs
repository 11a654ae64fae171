//! What tokio-metrics counts, held against the trace of the same run.

#![cfg(tokio_unstable)]

use std::sync::Arc;

use loopscope::VOCABULARY;
use loopscope::engine::{self, Extras, Options, Summary};
use loopscope::library;
use loopscope::scenario::{Choices, load};
use loopscope::timeline::Timeline;
use loopscope::trace::{Clock, EventKind, Metric, Nanos};

fn run(id: &str, speed: f64, metrics: bool) -> (Timeline, Summary) {
    let entry = library::find(id).expect("it works");
    // What is not counted may as well be computed.
    let clock = if metrics { Clock::Real } else { Clock::Virtual };
    let choices = Choices {
        speed: Some(speed),
        clock,
        ..Choices::default()
    };
    let scenario = load(&entry.source, &entry.file, &choices, &VOCABULARY).expect("it works");
    let mut timeline = Timeline::new(scenario.story.clone());
    let extras = Extras {
        metrics,
        ..Extras::default()
    };
    let options = Options { speed, seed: 0 };
    let run = engine::start_with(Arc::new(scenario), &options, extras).expect("it works");
    while let Ok(batch) = run.batches().recv() {
        timeline.extend(batch);
    }
    while run.tally().is_none() {
        std::thread::yield_now();
    }
    let summary = run.tally().expect("it works");
    (timeline, summary)
}

fn last(timeline: &Timeline, metric: Metric) -> u64 {
    let figures = timeline.metrics();
    figures.at(metric, 0, Nanos::MAX).unwrap_or(0)
}

fn most(timeline: &Timeline, metric: Metric) -> u64 {
    let values = timeline.metrics().series(metric, 0).iter();
    values.map(|(_, value)| *value).max().unwrap_or(0)
}

/// The turns of the trace that had ended by its end.
fn turns(timeline: &Timeline) -> u64 {
    timeline
        .live()
        .tasks
        .iter()
        .map(|task| u64::from(task.polls))
        .sum()
}

#[test]
fn turns_spawns_and_buckets_agree_with_the_trace() {
    for (id, speed) in [
        ("blocking-sleep", 20.0),
        ("awaited-sleep", 20.0),
        ("spawn-blocking", 20.0),
        ("four-routes-sync", 5.0),
    ] {
        let (timeline, _) = run(id, speed, true);
        assert_eq!(timeline.live().problems, 0, "{id}");
        let (tokio, ours) = (last(&timeline, Metric::Turns), turns(&timeline));
        // A beat may fall between the last sample and the end of the trace.
        assert!(
            tokio <= ours && ours <= tokio + 4,
            "{id}: tokio {tokio}, ours {ours}"
        );
        // The buckets are read after the turns, and the loop goes on meanwhile.
        let counted = timeline.metrics().counted(Nanos::MAX);
        assert!(
            tokio <= counted && counted <= ours,
            "{id}: the histogram's total {counted}, tokio {tokio}, ours {ours}"
        );
        let spawned = last(&timeline, Metric::Spawned);
        assert_eq!(spawned, timeline.live().tasks.len() as u64, "{id}");
        let alive = timeline
            .live()
            .tasks
            .iter()
            .filter(|task| task.ended.is_none())
            .count();
        assert_eq!(last(&timeline, Metric::Alive), alive as u64, "{id}");
    }
}

#[test]
fn a_function_is_measured_by_its_own_monitor() {
    let (timeline, _) = run("blocking-sleep", 20.0, true);
    let figures = timeline.metrics();
    let at = |metric| figures.at(metric, 0, Nanos::MAX).expect("it works");
    assert_eq!(at(Metric::FunctionTurns), 2, "two requests, one turn each");
    assert_eq!(at(Metric::FunctionSlow), 2);
    let report = figures.report(timeline.story());
    assert_eq!(report["ping.turns"], 2.0);
    // Two blocks of 5 s are all that happens, and a busy machine makes the whole longer.
    let whole = timeline.end().as_secs_f64();
    let busy = report["busy"];
    assert!((10.0 / whole - 0.1..=1.05).contains(&busy), "{report:?}");
    let mean = at(Metric::FunctionMean) as f64 / 1e9;
    assert!(mean > 4.9 && mean * 2.0 < whole * 1.05, "{mean} of {whole}");
}

#[test]
fn the_pool_is_never_seen_larger_than_it_was() {
    let (timeline, _) = run("four-routes-sync", 1.0, true);
    let pool = timeline.live().pool;
    assert_eq!(most(&timeline, Metric::PoolThreads), 40);
    assert_eq!(pool.peak_busy, 40);
    let queued = most(&timeline, Metric::PoolQueue);
    assert!(
        queued > 0 && queued <= u64::from(pool.peak_queued),
        "{queued}, {pool:?}"
    );
}

#[test]
fn a_blocked_loop_writes_nothing_until_its_turn_ends() {
    let (timeline, _) = run("blocking-sleep", 4.0, true);
    let values = timeline.metrics().series(Metric::Turns, 0);
    // Samples come every 0.4 s of the story, and two turns of 5 s hold the loop.
    for pair in values.windows(2) {
        let (from, to) = (pair[0].0, pair[1].0);
        assert!(
            to > from && pair[1].1 > pair[0].1,
            "told only when it has changed"
        );
    }
    let mut events = timeline.trace().events.iter();
    let mut of = |wanted: fn(&EventKind) -> bool| {
        let found = events.find(|event| wanted(&event.kind));
        found.expect("the first block").at
    };
    let from = of(|kind| matches!(kind, EventKind::BlockStarted { .. }));
    let to = of(|kind| matches!(kind, EventKind::BlockEnded { .. }));
    assert!(to.since(from) >= Nanos::from_secs(5));
    // A sample that was taken before it may be told as it begins, and one period late on a busy
    // machine.
    let inside = |at: &Nanos| (from + Nanos::from_millis(800)..to).contains(at);
    assert!(!values.iter().any(|(at, _)| inside(at)), "{values:?}");
}

#[test]
fn nothing_is_counted_unless_it_was_asked_for() {
    let (timeline, _) = run("awaited-sleep", 50.0, false);
    assert!(timeline.metrics().is_empty());
    let any =
        |kind: &EventKind| matches!(kind, EventKind::Metric { .. } | EventKind::TaskAlias { .. });
    assert!(!timeline.trace().events.iter().any(|event| any(&event.kind)));
}

#[test]
fn the_console_says_what_its_rule_says() {
    let (timeline, _) = run("what-the-console-sees", 4.0, false);
    let at = Nanos::from_secs_f64(2.0);
    let world = timeline.world_at(timeline.moment_at(at));
    let word = |name: &str| {
        let lanes = timeline.lanes().iter().filter(|lane| *lane.name == *name);
        let mut words: Vec<_> = lanes
            .filter_map(|lane| loopscope::timeline::explain::console(&timeline, lane.id, &world))
            .map(|(word, _)| word)
            .collect();
        words.sort_unstable();
        words
    };
    assert_eq!(word("main"), ["running"]);
    assert_eq!(word("left"), ["idle"]);
    assert_eq!(word("heartbeat"), ["idle"]);
    let jobs: Vec<_> = world.jobs.iter().map(|job| job.state.word()).collect();
    assert_eq!(jobs.len(), 3);
}
