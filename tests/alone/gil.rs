//! CPython's lock, as a model: one thread computes at a time, and a waiting one gets its turn.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::collections::HashMap;
use std::sync::Arc;

use crate::common::alone::{measured, one_at_a_time};
use loopscope::VOCABULARY;
use loopscope::engine::{self, Options};
use loopscope::scenario::{Choices, FileName, load};
use loopscope::trace::{Event, EventKind, RequestId, ThreadId};

/// What happened in a run of `toml`, at the pace of the wall.
fn play(toml: &str, gil: bool) -> Vec<Event> {
    let mut scenario = load(toml, &FileName::default(), &Choices::default(), &VOCABULARY).unwrap();
    scenario.story.runtime.gil = gil;
    let options = Options {
        speed: 1.0,
        seed: 0,
    };
    let run = engine::start(Arc::new(scenario), &options).unwrap();
    run.batches()
        .iter()
        .flat_map(|batch| batch.events)
        .collect()
}

fn threads(many: usize) -> String {
    format!(
        r#"
        title = "threads that compute"
        asks = "Do they help?"
        [[function]]
        name = "work"
        route = "/work"
        body = [ {{ cpu = "150ms" }}, {{ respond = "done" }} ]
        async = false
        [[client]]
        name = "c"
        requests = [ {{ route = "/work", at = "0s", times = {many} }} ]
        "#
    )
}

/// Seconds from the first request to the last answer.
fn elapsed(events: &[Event]) -> f64 {
    let at = |found: fn(&EventKind) -> bool| {
        let mut times = events.iter().filter(move |event| found(&event.kind));
        let first = times.next().unwrap().at;
        (first, times.next_back().map_or(first, |event| event.at))
    };
    let (sent, _) = at(|kind| matches!(kind, EventKind::RequestSent { .. }));
    let (_, answered) = at(|kind| matches!(kind, EventKind::RequestAnswered { .. }));
    answered.since(sent).as_secs_f64()
}

/// How long each turn with the lock lasted, and by whom; fails where two turns overlap.
fn turns(events: &[Event]) -> Vec<(ThreadId, f64)> {
    let mut holder = None;
    let mut turns = Vec::new();
    for event in events {
        match event.kind {
            EventKind::GilTaken { thread } => {
                assert_eq!(holder, None, "two holders at {:?}", event.at);
                holder = Some((thread, event.at));
            }
            EventKind::GilReleased { thread } => {
                let (taker, since) = holder.take().unwrap();
                assert_eq!(taker, thread);
                turns.push((thread, event.at.since(since).as_secs_f64()));
            }
            _ => {}
        }
    }
    turns
}

#[test]
fn threads_that_compute_wait_for_one_another() {
    let _turn = one_at_a_time();
    measured(|| {
        let one = elapsed(&play(&threads(1), true));
        let two = play(&threads(2), true);
        let ratio = elapsed(&two) / one;
        // Shorter turns are those in which nothing was left to compute.
        let mut handed = turns(&two);
        handed.retain(|turn| turn.1 > 0.002);
        let mut lengths: Vec<_> = handed.iter().map(|turn| turn.1).collect();
        lengths.sort_by(f64::total_cmp);
        let median = lengths[lengths.len() / 2];
        let changes = handed.windows(2).filter(|two| two[0].0 != two[1].0).count();
        let held = (1.6..3.5).contains(&ratio)
            && (0.004..0.012).contains(&median)
            && changes >= handed.len() / 2;
        held.then_some(()).ok_or_else(|| {
            format!("two take {ratio} times one, a turn lasts {median} s: {handed:?}")
        })
    });
}

#[test]
fn every_wish_for_the_lock_is_told_before_it_is_had() {
    let _turn = one_at_a_time();
    let events = play(&threads(2), true);
    let mut wanted: HashMap<ThreadId, bool> = HashMap::new();
    for event in &events {
        match event.kind {
            EventKind::GilWanted { thread } => {
                assert_eq!(wanted.insert(thread, true), None);
            }
            EventKind::GilTaken { thread } => assert_eq!(wanted.remove(&thread), Some(true)),
            _ => {}
        }
    }
    assert!(!turns(&events).is_empty());
}

#[test]
fn without_the_model_there_is_no_lock() {
    let _turn = one_at_a_time();
    let events = play(&threads(1), false);
    let of_the_lock = |event: &&Event| {
        let kind = event.kind;
        matches!(
            kind,
            EventKind::GilWanted { .. } | EventKind::GilTaken { .. }
        )
    };
    assert_eq!(events.iter().find(of_the_lock), None);
}

#[test]
fn who_sleeps_lets_go() {
    let _turn = one_at_a_time();
    let toml = threads(4).replace("cpu =", "block =");
    measured(|| {
        let took = elapsed(&play(&toml, true));
        let held = took < 0.45;
        held.then_some(())
            .ok_or_else(|| format!("four sleeps of 0.15 s side by side took {took} s"))
    });
}

#[test]
fn a_busy_thread_makes_the_loop_late() {
    let _turn = one_at_a_time();
    let toml = r#"
        title = "a busy thread"
        asks = "Is the loop late?"
        [[function]]
        name = "work"
        route = "/work"
        async = false
        body = [ { cpu = "600ms" }, { respond = "done" } ]
        [[function]]
        name = "quick"
        route = "/quick"
        async = true
        body = [ { respond = "hi" } ]
        [[client]]
        name = "c"
        requests = [ { route = "/work", at = "0s" }, { route = "/quick", at = "100ms", times = 9, every = "50ms" } ]
    "#;
    let median = |gil| {
        let events = play(toml, gil);
        let mut sent: HashMap<RequestId, _> = HashMap::new();
        let mut late = Vec::new();
        for event in &events {
            match event.kind {
                EventKind::RequestSent { request, .. } => {
                    sent.insert(request, event.at);
                }
                EventKind::RequestAnswered { request, .. } => {
                    late.push(event.at.since(sent[&request]).as_secs_f64());
                }
                _ => {}
            }
        }
        late.sort_by(f64::total_cmp);
        late[late.len() / 2]
    };
    measured(|| {
        let (with, without) = (median(true), median(false));
        let held = (0.004..0.1).contains(&with) && with > without;
        held.then_some(())
            .ok_or_else(|| format!("{with} s late with the lock, {without} s without"))
    });
}

#[test]
fn a_stopped_run_leaves_nobody_waiting_for_the_lock() {
    let _turn = one_at_a_time();
    let toml = threads(8).replace("150ms", "60s");
    let mut scenario = load(
        &toml,
        &FileName::default(),
        &Choices::default(),
        &VOCABULARY,
    )
    .unwrap();
    scenario.story.runtime.gil = true;
    let options = Options {
        speed: 1.0,
        seed: 0,
    };
    let run = engine::start(Arc::new(scenario), &options).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(100));
    run.stop();
    let began = std::time::Instant::now();
    assert!(run.batches().iter().count() > 0);
    assert!(began.elapsed() < std::time::Duration::from_secs(20));
}
