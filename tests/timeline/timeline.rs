//! The timeline against hand-made traces.

use crate::common::{stories, traces};
use loopscope::timeline::{Finding, LaneKind, State, Timeline};
use loopscope::trace::{
    Actor, BlockKind, Event, EventKind, JobId, Language, Nanos, Outcome, TaskId, TaskRole, TextId,
    ThreadId, ThreadRole, Trace,
};

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
    let insights = timeline.findings_at(&world).into_iter();
    insights
        .map(|insight| {
            let names = insight.victims.iter().take(3);
            let names = names.filter_map(|&lane| timeline.lane(lane));
            let names: Vec<_> = names.map(|lane| &*lane.name).collect();
            format!(
                "{} {} {} {} {} {}",
                insight.kind.id,
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
    assert_eq!(live.findings(), live.findings_at(live.live()));
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
            .findings()
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

#[test]
fn a_thread_that_is_being_started_is_no_queue() {
    let mut events = Vec::new();
    let mut push = |at: u64, kind| {
        let at = Nanos::from_millis(at);
        events.push(Event { at, kind });
    };
    let (parent, name) = (TaskId::NONE, TextId::NONE);
    for job in (0..100).map(JobId) {
        let pool = 0;
        push(
            1,
            EventKind::JobQueued {
                job,
                parent,
                name,
                pool,
            },
        );
    }
    for place in 0..40 {
        let (job, thread) = (JobId(place), ThreadId(place));
        let role = ThreadRole::Pool;
        push(5, EventKind::ThreadStarted { thread, role, name });
        push(5, EventKind::JobStarted { job, thread });
    }
    let (job, outcome) = (JobId(0), Outcome::Completed);
    push(9, EventKind::JobEnded { job, outcome });
    let timeline = Timeline::from_trace(Trace {
        story: stories::four_routes_sync(),
        events,
        upto: Nanos::from_millis(10),
        ..Trace::default()
    });
    let counts = |millis| {
        let world = timeline.world_at(timeline.moment_at(Nanos::from_millis(millis)));
        let count = |state| world.jobs.iter().filter(|job| job.state == state).count();
        let pool = world.pool;
        let states = [State::Ready, State::Queued, State::OnPool].map(count);
        (pool.busy, pool.queued, states)
    };
    assert_eq!(counts(2), (0, 60, [40, 60, 0]), "no thread has begun");
    assert_eq!(counts(6), (40, 60, [0, 60, 40]), "all have");
    assert_eq!(counts(10), (39, 59, [1, 59, 39]), "one is free again");
    assert_eq!(timeline.live().pool.peak_queued, 60);
    // The lanes show what the world says, also of the job that the last event did not name.
    let freed = timeline
        .lane_of(Actor::Job(JobId(40)))
        .and_then(|lane| timeline.lane(lane));
    let states: Vec<_> = freed
        .iter()
        .flat_map(|lane| &lane.spans)
        .map(|span| span.state)
        .collect();
    assert_eq!(states, [State::Queued, State::Ready]);
    let found: Vec<_> = timeline
        .findings()
        .iter()
        .map(|one| (one.kind.id, one.count))
        .collect();
    assert_eq!(found, [("saturated-pool", 60)]);
}

#[test]
fn requests_by_a_key_have_lanes_of_their_own_names() {
    let mut trace = traces::blocking_sleep();
    let mut sent = 0;
    for event in &mut trace.events {
        if let EventKind::RequestSent { live, .. } = &mut event.kind {
            sent += 1;
            *live = sent == 2;
        }
    }
    let timeline = Timeline::from_trace(trace);
    let requests = timeline.lanes().iter();
    let requests = requests.filter(|lane| matches!(lane.kind, LaneKind::Request(_)));
    let names: Vec<_> = requests.map(|lane| &*lane.name).collect();
    assert_eq!(names, ["tab 1", "you 1"]);
    let report = loopscope::export::report(&timeline);
    let clients: Vec<_> = report.requests.iter().map(|row| row.client).collect();
    assert_eq!(clients, ["tab 1", "you"]);
}

/// Two loops and a task with a timer at 50 ms; so many tasks block from 10 ms on, a loop each.
fn two_loops(blocked: u32) -> Timeline {
    let mut events = Vec::new();
    let mut push = |at: u64, kind| {
        let at = Nanos::from_millis(at);
        events.push(Event { at, kind });
    };
    let (parent, name) = (TaskId::NONE, TextId::NONE);
    for thread in [ThreadId(0), ThreadId(1)] {
        let role = ThreadRole::Loop;
        push(0, EventKind::ThreadStarted { thread, role, name });
    }
    for task in (0..3).map(TaskId) {
        push(
            0,
            EventKind::TaskSpawned {
                task,
                role: TaskRole::Program,
                parent,
                name,
                function: EventKind::NO_FUNCTION,
            },
        );
    }
    let (task, thread, deadline) = (TaskId(2), ThreadId(0), Nanos::from_millis(50));
    push(1, EventKind::PollStarted { task, thread });
    push(1, EventKind::WaitingTimer { task, deadline });
    push(1, EventKind::PollEnded { task, thread });
    for (task, thread) in (0..blocked).map(|place| (TaskId(place), ThreadId(place))) {
        let (actor, kind) = (Actor::Task(task), BlockKind::Sleep);
        push(10, EventKind::PollStarted { task, thread });
        push(
            10,
            EventKind::BlockStarted {
                actor,
                thread,
                kind,
            },
        );
    }
    Timeline::from_trace(Trace {
        events,
        upto: Nanos::from_millis(200),
        ..Trace::default()
    })
}

#[test]
fn a_loop_that_is_held_harms_nobody_while_another_is_free() {
    let blocked = |timeline: &Timeline| -> Vec<(u32, String)> {
        let insights = timeline.findings().iter();
        let blocked = insights.filter(|one| one.kind.id == "blocked-loop");
        let sentence = |one: &Finding| one.sentence(timeline, Language::Python);
        blocked.map(|one| (one.count, sentence(one))).collect()
    };
    let alone = "A held one of 2 loop threads for 0.19s so far.";
    assert_eq!(blocked(&two_loops(1)), [(0, alone.to_owned())]);
    let both = |who| {
        format!("{who} held one of 2 loop threads for 0.19s so far; meanwhile C could not run.")
    };
    assert_eq!(blocked(&two_loops(2)), [(1, both("A")), (1, both("B"))]);
}

#[test]
fn other_numbers_take_the_files_own_claims_back() {
    use loopscope::timeline::explain;
    use loopscope::trace::{Answer, Answered, Answers, Choice, EndReason, Knob, Question, Story};
    let with = |value| {
        let option = Choice {
            say: "3s".into(),
            right: true,
            ..Choice::default()
        };
        let story = Story {
            shows: "Waves of 40.".into(),
            questions: vec![Question {
                options: vec![option],
                ..Question::default()
            }],
            knobs: vec![Knob {
                name: "threads".into(),
                value,
                default: 40,
                min: 1,
                max: 200,
            }],
            ..Story::default()
        };
        let reason = EndReason::Finished;
        let kind = EventKind::RunEnded { reason };
        Timeline::from_trace(Trace {
            story,
            events: vec![Event { at: Nanos(1), kind }],
            upto: Nanos(1),
            ..Trace::default()
        })
    };
    let said = Answers(vec![Answered {
        answers: vec![Answer::Option(0)],
        ..Answered::default()
    }]);
    let as_written = explain::result(&with(40), &said);
    assert_eq!(as_written, "You said 3s: so it was. Waves of 40.");
    assert_eq!(
        explain::result(&with(100), &said),
        "You said 3s. The knobs are turned: what the file says of its own numbers is left out."
    );
}
