//! The engine really runs: small scenarios, built by hand, on real threads.

use crate::common::play;

use std::time::{Duration, Instant};

use crate::common::play::{inline, millis, print, respond, scenario, secs};
use loopscope::scenario::Action;
use loopscope::trace::{
    BlockKind, ClientId, EndReason, EventKind, Nanos, Outcome, TaskRole, ThreadRole, WakeCause,
};

fn ping(hold: Action) -> Vec<Action> {
    vec![print("Hello"), hold, print("bye"), respond("pong")]
}

fn two_tabs(is_async: bool, body: Vec<Action>) -> play::Builder {
    scenario()
        .function("ping", is_async, body)
        .request("tab 1", 0, Nanos::ZERO)
        .request("tab 2", 0, millis(20))
}

#[test]
fn a_blocking_sleep_keeps_the_second_request_out() {
    let played = two_tabs(true, ping(play::block(secs(5)))).play(20.0);
    assert_eq!(played.output(), ["Hello", "bye", "Hello", "bye"]);
    assert_eq!(played.reason, Some(EndReason::Finished));
    let elapsed = played.elapsed();
    assert!((10.0..10.1).contains(&elapsed), "{elapsed}");

    let first = played.task_of(0);
    let ended = played.nth(
        1,
        |kind| matches!(kind, EventKind::TaskEnded { task, .. } if *task == first),
    );
    let accepted = played.nth(2, |kind| matches!(kind, EventKind::RequestAccepted { .. }));
    assert!(accepted > ended, "accepted while the loop was held");
    let sent = played.nth(2, |kind| matches!(kind, EventKind::RequestSent { .. }));
    assert!(
        (0.015..1.0).contains(&played.at(sent)),
        "the client is no part of the loop"
    );

    let bye = played.nth(2, |kind| matches!(kind, EventKind::Output { .. }));
    let hello = played.nth(3, |kind| matches!(kind, EventKind::Output { .. }));
    let between = played
        .events()
        .filter(|(place, event)| {
            (bye..hello).contains(place) && matches!(event.kind, EventKind::Beat { .. })
        })
        .count();
    assert_eq!(between, 1, "one beat between A and B\n{}", played.dump());
}

#[test]
fn an_awaited_sleep_lets_the_second_request_in() {
    let played = two_tabs(true, ping(play::sleep(secs(5)))).play(20.0);
    assert_eq!(played.output(), ["Hello", "Hello", "bye", "bye"]);
    let elapsed = played.elapsed();
    assert!((5.0..5.1).contains(&elapsed), "{elapsed}");
    // Every wake of a handler is its timer's.
    for request in 0..2 {
        let handler = played.task_of(request);
        played.nth(
            1,
            |kind| matches!(kind, EventKind::WaitingTimer { task, .. } if *task == handler),
        );
        let woken = played.nth(
            1,
            |kind| matches!(kind, EventKind::Woken { task, .. } if *task == handler),
        );
        assert!(matches!(
            played.trace.events[woken].kind,
            EventKind::Woken {
                by: WakeCause::Timer,
                ..
            }
        ));
        assert_eq!(played.count(play::polls(handler)), 2);
    }
}

#[test]
fn a_plain_function_runs_on_the_pool() {
    let played = two_tabs(false, ping(play::block(secs(5)))).play(20.0);
    assert_eq!(played.output(), ["Hello", "Hello", "bye", "bye"]);
    let elapsed = played.elapsed();
    assert!((5.0..5.1).contains(&elapsed), "{elapsed}");
    assert_eq!(played.pool_names(), ["pool-1", "pool-2"]);
    played.nth(2, |kind| {
        matches!(
            kind,
            EventKind::TaskSpawned {
                role: TaskRole::Dispatch,
                ..
            }
        )
    });
    // The answer goes out by the loop, after the job has ended and woken its task.
    let job_ended = played.nth(1, |kind| matches!(kind, EventKind::JobEnded { .. }));
    let answered = played.nth(1, |kind| matches!(kind, EventKind::RequestAnswered { .. }));
    let woken = played.nth(1, |kind| {
        matches!(
            kind,
            EventKind::Woken {
                by: WakeCause::Job(_),
                ..
            }
        )
    });
    assert!(job_ended < woken && woken < answered, "{}", played.dump());
    let EventKind::RequestAnswered { text, .. } = played.trace.events[answered].kind else {
        unreachable!()
    };
    assert_eq!(played.text(text), "pong");
}

