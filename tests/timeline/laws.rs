//! The laws of the fold, over traces by hand, traces at random, and real runs.

use crate::common;
use loopscope::VOCABULARY;

use std::sync::Arc;

use crate::common::traces;
use loopscope::engine::{self, Options};
use loopscope::library;
use loopscope::scenario::{self, Choices};
use loopscope::timeline::{Lane, LaneKind, Moment, Span, State, Timeline, World, census, explain};
use loopscope::trace::{
    Actor, Batch, BlockKind, EndReason, Event, EventKind, JobId, Language, Lapse, LockId, Nanos,
    Outcome, ProcessId, RequestId, StackId, StepId, TaskId, TaskRole, TextId, ThreadId, ThreadRole,
    Trace, WaitOn, WakeCause,
};
use proptest::prelude::*;

/// Any event, with ids that name somebody, nobody yet, or nobody at all.
#[allow(clippy::too_many_lines, reason = "a table")]
fn any_event() -> impl Strategy<Value = EventKind> {
    let id = || prop_oneof![8 => 0_u32..5, 1 => 5_u32..9, 1 => Just(u32::MAX)];
    let outcome = prop_oneof![
        4 => Just(Outcome::Completed),
        1 => Just(Outcome::Cancelled),
        1 => Just(Outcome::NeverPolled)
    ];
    let deadline = 0_u64..400_000_000;
    (0_u8..49, id(), id(), id(), deadline, outcome).prop_map(
        |(kind, a, b, c, deadline, outcome)| {
            let (task, thread, job, request) = (TaskId(a), ThreadId(b % 3), JobId(c), RequestId(c));
            let actor = if b % 2 == 0 {
                Actor::Task(task)
            } else {
                Actor::Job(job)
            };
            let text = TextId(c);
            let role = [TaskRole::Handler, TaskRole::Dispatch, TaskRole::Spawned][c as usize % 3];
            match kind {
                0 | 1 => EventKind::TaskSpawned {
                    task,
                    role,
                    function: 0,
                    parent: TaskId(c),
                    name: text,
                },
                2..=4 => EventKind::PollStarted { task, thread },
                5..=7 => EventKind::PollEnded { task, thread },
                8 | 9 => EventKind::Woken {
                    task,
                    by: WakeCause::Timer,
                },
                10 => EventKind::TaskEnded { task, outcome },
                11 | 12 => EventKind::WaitingTimer {
                    task,
                    deadline: Nanos(deadline),
                },
                13 => EventKind::Waiting {
                    task,
                    on: if b % 2 == 0 {
                        WaitOn::Turn
                    } else {
                        WaitOn::Job(job)
                    },
                },
                14 => EventKind::BlockStarted {
                    actor,
                    thread,
                    kind: BlockKind::Cpu,
                },
                15 => EventKind::BlockEnded { actor, thread },
                16 => EventKind::JobQueued {
                    job,
                    parent: task,
                    name: text,
                    pool: [0, 0, 1, 2, EventKind::PROCESS_POOL][b as usize % 5],
                },
                17 => EventKind::JobStarted { job, thread },
                18 => EventKind::JobEnded { job, outcome },
                19 => EventKind::RequestSent {
                    request,
                    client: loopscope::trace::ClientId(b),
                    route: text,
                    live: false,
                },
                20 => EventKind::RequestAccepted { request, task },
                21 => EventKind::RequestAnswered {
                    request,
                    text,
                    status: 0,
                },
                22 => EventKind::StepEntered {
                    actor,
                    step: StepId(b),
                },
                23 => EventKind::Output { actor, text },
                24 => EventKind::Beat { task },
                25..=47 => shared_event(kind, (a, b, c), deadline, actor),
                _ => EventKind::Dropped {
                    thread,
                    count: 3,
                    since: Nanos(deadline),
                },
            }
        },
    )
}

