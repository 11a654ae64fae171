//! What the hooks tell must be what tokio itself counts, however a task ends.
#![cfg(tokio_unstable)]

use crate::common::play;
use loopscope::VOCABULARY;

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use crate::common::play::{Played, inline, millis, print, respond, scenario, secs};
use loopscope::engine::{self, Options};
use loopscope::library;
use loopscope::probe::{Announcement, Collector, Recorder, Tally, spawn, watch};
use loopscope::scenario::{Action, Choices, load};
use loopscope::trace::{EndReason, Event, EventKind, Nanos, Outcome, TaskId, TaskRole, ThreadRole};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

fn agree(played: &Played) {
    let (hooks, tokio) = (played.summary.hooks, played.summary.tokio);
    assert_eq!(hooks.dropped, 0);
    assert_eq!(hooks.spawns, tokio.spawns, "spawns");
    if !several_workers(played) {
        assert_eq!(hooks.polls, tokio.polls, "polls");
    }
    assert_eq!(hooks.ends, tokio.spawns, "ends");
    assert_eq!(tokio.alive, 0, "alive");
    let count = |wanted: fn(&EventKind) -> bool| played.count(wanted) as u64;
    // In the trace, but no tasks of tokio's.
    let coroutines = count(|kind| {
        matches!(
            kind,
            EventKind::TaskSpawned {
                role: TaskRole::Coroutine,
                ..
            }
        )
    });
    assert_eq!(
        hooks.spawns + coroutines,
        count(|kind| matches!(kind, EventKind::TaskSpawned { .. }))
    );
    assert_eq!(
        hooks.ends + coroutines,
        count(|kind| matches!(kind, EventKind::TaskEnded { .. }))
    );
    assert_eq!(
        hooks.polls,
        count(|kind| matches!(kind, EventKind::PollStarted { .. }))
    );
    assert_eq!(
        hooks.polls,
        count(|kind| matches!(kind, EventKind::PollEnded { .. }))
    );
}

/// With several workers tokio counts turns through the LIFO slot as one.
fn several_workers(played: &Played) -> bool {
    let workers = played.thread_names(ThreadRole::Loop);
    workers.len() > 1
}

#[test]
fn scenarios_agree_with_tokio() {
    let body = |hold: Action| vec![print("Hello"), hold, print("bye"), respond("pong")];
    let bodies = [
        (true, body(play::block(secs(1)))),
        (true, body(play::sleep(secs(1)))),
        (true, body(inline(vec![play::block(secs(1))]))),
        (false, body(play::block(secs(1)))),
        (true, body(Action::Yield)),
    ];
    for (is_async, body) in bodies {
        let mut builder = scenario().function("ping", is_async, body);
        for number in 0..20 {
            builder = builder.request("tab", 0, millis(number * 7));
        }
        agree(&builder.play_really(50.0));
    }
}

#[test]
fn the_programs_own_scenarios_agree_with_tokio() {
    for entry in library::all() {
        let loaded = load(&entry.source, &entry.file, &Choices::default(), &VOCABULARY);
        let scenario = loaded.expect("our own scenarios are right");
        let shape = &scenario.story.runtime;
        let unfinished = scenario.story.expect.outcome.as_deref() == Some("unfinished");
        let mut steps = scenario.story.steps.iter();
        if shape.processes > 1 || steps.any(|step| step.key == "process") {
            // Other processes have loops and counters of their own, and play in their own tests.
            continue;
        }
        let options = Options {
            speed: 50.0,
            seed: 0,
        };
        let run = engine::start(Arc::new(scenario), &options).expect("starts");
        let played = play::watch(run);
        // On a busy machine a hurried run may come to its limit first: the counts agree all the same.
        let reasons = [EndReason::Limit, EndReason::Finished];
        let may = &reasons[..if unfinished { 1 } else { 2 }];
        let reason = played.reason.expect("the run is over");
        assert!(may.contains(&reason), "{}: {reason:?}", entry.file.id);
        agree(&played);
    }
}

#[test]
fn a_stopped_run_agrees_with_tokio() {
    let builder = scenario()
        .function("ping", true, vec![play::sleep(secs(3_600))])
        .request("tab", 0, Nanos::ZERO)
        .limit(secs(1));
    let played = builder.play_really(20.0);
    agree(&played);
    let cancelled = played.count(|kind| {
        matches!(
            kind,
            EventKind::TaskEnded {
                outcome: Outcome::Cancelled,
                ..
            }
        )
    });
    assert_eq!(cancelled, 3, "handler, accept and heartbeat");
}

/// A runtime without a scenario, as a user's own program would have it.
struct Own {
    recorder: Recorder,
    runtime: Runtime,
}

impl Own {
    fn new(mut builder: Builder, with_hooks: bool) -> Self {
        let recorder = Recorder::with_hooks(1.0, with_hooks);
        recorder.start();
        watch(&mut builder, &recorder);
        let runtime = builder.enable_time().build().expect("a runtime");
        Self { recorder, runtime }
    }

