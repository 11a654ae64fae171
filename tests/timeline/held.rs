//! Who held a loop, how long others waited for it, and what went wrong without an error that anyone gets.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::stories;
use crate::common::traces::{self, LOOP, Play};
use loopscope::timeline::{Moment, Timeline, Victims, explain};
use loopscope::trace::{
    Actor, BlockKind, EventKind, Language, Lapse, LateRow, Nanos, StackId, StepId, TaskId,
    TaskRole, WakeCause,
};
use proptest::prelude::*;

const SECOND: u64 = 1_000_000;

#[test]
fn two_requests_one_after_the_other_are_one_place() {
    let timeline = Timeline::from_trace(traces::blocking_sleep());
    let holders = timeline.holders(timeline.live());
    let [holder] = holders.as_slice() else {
        panic!("{holders:?}");
    };
    assert_eq!((holder.times, holder.kind), (2, BlockKind::Sleep));
    assert_eq!(holder.longest.as_secs_f64().round() as u64, 5);
    assert_eq!(holder.total.as_secs_f64().round() as u64, 10);
    // The second waits in the backlog while the first holds the loop; while the second does, no request waits.
    assert_eq!(holder.waited.requests, holder.waited.connections);
    assert_eq!(holder.waited.requests, 1);
    let line = explain::line(&timeline, holder.step.unwrap(), Language::Python).unwrap();
    assert!(line.starts_with("line "), "{line}");
}

#[test]
fn at_each_moment_the_blocks_are_those_that_have_begun() {
    let timeline = Timeline::from_trace(traces::blocking_sleep());
    for tenth in 0..110 {
        let at = Nanos::from_millis(tenth * 100);
        let world = timeline.world_at(Moment {
            at,
            applied: timeline
                .trace()
                .events
                .iter()
                .filter(|event| event.at <= at)
                .count(),
        });
        let holders = timeline.holders(&world);
        let begun = timeline
            .blocks()
            .iter()
            .filter(|block| block.from <= at)
            .count();
        assert_eq!(
            holders
                .iter()
                .map(|holder| holder.times as usize)
                .sum::<usize>(),
            begun
        );
        let open = holders.iter().any(|holder| holder.open);
        let held = world.threads.iter().any(|thread| {
            let blocking = thread.doing.and_then(|doing| doing.blocking);
            blocking.is_some() && thread.id == LOOP
        });
        assert_eq!(open, held, "at {at:?}");
    }
}

fn watched() -> Play {
    let mut play = Play::server(stories::shared());
    play.spawn(10, TaskId(2), TaskRole::Program, TaskId::NONE, "main");
    play
}

#[test]
fn a_place_that_a_stack_was_seen_at_keeps_that_of_its_longest_block() {
    let mut play = watched();
    let main = Actor::Task(TaskId(2));
    for (from, to, stack) in [(1, 2, 0), (3, 6, 1), (7, 8, 2)] {
        play.poll_started(from * SECOND, TaskId(2));
        play.step(from * SECOND, main, 1);
        play.push(
            from * SECOND,
            EventKind::BlockStarted {
                actor: main,
                thread: LOOP,
                kind: BlockKind::Unknown,
            },
        );
        play.push(
            from * SECOND,
            EventKind::Stack {
                actor: main,
                stack: StackId(stack),
            },
        );
        play.push(
            to * SECOND,
            EventKind::BlockEnded {
                actor: main,
                thread: LOOP,
            },
        );
        play.poll_ended(to * SECOND, TaskId(2));
        play.wake(to * SECOND, TaskId(2), WakeCause::Timer);
    }
    let trace = play.done(9 * SECOND);
    let mut timeline = Timeline::new(trace.story.clone());
    let mut batch = trace.batch();
    batch.rows = (0..3)
        .map(|place| LateRow::Stack(vec![StepId(place)]))
        .collect();
    timeline.extend(batch);
    let holders = timeline.holders(timeline.live());
    assert_eq!(holders.len(), 1);
    assert_eq!(holders[0].stack, Some(StackId(1)));
    assert_eq!(holders[0].longest, Nanos::from_secs(3));
    assert_eq!(holders[0].times, 3);
}

#[test]
fn what_no_error_tells_is_found_and_told_in_its_own_words() {
    for (lapse, id, says) in [
        (Lapse::NeverAwaited, "never-awaited", "never awaited"),
        (Lapse::NeverRetrieved, "never-retrieved", "never retrieved"),
        (Lapse::NotKept, "not-kept", "no reference to it was kept"),
        (Lapse::Raised, "raised", "A callback raised"),
    ] {
        let mut play = watched();
        let text = play.text("ValueError: boom at app.py:12");
        let task = if lapse == Lapse::Raised {
            TaskId::NONE
        } else {
            TaskId(2)
        };
        play.push(100, EventKind::Lapsed { task, lapse, text });
        let timeline = Timeline::from_trace(play.end(SECOND));
        let found: Vec<_> = timeline
            .findings()
            .iter()
            .filter(|found| found.kind.id == id)
            .collect();
        assert_eq!(found.len(), 1, "{id}");
        let sentence = found[0].sentence(&timeline, Language::Python);
        assert!(sentence.contains(says), "{sentence}");
        assert!(
            sentence.contains("ValueError: boom at app.py:12"),
            "{sentence}"
        );
    }
}