/// Any event about what actors share.
#[allow(clippy::too_many_lines, reason = "a table")]
fn shared_event(kind: u8, (a, b, c): (u32, u32, u32), deadline: u64, actor: Actor) -> EventKind {
    let (task, thread, request) = (TaskId(a), ThreadId(b % 3), RequestId(c));
    let (text, process) = (TextId(a), ProcessId(c));
    // Two of each stand in the story.
    let of = u16::try_from(c % 3).unwrap_or(0);
    match kind {
        25 => EventKind::VariableRead {
            actor,
            variable: of,
            value: text,
        },
        26 | 27 => EventKind::VariableWritten {
            actor,
            variable: of,
            value: text,
        },
        28 => EventKind::LockWanted {
            actor,
            lock: of,
            reads: false,
        },
        29 => EventKind::LockTaken {
            actor,
            lock: of,
            reads: false,
        },
        30 => EventKind::LockReleased {
            actor,
            lock: of,
            wanted: false,
        },
        31 => EventKind::ChannelSent {
            actor,
            channel: of,
            value: text,
        },
        32 => EventKind::ChannelReceived {
            actor,
            channel: of,
            value: text,
        },
        33 => EventKind::TaskOnLoop { task, thread },
        34 => EventKind::BlockStarted {
            actor,
            thread,
            kind: if c % 2 == 0 {
                BlockKind::Task
            } else {
                BlockKind::Lock
            },
        },
        35 => EventKind::BlockedOn {
            actor,
            task: TaskId(c),
        },
        36 => EventKind::TimedOut {
            actor,
            step: StepId(b),
        },
        37 => EventKind::ClientPrinted { request, text },
        38 => EventKind::ResponseChunk { request, text },
        39 => EventKind::ProcessStarted {
            process,
            pid: 7,
            name: text,
        },
        40 => EventKind::ThreadOfProcess { thread, process },
        41 => EventKind::ProcessEnded {
            process,
            status: [0, 1, -9][c as usize % 3],
        },
        42 => EventKind::GilWanted { thread },
        43 => EventKind::GilTaken { thread },
        44 => EventKind::GilReleased { thread },
        45 => EventKind::RequestGivenUp { request },
        46 => EventKind::LocalSet {
            actor,
            local: of,
            call: u8::try_from(b % 2).unwrap_or(0),
            value: text,
        },
        _ => match c % 10 {
            4 => EventKind::TaskNamed {
                task,
                role: TaskRole::Framework,
                function: 0,
                name: text,
            },
            5 => EventKind::Stack {
                actor,
                stack: StackId(0),
            },
            6 => EventKind::PoolResized {
                pool: of,
                size: b % 4,
            },
            7 => EventKind::ProcessPrinted { process, text },
            9 => EventKind::RequestNamed {
                request: RequestId(a),
                route: text,
            },
            8 => EventKind::Lapsed {
                task,
                lapse: Lapse::NotKept,
                text,
            },
            0 => EventKind::ServerStopping { polite: true },
            1 => EventKind::Late {
                thread,
                count: 2,
                since: Nanos(deadline),
            },
            2 => EventKind::TaskSpawned {
                task,
                role: TaskRole::Coroutine,
                function: 0,
                parent: TaskId(b),
                name: text,
            },
            _ => EventKind::Waiting {
                task,
                on: WaitOn::Lock(LockId(0)),
            },
        },
    }
}

/// A trace that no engine would write, in order of time, with an end now and then.
fn any_trace() -> impl Strategy<Value = Trace> {
    let steps = prop::collection::vec((0_u64..60_000_000, any_event()), 0..120);
    (steps, any::<bool>()).prop_map(|(steps, ends)| {
        let mut at = Nanos::ZERO;
        let mut trace = Trace::new(common::stories::shared());
        for (thread, role) in [ThreadRole::Loop, ThreadRole::Pool, ThreadRole::Loop]
            .into_iter()
            .enumerate()
        {
            let thread = ThreadId::from(thread);
            let name = TextId(0);
            let kind = EventKind::ThreadStarted { thread, role, name };
            trace.events.push(Event { at, kind });
        }
        for (gap, kind) in steps {
            // Many events share a moment.
            at += Nanos(if gap < 15_000_000 { 0 } else { gap });
            trace.events.push(Event { at, kind });
        }
        if ends {
            let reason = EndReason::Finished;
            let kind = EventKind::RunEnded { reason };
            trace.events.push(Event { at, kind });
        }
        trace.upto = at + Nanos(70_000_000);
        trace
    })
}