#[test]
fn spawn_blocking_waits_without_the_loop() {
    let body = vec![
        print("Hello"),
        inline(vec![play::block(secs(5))]),
        print("bye"),
    ];
    let played = two_tabs(true, body).play(20.0);
    assert_eq!(played.output(), ["Hello", "Hello", "bye", "bye"]);
    let elapsed = played.elapsed();
    assert!((5.0..5.1).contains(&elapsed), "{elapsed}");
    let answered = played.nth(1, |kind| matches!(kind, EventKind::RequestAnswered { .. }));
    let EventKind::RequestAnswered { text, .. } = played.trace.events[answered].kind else {
        unreachable!()
    };
    assert_eq!(played.text(text), "null", "no respond");
}

#[test]
fn a_hundred_jobs_come_in_waves_of_the_pool() {
    let body = vec![
        print("begin"),
        play::block(secs(1)),
        print("end"),
        respond("ok"),
    ];
    let mut builder = scenario().function("sync", false, body).pool(40);
    for number in 1..=100 {
        builder = builder.request(&format!("client {number}"), 0, Nanos::ZERO);
    }
    let played = builder.play(5.0);
    let (mut busy, mut queued, mut most_busy, mut most_queued) = (0_i32, 0_i32, 0, 0);
    for (_, event) in played.events() {
        match event.kind {
            EventKind::JobQueued { .. } => queued += 1,
            EventKind::JobStarted { .. } => {
                queued -= 1;
                busy += 1;
            }
            EventKind::JobEnded { .. } => busy -= 1,
            _ => {}
        }
        assert!(busy >= 0 && queued >= 0);
        most_busy = most_busy.max(busy);
        most_queued = most_queued.max(queued);
    }
    assert_eq!(most_busy, 40);
    assert!((60..=100).contains(&most_queued), "{most_queued}");
    assert_eq!(played.output().len(), 200);
    let elapsed = played.elapsed();
    assert!((3.0..3.1).contains(&elapsed), "{elapsed}");
    assert_eq!(played.summary.hooks.dropped, 0);
}

#[test]
fn tasks_spawn_gather_call_and_await() {
    let played = scenario()
        .function(
            "main",
            true,
            vec![
                play::spawn(1, "side"),
                play::run(2),
                play::gather(&[1, 2]),
                Action::Yield,
                play::wait("side"),
                play::repeat(2, vec![print("again")]),
                Action::Return(None),
                print("never"),
            ],
        )
        .function("slow", true, vec![play::sleep(secs(1)), print("slow")])
        .function("quick", true, vec![print("quick"), Action::Return(None)])
        .start(0, Nanos::ZERO)
        .start(2, secs(3))
        .play(20.0);
    assert_eq!(
        played.output(),
        ["quick", "quick", "slow", "slow", "again", "again", "quick"],
        "{}",
        played.dump()
    );
    assert_eq!(played.reason, Some(EndReason::Finished));
    let woken = |wanted: fn(WakeCause) -> bool| {
        played.count(|kind| matches!(kind, EventKind::Woken { by, .. } if wanted(*by)))
    };
    assert!(
        woken(|by| matches!(by, WakeCause::Task(_))) >= 1,
        "{}",
        played.dump()
    );
    // Its own `yield`, and the turn in which asyncio calls back the waiter of a gather.
    assert_eq!(woken(|by| by == WakeCause::Itself), 2, "{}", played.dump());
    // A program without clients has no accept task.
    let accepts = played.count(|kind| {
        matches!(
            kind,
            EventKind::TaskSpawned {
                role: TaskRole::Accept,
                ..
            }
        )
    });
    assert_eq!(accepts, 0);
}

#[test]
fn computing_holds_the_loop() {
    let played = scenario()
        .function("work", true, vec![play::cpu(millis(400))])
        .request("tab", 0, Nanos::ZERO)
        .play(10.0);
    let began = played.nth(1, |kind| {
        matches!(
            kind,
            EventKind::BlockStarted {
                kind: BlockKind::Cpu,
                ..
            }
        )
    });
    let ended = played.nth(1, |kind| matches!(kind, EventKind::BlockEnded { .. }));
    let took = played.at(ended) - played.at(began);
    assert!((0.399..0.401).contains(&took), "{took}");
}

