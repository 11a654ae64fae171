//! The timeline against hand-made traces.

mod common;

use common::traces;
use loopscope::timeline::{LaneKind, State, Timeline};
use loopscope::trace::{Nanos, Trace};

fn all() -> [Trace; 3] {
    [
        traces::blocking_sleep(),
        traces::awaited_sleep(),
        traces::four_routes_sync(),
    ]
}

#[test]
fn the_hand_made_traces_are_in_order_and_legal() {
    for trace in all() {
        assert!(trace.events.is_sorted_by_key(|event| event.at));
        let timeline = Timeline::from_trace(trace);
        assert_eq!(timeline.live().problems, 0, "{}", timeline.story().id);
        assert!(timeline.ended().is_some());
    }
}

/// What the lanes show at a moment: `A tab 1 blocking 3.40`.
fn lanes_at(timeline: &Timeline, millis: u64) -> Vec<String> {
    let world = timeline.world_at(timeline.moment_at(Nanos::from_millis(millis)));
    let lanes = timeline.lanes().iter();
    lanes
        .filter(|lane| lane.from <= world.now)
        .map(|lane| {
            let (state, since, _) = timeline.lane_state(lane.id, &world);
            let length = world.now.since(since).hundredths();
            let (letter, name, word) = (&lane.letter, &lane.name, state.word());
            format!("{letter} {name} {word} {length}")
        })
        .collect()
}

#[test]
fn one_block_shows_four_states_at_once() {
    let timeline = Timeline::from_trace(traces::blocking_sleep());
    assert_eq!(
        lanes_at(&timeline, 3404),
        [
            " accept ready 3.38",
            " heartbeat overdue 3.30",
            "A tab 1 blocking 3.40",
            "B tab 2 in the backlog 3.38",
        ]
    );
    // Live, cut off in the middle of the block, it looks the same as seen from the end.
    let live = Timeline::from_trace(traces::cut(
        traces::blocking_sleep(),
        Nanos::from_millis(3404),
    ));
    assert_eq!(lanes_at(&live, 3404), lanes_at(&timeline, 3404));
    assert_eq!(
        lanes_at(&timeline, 10_011),
        [
            " accept waiting 5.00",
            " heartbeat waiting 0.00",
            "A tab 1 done 5.00",
            "B tab 2 done 0.00",
        ]
    );
}

#[test]
fn an_awaited_sleep_waits() {
    let timeline = Timeline::from_trace(traces::awaited_sleep());
    assert_eq!(
        lanes_at(&timeline, 2050),
        [
            " accept waiting 2.02",
            " heartbeat waiting 0.04",
            "A tab 1 waiting 2.04",
            "B tab 2 waiting 2.02",
        ]
    );
}

#[test]
fn a_hundred_plain_requests_share_forty_threads() {
    let timeline = Timeline::from_trace(traces::four_routes_sync());
    for (millis, expected) in [
        (500, (40, 60, 0)),
        (1500, (40, 20, 40)),
        (2500, (20, 0, 80)),
    ] {
        let world = timeline.world_at(timeline.moment_at(Nanos::from_millis(millis)));
        let count = |wanted| {
            let requests = timeline
                .lanes()
                .iter()
                .filter(|lane| matches!(lane.kind, LaneKind::Request(_)));
            requests
                .filter(|lane| timeline.lane_state(lane.id, &world).0 == wanted)
                .count()
        };
        let counts = (
            count(State::OnPool),
            count(State::Queued),
            count(State::Done),
        );
        assert_eq!(counts, expected, "at {millis} ms");
        assert_eq!(world.pool.busy as usize, counts.0);
        assert_eq!(world.pool.queued as usize, counts.1);
    }
    let world = timeline.live();
    assert_eq!((world.pool.peak_busy, world.pool.peak_queued), (40, 60));
}

/// The findings at a moment: `blocked-loop 0.000 3.403 open 3`.
fn found_at(timeline: &Timeline, millis: u64) -> Vec<String> {
    let world = timeline.world_at(timeline.moment_at(Nanos::from_millis(millis)));
    let insights = timeline.insights_at(&world).into_iter();
    insights
        .map(|insight| {
            let names = insight.victims.iter().take(3);
            let names = names.filter_map(|&lane| timeline.lane(lane));
            let names: Vec<_> = names.map(|lane| lane.name.as_str()).collect();
            format!(
                "{} {} {} {} {} {}",
                insight.kind.id(),
                insight.at.hundredths(),
                insight.length.hundredths(),
                if insight.open { "open" } else { "over" },
                insight.count,
                names.join(","),
            )
        })
        .collect()
}

#[test]
fn findings_are_shown_as_they_stood() {
    let whole = Timeline::from_trace(traces::blocking_sleep());
    assert!(found_at(&whole, 99).is_empty());
    let early = ["blocked-loop 0.00 0.11 open 3 accept,heartbeat,tab 2"];
    assert_eq!(found_at(&whole, 111), early);
    let middle = [
        "blocked-loop 0.00 3.40 open 3 accept,heartbeat,tab 2",
        "starved 0.02 3.38 open 1 accept",
    ];
    assert_eq!(found_at(&whole, 3404), middle);
    let live = Timeline::from_trace(traces::cut(
        traces::blocking_sleep(),
        Nanos::from_millis(3404),
    ));
    assert_eq!(found_at(&live, 3404), middle);
    assert_eq!(live.insights(), live.insights_at(live.live()));
    assert_eq!(
        found_at(&whole, 10_012),
        [
            "blocked-loop 0.00 5.00 over 3 accept,heartbeat,tab 2",
            "starved 0.02 4.98 over 1 accept",
            "blocked-loop 5.00 5.00 over 1 heartbeat",
        ]
    );
    assert!(
        Timeline::from_trace(traces::awaited_sleep())
            .insights()
            .is_empty()
    );
}

#[test]
fn a_full_pool_is_found() {
    let timeline = Timeline::from_trace(traces::four_routes_sync());
    assert_eq!(
        found_at(&timeline, 500),
        ["saturated-pool 0.00 0.49 open 60 load #41,load #42,load #43"]
    );
    assert_eq!(
        found_at(&timeline, 3500),
        ["saturated-pool 0.00 2.00 over 60 load #41,load #42,load #43"]
    );
}