/// Hands a trace on in pieces, as a live run does.
fn live(trace: &Trace, piece: usize) -> Timeline {
    let mut timeline = Timeline::new(trace.story.clone());
    let mut texts = Some(trace.texts.clone());
    let pieces: Vec<_> = trace.events.chunks(piece.max(1)).collect();
    for (place, events) in pieces.iter().enumerate() {
        let next = pieces.get(place + 1).map_or(trace.upto, |next| next[0].at);
        let last = events.last().map_or(Nanos::ZERO, |event| event.at);
        // Half-way to the next event, so that things become due between batches.
        let upto = Nanos(u64::midpoint(last.0, next.0));
        timeline.extend(Batch {
            rows: Vec::new(),
            texts: texts.take().unwrap_or_default(),
            events: events.to_vec(),
            upto,
        });
    }
    timeline.extend(Batch {
        rows: Vec::new(),
        texts: texts.take().unwrap_or_default(),
        events: Vec::new(),
        upto: trace.upto,
    });
    timeline
}

/// All places of a kind, from the start on.
fn all(timeline: &Timeline, next: fn(&Timeline, Moment) -> Option<Moment>) -> Vec<Moment> {
    let start = Moment::default();
    std::iter::successors(next(timeline, start), |moment| next(timeline, *moment)).collect()
}

fn assert_same(live: &Timeline, whole: &Timeline) {
    assert_eq!(live.live(), whole.live());
    assert_eq!(live.lanes(), whole.lanes());
    assert_eq!(live.thread_tracks(), whole.thread_tracks());
    assert_eq!(live.findings(), whole.findings());
    assert_eq!(live.outputs(), whole.outputs());
    for next in [
        Timeline::next_stop,
        Timeline::next_news,
        Timeline::next_change,
    ] {
        assert_eq!(all(live, next), all(whole, next));
    }
    assert_eq!(live.gil_tracks(), whole.gil_tracks());
    assert_eq!(live.chunks(), whole.chunks());
}

/// Seeking to a moment gives the same world as having been there.
fn assert_seeks(timeline: &Timeline) {
    let mut folded = World::new(timeline.story());
    for (place, event) in timeline.trace().events.iter().enumerate() {
        folded.apply(event);
        let moment = Moment {
            at: event.at,
            applied: place + 1,
        };
        // A timer that has run out already makes its task overdue in the same moment.
        folded.advance(event.at);
        assert_eq!(timeline.world_at(moment), folded, "after event {place}");
    }
    folded.advance(timeline.end());
    assert_eq!(&timeline.world_at(timeline.last_moment()), timeline.live());
    assert_eq!(&folded, timeline.live());
}

fn tiles(spans: &[Span], from: Nanos) {
    assert_eq!(spans[0].from, from);
    for pair in spans.windows(2) {
        assert_eq!(pair[0].to, Some(pair[1].from));
        assert!(pair[0].from < pair[1].from);
        assert_ne!(pair[0].state, pair[1].state);
    }
    assert_eq!(spans.last().map(|span| span.to), Some(None));
}

fn assert_accounts(timeline: &Timeline) {
    let world = timeline.live();
    let now = timeline.settled();
    for task in &world.tasks {
        let life = task.ended.unwrap_or(now).since(task.spawned);
        assert_eq!(timeline.times_of_task(task.id).total(), life, "{task:?}");
    }
    for job in &world.jobs {
        let life = job.ended.unwrap_or(now).since(job.queued);
        assert_eq!(timeline.times_of_job(job.id).total(), life, "{job:?}");
    }
    for lane in timeline.lanes() {
        tiles(&lane.spans, lane.from);
        let (state, ..) = timeline.lane_state(lane.id, world);
        assert_eq!(lane.spans.last().map(|span| span.state), Some(state));
    }
    assert_census(timeline);
    assert_eq!(world.overdue.len(), count(world, State::Overdue));
    assert_eq!(world.ready.len(), count(world, State::Ready));
    for insight in timeline.findings() {
        assert!(insight.at <= insight.found && insight.found <= now);
        assert!(insight.at + insight.length <= now);
    }
}

