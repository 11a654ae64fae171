//! A trace that began in the middle of a run tells the rest of it as the whole one does.

use crate::captions::computed;
use loopscope::timeline::{Moment, State, Timeline, World};
use loopscope::trace::{Batch, EventKind, Nanos, StepId, Trace, Window, recording};
use std::collections::BTreeMap;

/// What can be said of a moment without ids.
fn standing(world: &World) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    let mut count = |what: String| *counts.entry(what).or_insert(0) += 1;
    for task in &world.tasks {
        if task.ended.is_none() {
            count(format!("task {} since {:?}", task.state.word(), task.since));
        }
    }
    for job in &world.jobs {
        if matches!(job.state, State::Queued | State::OnPool | State::Ready) {
            count(format!("job {}", job.state.word()));
        }
    }
    for thread in &world.threads {
        if !thread.ended {
            let doing = thread.doing.map(|doing| (doing.since, doing.blocking));
            count(format!("thread {:?} {doing:?}", thread.role));
        }
    }
    counts.insert("backlog".to_owned(), world.backlog.len());
    counts.insert("queued".to_owned(), world.job_queue.len());
    counts.insert("busy".to_owned(), world.pool.busy as usize);
    counts.into_iter().collect()
}

/// Who held the loops, and how many waited, without ids of what is numbered anew.
fn held(timeline: &Timeline) -> Vec<String> {
    let holders = timeline.holders(timeline.live());
    let holders = holders.iter().map(|holder| {
        let waited = [holder.waited.requests, holder.waited.tasks].map(|count| count.min(1));
        let spent = (holder.times, holder.longest, holder.total);
        format!("{:?} {spent:?} {waited:?}", holder.step)
    });
    let lag = timeline.lag();
    let percentiles = format!("{:?} {}", lag.percentile(0.9), lag.count());
    holders.chain([percentiles]).collect()
}

/// How often each kind was found at each place; without kinds for which a trace must know what happened before it.
fn found(timeline: &Timeline) -> BTreeMap<(&str, Option<StepId>), u32> {
    let mut counts = BTreeMap::new();
    let now = timeline.findings().iter();
    let now = now.map(|finding| (finding.kind.id, finding.step, 1));
    let before = timeline.findings_before().iter();
    let before = before.map(|earlier| (earlier.kind.id, earlier.step, earlier.times));
    for (kind, step, times) in now.chain(before) {
        *counts.entry((kind, step)).or_insert(0) += times;
    }
    counts.retain(|(kind, _), _| ["blocked-loop", "never-polled", "lost-update"].contains(kind));
    counts
}

/// The trace that is begun behind so many events, to the end of the run.
fn begun(trace: &Trace, events: usize) -> Trace {
    let piece = |from: usize, to: usize| Batch {
        texts: if from == 0 {
            trace.texts.clone()
        } else {
            Vec::new()
        },
        rows: Vec::new(),
        events: trace.events[from..to].to_vec(),
        upto: trace
            .events
            .get(to.max(1) - 1)
            .map_or(Nanos::ZERO, |event| event.at),
    };
    let mut window = Window::default();
    let before = piece(0, events);
    window.add(&before);
    let (mut stretch, first) = window.begin(before.upto);
    let mut own = Trace::new(trace.story.clone());
    own.extend(first);
    for from in (events..trace.events.len()).step_by(7) {
        let next = piece(from, (from + 7).min(trace.events.len()));
        window.add(&next);
        own.extend(stretch.batch(&window, &next));
    }
    own.upto = trace.upto;
    own
}

#[test]
fn a_trace_begun_anywhere_stands_as_the_whole_one() {
    let mut compared = 0;
    for whole in computed() {
        let trace = whole.trace();
        let (id, story) = (&trace.story.id, &trace.story);
        let shares = !story.locks.is_empty() || !story.channels.is_empty() || story.runtime.gil;
        // Locks, channels and the lock of CPython's own are no part of a program that is watched.
        if shares || !story.variables.is_empty() || trace.events.len() > 4_000 {
            continue;
        }
        for share in 1..8 {
            let at = trace.events[trace.events.len() * share / 8].at;
            // What is handed on ends behind all events of a moment.
            let events = trace.events.partition_point(|event| event.at <= at);
            let own = begun(trace, events);
            let mut bytes = Vec::new();
            recording::write(&own, &mut bytes).unwrap();
            let read = recording::read(&bytes[..]);
            assert!(read.is_ok(), "{id} from {events}: {:?}", read.err());
            let part = Timeline::from_trace(own);
            let mut probe = World::new(story);
            for event in &part.trace().events {
                let before = probe.problems;
                probe.apply(event);
                assert_eq!(probe.problems, before, "{id} from {events}: {event:?}");
            }
            assert_eq!(part.live().problems, 0, "{id} from {events}");
            let from = trace.events[events - 1].at;
            let mut carried = part.clone();
            carried.carry(whole, from);
            assert_eq!(held(&carried), held(whole), "{id} from {events}");
            assert_eq!(found(&carried), found(whole), "{id} from {events}");
            for place in (events..trace.events.len()).step_by(97) {
                // Behind all events of one moment, so that both worlds have seen the same.
                let at = trace.events[place].at;
                if at <= from {
                    continue;
                }
                let applied = |timeline: &Timeline| {
                    timeline
                        .trace()
                        .events
                        .partition_point(|event| event.at <= at)
                };
                let world = |timeline: &Timeline| {
                    timeline.world_at(Moment {
                        at,
                        applied: applied(timeline),
                    })
                };
                let (one, other) = (standing(&world(whole)), standing(&world(&part)));
                assert_eq!(one, other, "{id} from {events} at {at:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "{compared} moments");
}

#[test]
fn what_has_ended_takes_no_room() {
    let mut window = Window::default();
    let trace = crate::common::traces::blocking_sleep();
    let batch = trace.batch();
    window.add(&batch);
    let alive = |window: &Window| window.begin(trace.upto).1.events.len();
    let once = alive(&window);
    // The same tasks come and go a thousand times.
    for round in 1..1_000_u32 {
        let mut batch = Batch {
            upto: trace.upto,
            ..Batch::default()
        };
        for event in &trace.events {
            let mut event = *event;
            event.at = trace.upto;
            match &mut event.kind {
                EventKind::TaskSpawned { task, .. }
                | EventKind::TaskEnded { task, .. }
                | EventKind::PollStarted { task, .. }
                | EventKind::PollEnded { task, .. } => task.0 += round * 100,
                _ => continue,
            }
            batch.events.push(event);
        }
        let ends: Vec<_> = batch.events.iter().map(|event| event.kind).collect();
        for kind in ends {
            if let EventKind::TaskSpawned { task, .. } = kind {
                let outcome = loopscope::trace::Outcome::Completed;
                batch.events.push(loopscope::trace::Event {
                    at: trace.upto,
                    kind: EventKind::TaskEnded { task, outcome },
                });
            }
        }
        window.add(&batch);
    }
    assert_eq!(alive(&window), once);
}