    fn spawn<F>(&self, future: F) -> (TaskId, JoinHandle<F::Output>)
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let name = self.recorder.intern("task");
        let announcement = Announcement::new(TaskRole::Spawned, name);
        let runtime = self.runtime.handle();
        let (cell, handle) = spawn(&self.recorder, runtime, announcement, "task", |_| future);
        (cell.id(), handle)
    }

    /// All events, the hooks' tally, and tokio's spawns and polls.
    fn end(self) -> (Vec<Event>, Tally, u64, u64) {
        let metrics = self.runtime.metrics();
        self.runtime.shutdown_timeout(Duration::from_secs(5));
        let mut collector = Collector::new(self.recorder);
        let events = collector.finish().events;
        let polls = (0..metrics.num_workers())
            .map(|worker| metrics.worker_poll_count(worker))
            .sum();
        (
            events,
            collector.tally(),
            metrics.spawned_tasks_count(),
            polls,
        )
    }
}

fn outcome(events: &[Event], wanted: TaskId) -> Option<Outcome> {
    events.iter().find_map(|event| match event.kind {
        EventKind::TaskEnded { task, outcome } if task == wanted => Some(outcome),
        _ => None,
    })
}

/// Panics on purpose, without a word on stderr.
async fn fail() {
    tokio::task::yield_now().await;
    std::panic::resume_unwind(Box::new("on purpose"));
}

fn ends_of_every_kind(own: Own) -> (Vec<Event>, Tally, u64, u64) {
    let (completed, handle) = own.spawn(async { tokio::task::yield_now().await });
    own.runtime.block_on(handle).expect("completes");
    let (panicked, handle) = own.spawn(fail());
    assert!(own.runtime.block_on(handle).is_err());
    let (aborted, handle) = own.spawn(pending::<()>());
    own.runtime.block_on(async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        handle.abort();
        assert!(handle.await.is_err());
    });
    let (never, handle) = own.spawn(pending::<()>());
    handle.abort();
    let (dropped, _handle) = own.spawn(pending::<()>());
    own.runtime
        .block_on(async { tokio::time::sleep(Duration::from_millis(5)).await });
    let (late, _handle) = own.spawn(pending::<()>());
    let (events, tally, spawns, polls) = own.end();
    assert_eq!(outcome(&events, completed), Some(Outcome::Completed));
    assert_eq!(outcome(&events, panicked), Some(Outcome::Panicked));
    assert_eq!(outcome(&events, aborted), Some(Outcome::Cancelled));
    assert_eq!(outcome(&events, never), Some(Outcome::NeverPolled));
    assert_eq!(outcome(&events, dropped), Some(Outcome::Cancelled));
    assert_eq!(outcome(&events, late), Some(Outcome::NeverPolled));
    (events, tally, spawns, polls)
}

#[test]
fn every_end_of_a_task_is_told_and_counted() {
    let own = Own::new(Builder::new_current_thread(), true);
    let (events, tally, spawns, polls) = ends_of_every_kind(own);
    assert_eq!((tally.spawns, tally.ends), (spawns, spawns));
    assert_eq!(tally.polls, polls);
    last_polls_are_in_order(&events);
}

#[test]
fn several_workers_agree_too_without_the_lifo_slot() {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).disable_lifo_slot();
    let own = Own::new(builder, true);
    let handles: Vec<_> = (0..50)
        .map(|_| own.spawn(async { tokio::task::yield_now().await }).1)
        .collect();
    own.runtime.block_on(async {
        for handle in handles {
            handle.await.unwrap();
        }
    });
    // tokio submits a worker's counters when it parks, and at its end.
    let (_, tally, spawns, polls) = own.end();
    assert_eq!((tally.spawns, tally.ends), (spawns, spawns));
    assert_eq!(tally.polls, polls);
}

#[test]
fn the_wrappers_alone_tell_the_same() {
    let own = Own::new(Builder::new_current_thread(), false);
    let (events, _, spawns, _) = ends_of_every_kind(own);
    let ends = |event: &&Event| matches!(event.kind, EventKind::TaskEnded { .. });
    assert_eq!(events.iter().filter(ends).count() as u64, spawns);
    last_polls_are_in_order(&events);
}

#[test]
fn a_task_that_nobody_announced_is_told_all_the_same() {
    let own = Own::new(Builder::new_current_thread(), true);
    own.runtime
        .block_on(own.runtime.spawn(tokio::task::yield_now()))
        .unwrap();
    let (events, tally, spawns, polls) = own.end();
    assert_eq!((tally.spawns, tally.ends), (spawns, spawns));
    assert_eq!(tally.polls, polls);
    assert_eq!(outcome(&events, TaskId(0)), Some(Outcome::Completed));
}

/// Of each task: turns begin and end in pairs, and its end stands inside the last one, or
/// outside of any.
fn last_polls_are_in_order(events: &[Event]) {
    use std::collections::HashMap;
    let (mut open, mut ended) = (HashMap::new(), HashMap::new());
    for event in events {
        match event.kind {
            EventKind::PollStarted { task, .. } => {
                assert_ne!(open.insert(task, true), Some(true), "a turn inside a turn");
                assert!(!ended.contains_key(&task), "a turn after the end");
            }
            EventKind::PollEnded { task, .. } => {
                assert_eq!(open.insert(task, false), Some(true));
            }
            EventKind::TaskEnded { task, outcome } => {
                assert_eq!(ended.insert(task, outcome), None, "ended twice");
                if matches!(outcome, Outcome::Completed | Outcome::Panicked) {
                    assert_eq!(open.get(&task), Some(&true), "ends inside its last turn");
                }
            }
            _ => {}
        }
    }
}