/// How many are in which state is what their lanes show, at every moment.
fn assert_census(timeline: &Timeline) {
    let requests = !timeline.live().requests.is_empty();
    let counted = |lane: &&Lane| match lane.kind {
        LaneKind::Request(_) => requests,
        LaneKind::Task(_) => !requests && !lane.letter.is_empty(),
        LaneKind::Job(_) => false,
    };
    let lanes: Vec<&Lane> = timeline.lanes().iter().filter(counted).collect();
    let spans = || lanes.iter().flat_map(|lane| &lane.spans);
    let mut moments: Vec<Nanos> = spans().map(|span| span.from).collect();
    moments.sort();
    moments.dedup();
    // The last ones are those of the end; of many, some are enough.
    let every = moments.len() / 200 + 1;
    for at in moments.into_iter().rev().step_by(every) {
        let mut counts = census::Counts::default();
        let now = spans().filter(|span| span.from <= at && span.to.is_none_or(|to| to > at));
        now.for_each(|span| counts[span.state as usize] += 1);
        assert_eq!(timeline.census().at(at), counts, "{at:?}");
    }
}

fn count(world: &World, state: State) -> usize {
    let tasks = world.tasks.iter();
    tasks.filter(|task| task.state == state).count()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    })]

    #[test]
    fn advancing_twice_is_advancing_once(trace in any_trace(), a in 0_u64..3_000, b in 0_u64..3_000) {
        let mut once = Timeline::from_trace(trace).live().clone();
        let mut twice = once.clone();
        let now = once.now;
        let (first, second) = (now + Nanos::from_millis(a.min(b)), now + Nanos::from_millis(a.max(b)));
        twice.advance(first);
        twice.advance(second);
        once.advance(second);
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn live_is_replay_is_seek(trace in any_trace(), piece in 1_usize..40) {
        let whole = Timeline::from_trace(trace.clone());
        assert_same(&live(&trace, piece), &whole);
        assert_seeks(&whole);
        assert_accounts(&whole);
    }

    #[test]
    fn why_is_answered_for_everybody_at_every_moment(trace in any_trace(), part in 0_u64..=8) {
        let timeline = Timeline::from_trace(trace);
        let here = timeline.moment_at(Nanos(timeline.end().0 / 8 * part));
        let world = timeline.world_at(here);
        for lane in timeline.lanes().iter().filter(|lane| lane.from <= here.at) {
            let why = explain::why(&timeline, &world, lane.id, Language::Python);
            for words in [&why.now, &why.next] {
                prop_assert!(words.ends_with('.') && words.len() > 9, "{words}");
                prop_assert!(words.starts_with(|sign: char| !sign.is_whitespace()), "{words}");
            }
            // A cause is somebody else, or earlier: following it always leads somewhere.
            if let Some(cause) = why.cause {
                prop_assert!(cause.lane != lane.id || cause.at.is_some());
                prop_assert!(cause.at.is_none_or(|at| at < here), "{cause:?}");
            }
        }
    }

    #[test]
    fn places_lie_on_both_sides_of_every_moment(trace in any_trace(), part in 0_u64..=8) {
        let timeline = Timeline::from_trace(trace);
        let here = timeline.moment_at(Nanos(timeline.end().0 / 8 * part));
        type Step = fn(&Timeline, Moment) -> Option<Moment>;
        let steps: [(Step, Step); 7] = [
            (Timeline::previous_event, Timeline::next_event),
            (Timeline::previous_change, Timeline::next_change),
            (Timeline::previous_stop, Timeline::next_stop),
            (Timeline::previous_line, Timeline::next_line),
            (Timeline::previous_poll, Timeline::next_poll),
            (Timeline::previous_step, Timeline::next_step),
            (Timeline::previous_news, Timeline::next_news),
        ];
        for (place, (back, forward)) in steps.into_iter().enumerate() {
            prop_assert!(back(&timeline, here).is_none_or(|moment| moment < here), "{place}");
            prop_assert!(forward(&timeline, here).is_none_or(|moment| moment > here), "{place}");
            // Whoever goes on and back again stands before the place that was gone to.
            if let Some(next) = forward(&timeline, here) {
                prop_assert!(back(&timeline, next).is_none_or(|moment| moment < next), "{place}");
            }
        }
    }

    #[test]
    fn findings_grow_and_never_vanish(trace in any_trace()) {
        let timeline = Timeline::from_trace(trace.clone());
        let mut before = 0;
        let mut moment = Moment::default();
        while let Some(next) = timeline.next_change(moment) {
            prop_assert!(next > moment);
            moment = next;
            let world = timeline.world_at(moment);
            let found = timeline.findings_at(&world);
            prop_assert!(found.len() >= before);
            before = found.len();
            // Cut off here, it would have looked the same.
            let cut = Timeline::from_trace(traces::cut(trace.clone(), moment.at));
            prop_assert_eq!(cut.findings(), &found[..]);
        }
    }
}