#[test]
fn a_run_that_never_ends_is_stopped_by_its_limit() {
    let played = two_tabs(true, ping(play::sleep(secs(3_600))))
        .limit(secs(2))
        .play_really(20.0);
    assert_eq!(played.reason, Some(EndReason::Limit));
    assert_eq!(played.output(), ["Hello", "Hello"]);
    let end = played.nth(1, |kind| matches!(kind, EventKind::RunEnded { .. }));
    assert!(played.at(end) >= 2.0);
    // What was unfinished ends after the end, by the shutdown.
    for request in 0..2 {
        let handler = played.task_of(request);
        let cancelled = played.nth(1, |kind| {
            matches!(kind, EventKind::TaskEnded { task, outcome: Outcome::Cancelled }
                if *task == handler)
        });
        assert!(cancelled > end);
    }
}

#[test]
fn stop_is_immediate_though_every_thread_sleeps_for_an_hour() {
    for is_async in [true, false] {
        let run = two_tabs(is_async, ping(play::block(secs(3_600)))).begin(1.0);
        std::thread::sleep(Duration::from_millis(60));
        let asked = Instant::now();
        run.stop();
        let played = play::watch(run);
        let took = asked.elapsed();
        assert!(took < Duration::from_secs(20), "{took:?}");
        assert_eq!(played.reason, Some(EndReason::Stopped));
        let lines = played.output();
        assert!(lines.iter().all(|line| line == "Hello"), "{lines:?}");
        let threads = played.count(|kind| matches!(kind, EventKind::ThreadStarted { .. }));
        let ended = played.count(|kind| matches!(kind, EventKind::ThreadEnded { .. }));
        assert_eq!(threads, ended);
    }
}

#[test]
fn live_requests_are_served_and_waited_for() {
    let run = two_tabs(true, ping(play::block(secs(1)))).begin(1.0);
    std::thread::sleep(Duration::from_millis(50));
    assert!(run.send_request(None));
    assert!(run.send_request(Some(ClientId(1))));
    let played = play::watch(run);
    assert_eq!(played.reason, Some(EndReason::Finished));
    let live = |kind: &EventKind| matches!(kind, EventKind::RequestSent { live: true, .. });
    assert_eq!(played.count(live), 2);
    let spawned = played
        .trace
        .texts
        .iter()
        .filter(|text| text.starts_with("you "));
    assert_eq!(spawned.count(), 2, "they have names of their own");
    assert_eq!(
        played.count(|kind| matches!(kind, EventKind::RequestAnswered { .. })),
        4
    );
    // They piled up at the door while the first held the loop.
    let sent = played.nth(2, live);
    let bye = played.nth(2, |kind| matches!(kind, EventKind::Output { .. }));
    assert!(sent < bye);

    let program = scenario()
        .function("main", true, vec![play::sleep(secs(1))])
        .start(0, Nanos::ZERO)
        .begin(20.0);
    assert!(!program.send_request(None), "there is no server");
}

#[test]
fn several_workers_run_two_blocks_at_once() {
    let played = two_tabs(true, ping(play::block(secs(5))))
        .multi_thread(2)
        .play(20.0);
    assert_eq!(played.output().len(), 4);
    assert_eq!(played.reason, Some(EndReason::Finished));
    // tokio counts the turns that follow one another through a LIFO slot as one.
    assert!(played.summary.hooks.polls >= played.summary.tokio.polls);
    assert_eq!(played.summary.hooks.spawns, played.summary.tokio.spawns);
    assert_eq!(played.summary.hooks.ends, played.summary.tokio.spawns);
    let loops = played.thread_names(ThreadRole::Loop);
    assert!(
        loops.iter().all(|name| name == "loop" || name == "loop-2"),
        "{loops:?}"
    );
}

#[test]
fn a_speed_that_is_no_pace_is_refused() {
    for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let scenario = std::sync::Arc::new(scenario().scenario);
        let options = loopscope::engine::Options { speed, seed: 0 };
        assert!(loopscope::engine::start(scenario, &options).is_err());
    }
}