proptest! {
    /// A share of the waits is told at most a sixteenth too long, and never beyond the longest.
    #[test]
    fn a_percentile_of_the_lag_is_that_of_all_waits(waits in prop::collection::vec(1_u64..50_000_000, 1..200)) {
        let mut play = watched();
        let mut at = 100;
        play.poll_started(at, TaskId(2));
        for wait in waits {
            at += 1;
            play.poll_ended(at, TaskId(2));
            play.wake(at, TaskId(2), WakeCause::Timer);
            at += wait;
            play.poll_started(at, TaskId(2));
        }
        let trace = play.done(at + 1);
        let mut ready = BTreeMap::new();
        let mut exact = Vec::new();
        for event in &trace.events {
            match event.kind {
                EventKind::TaskSpawned { task, .. } | EventKind::Woken { task, .. } => {
                    ready.insert(task, event.at);
                }
                EventKind::PollStarted { task, .. } => {
                    exact.extend(ready.remove(&task).map(|since| event.at.since(since).0));
                }
                _ => {}
            }
        }
        exact.sort_unstable();
        let timeline = Timeline::from_trace(trace);
        let lag = timeline.lag();
        prop_assert_eq!(lag.count(), exact.len() as u64);
        prop_assert_eq!(lag.longest().0, *exact.last().unwrap());
        for share in [0.01, 0.5, 0.9, 0.99, 1.0] {
            let place = ((exact.len() as f64 * share).ceil().max(1.0)) as usize - 1;
            let told = lag.percentile(share).unwrap().0;
            prop_assert!(told >= exact[place] && told as f64 <= exact[place] as f64 * 1.0626);
            prop_assert!(told <= lag.longest().0);
        }
    }
}

#[test]
fn what_waits_for_the_loop_is_no_task_of_a_framework() {
    let mut play = watched();
    let main = Actor::Task(TaskId(2));
    for (task, role) in [
        (3, TaskRole::Framework),
        (4, TaskRole::Callback),
        (5, TaskRole::Spawned),
    ] {
        play.spawn(20, TaskId(task), role, TaskId::NONE, "other");
    }
    play.poll_started(100, TaskId(2));
    play.block(200, SECOND, main, LOOP, BlockKind::Cpu);
    play.poll_ended(SECOND + 10, TaskId(2));
    let timeline = Timeline::from_trace(play.done(2 * SECOND));
    let holders = timeline.holders(timeline.live());
    // The framework's may have no lane yet: what it serves is told before its first turn.
    let only = Victims {
        tasks: 1,
        ..Victims::default()
    };
    assert_eq!(holders[0].waited, only);
}

#[test]
fn who_held_the_loop_by_a_moment_is_what_a_trace_up_to_it_tells() {
    let trace = traces::watched(stories::blocking_sleep(), 100, 20);
    let whole = Timeline::from_trace(trace.clone());
    let mut open = 0;
    for tenth in 0..trace.upto.0 / 97_000_000 {
        let at = Nanos::from_millis(tenth * 97);
        let part = Timeline::from_trace(traces::cut(trace.clone(), at));
        let world = whole.world_at(part.last_moment());
        let holders = part.holders(part.live());
        assert_eq!(whole.holders(&world), holders, "at {at:?}");
        open += usize::from(holders.iter().any(|holder| holder.open));
    }
    assert!(open > 10, "{open} moments within a block");
}

#[test]
fn the_lanes_that_live_at_a_moment_are_among_those_near_it() {
    let trace = traces::watched(stories::blocking_sleep(), 6_000, 1_500);
    let timeline = Timeline::from_trace(trace);
    for share in 0..=20 {
        let world = timeline.world_at(timeline.moment_at(Nanos(timeline.end().0 * share / 20)));
        let near = timeline.lanes_near(world.now);
        let near: BTreeSet<usize> = [near.requests, near.own, near.others]
            .concat()
            .into_iter()
            .collect();
        let mut over = 0;
        for (place, lane) in timeline.lanes().iter().enumerate() {
            let (state, ..) = timeline.lane_state(lane.id, &world);
            let is_there = lane.from <= world.now && timeline.is_there(lane.id, &world);
            over += usize::from(is_there && state.is_final());
            assert!(
                !is_there || state.is_final() || near.contains(&place),
                "{lane:?}"
            );
        }
        assert_eq!(timeline.lanes_over(world.now), over);
        assert!(near.len() < 5_000);
    }
}

#[test]
fn a_block_that_was_seen_in_two_parts_is_one() {
    let mut play = watched();
    let main = Actor::Task(TaskId(2));
    play.poll_started(SECOND, TaskId(2));
    play.step(SECOND, main, 1);
    for (from, to, kind) in [
        (1, 2, BlockKind::Unknown),
        (2, 4, BlockKind::Sleep),
        (5, 6, BlockKind::Sleep),
    ] {
        play.block(from * SECOND, to * SECOND, main, LOOP, kind);
    }
    play.poll_ended(7 * SECOND, TaskId(2));
    let mut trace = play.done(8 * SECOND);
    trace.story.watched = Some(loopscope::trace::Watched::default());
    let timeline = Timeline::from_trace(trace);
    let holders = timeline.holders(timeline.live());
    assert_eq!(holders.len(), 1);
    assert_eq!((holders[0].times, holders[0].kind), (2, BlockKind::Sleep));
    assert_eq!(holders[0].longest, Nanos::from_secs(3));
    assert_eq!(holders[0].total, Nanos::from_secs(4));
}