#[test]
fn the_laws_hold_for_traces_by_hand() {
    for trace in [
        traces::blocking_sleep(),
        traces::awaited_sleep(),
        traces::four_routes_sync(),
        traces::plain_requests(common::stories::four_routes_sync(), 700, 40),
    ] {
        let whole = Timeline::from_trace(trace.clone());
        for piece in [1, 7, 1000] {
            assert_same(&live(&trace, piece), &whole);
        }
        if trace.events.len() < 3000 {
            assert_seeks(&whole);
        }
        assert_accounts(&whole);
    }
}

#[test]
fn keyframes_do_not_change_what_is_seen() {
    let trace = traces::plain_requests(common::stories::four_routes_sync(), 700, 40);
    let timeline = Timeline::from_trace(trace.clone());
    let mut folded = World::new(timeline.story());
    for (place, event) in trace.events.iter().enumerate() {
        folded.apply(event);
        if place % 997 == 0 {
            let at = event.at;
            let applied = place + 1;
            folded.advance(at);
            assert_eq!(timeline.world_at(Moment { at, applied }), folded);
        }
    }
}

#[test]
fn seeking_from_anywhere_to_anywhere_is_seeking_from_the_start() {
    let trace = traces::plain_requests(common::stories::four_routes_sync(), 1_500, 40);
    let timeline = Timeline::from_trace(trace.clone());
    let end = timeline.end().0;
    let mut world = World::new(timeline.story());
    // Near and far, back and forth; a prime number of steps goes everywhere.
    for step in 0..120_u64 {
        let at = Nanos(end / 127 * (step * step * 31 % 127));
        let mut moment = timeline.moment_at(at);
        if step % 3 == 0 {
            // Between two events of the same moment, too.
            moment = timeline.previous_event(moment).unwrap_or(moment);
        }
        timeline.seek(&mut world, moment);
        let mut folded = World::new(timeline.story());
        for event in &trace.events[..moment.applied] {
            folded.apply(event);
        }
        folded.advance(moment.at);
        assert_eq!(world, folded, "{moment:?}");
        assert_eq!(timeline.world_at(moment), folded, "{moment:?}");
    }
}

#[test]
fn real_runs_are_legal() {
    for id in [
        "blocking-sleep",
        "awaited-sleep",
        "threadpool-sleep",
        "spawn-blocking",
        "cpu-loop",
        "four-routes-sync",
    ] {
        let entry = library::find(id).expect("it is one of ours");
        let scenario = scenario::load(&entry.source, &entry.file, &Choices::default(), &VOCABULARY);
        let scenario = Arc::new(scenario.expect("ours are right"));
        let mut timeline = Timeline::new(scenario.story.clone());
        let options = Options {
            speed: 50.0,
            seed: 0,
        };
        let run = engine::start(Arc::clone(&scenario), &options).expect("a runtime starts");
        for batch in run.batches() {
            timeline.extend(batch);
        }
        assert_eq!(timeline.live().problems, 0, "{id}");
        assert_eq!(timeline.ended(), Some(EndReason::Finished), "{id}");
        assert_accounts(&timeline);
        let whole = Timeline::from_trace(timeline.trace().clone());
        assert_same(&timeline, &whole);
    }
}

#[test]
fn hostile_ids_name_nobody_and_cost_nothing() {
    let mut world = World::default();
    for id in [7, 1 << 30, u32::MAX - 1, u32::MAX] {
        for kind in [
            EventKind::PollStarted {
                task: TaskId(id),
                thread: ThreadId(id),
            },
            EventKind::JobStarted {
                job: JobId(id),
                thread: ThreadId(id),
            },
            EventKind::RequestAccepted {
                request: RequestId(id),
                task: TaskId(id),
            },
        ] {
            world.apply(&Event { at: Nanos(5), kind });
        }
    }
    assert_eq!(world.problems, 12);
    assert!(world.tasks.is_empty() && world.jobs.is_empty() && world.threads.is_empty());
}
