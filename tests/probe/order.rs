//! One order from many rings, whatever the writers are doing when the collector looks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use loopscope::probe::collect::{Merge, Placed};
use loopscope::probe::record::{Fact, Record, Writer, ring};
use loopscope::probe::{Collector, Recorder};
use loopscope::trace::{Batch, EventKind, Nanos, TaskId};
use proptest::prelude::*;

/// A writer that can be preempted between any two of its four actions.
struct Slow {
    writer: Writer,
    phase: Phase,
    made: u32,
}

enum Phase {
    Idle,
    Begun,
    Read(u64),
    Pushed,
}

impl Slow {
    /// One action; the clock goes on at each.
    fn act(&mut self, clock: &mut u64, slot: u32, pushed: &mut usize) {
        *clock += 1;
        self.phase = match self.phase {
            Phase::Idle => {
                self.writer.begin();
                Phase::Begun
            }
            Phase::Begun => Phase::Read(*clock),
            Phase::Read(raw) => {
                let task = slot * 1_000_000 + self.made;
                let fact = Fact::Event(EventKind::Beat { task: TaskId(task) });
                self.writer.push(Record { raw, fact });
                self.made += 1;
                *pushed += 1;
                Phase::Pushed
            }
            Phase::Pushed => {
                self.writer.end();
                Phase::Idle
            }
        };
    }
}

#[derive(Clone, Debug)]
enum Move {
    Act(usize),
    Scan,
    Join,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        8 => (0_usize..5).prop_map(Move::Act),
        2 => Just(Move::Scan),
        1 => Just(Move::Join),
    ];
    prop::collection::vec(one, 1..400)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_law_holds_whenever_writers_are_preempted(moves in moves()) {
        let (mut clock, mut pushed) = (0_u64, 0_usize);
        let mut merge = Merge::new(0);
        let mut writers: Vec<Slow> = Vec::new();
        let mut waiting = Vec::new();
        let mut all: Vec<Placed> = Vec::new();
        let mut frontier = 0;
        for step in moves {
            match step {
                Move::Join if writers.len() < 5 => {
                    let (writer, reader) = ring(1024);
                    waiting.push(reader);
                    writers.push(Slow { writer, phase: Phase::Idle, made: 0 });
                }
                Move::Act(index) if index < writers.len() => {
                    writers[index].act(&mut clock, index as u32, &mut pushed);
                }
                Move::Scan => {
                    clock += 1;
                    // The reading first, then the new rings: as the collector does it.
                    for reader in waiting.drain(..) {
                        merge.add(reader);
                    }
                    let before = all.len();
                    let next = merge.scan(clock, &mut all);
                    prop_assert!(next >= frontier);
                    for placed in &all[before..] {
                        prop_assert!(placed.record.raw >= frontier, "older than the last frontier");
                        prop_assert!(placed.record.raw < next);
                    }
                    frontier = next;
                }
                _ => {}
            }
        }
        clock += 1;
        for reader in waiting.drain(..) {
            merge.add(reader);
        }
        let before = all.len();
        merge.finish(clock, &mut all);
        for placed in &all[before..] {
            prop_assert!(placed.record.raw >= frontier);
        }
        prop_assert_eq!(all.len(), pushed, "nothing is lost, nothing comes twice");
        let keys: Vec<_> = all.iter().map(|placed| (placed.record.raw, placed.slot)).collect();
        prop_assert!(keys.is_sorted());
        // Each writer's records come in the order in which it made them.
        for slot in 0..writers.len() as u32 {
            let own: Vec<_> = all
                .iter()
                .filter(|placed| placed.slot == slot)
                .map(|placed| match placed.record.fact {
                    Fact::Event(EventKind::Beat { task }) => task.0,
                    _ => u32::MAX,
                })
                .collect();
            prop_assert!(own.iter().enumerate().all(|(place, id)| *id == slot * 1_000_000 + place as u32));
        }
    }

    #[test]
    fn an_idle_writer_holds_nobody_up(scans in 1_u64..50) {
        let (_writer, reader) = ring(4);
        let mut merge = Merge::new(0);
        merge.add(reader);
        for scan in 1..=scans {
            prop_assert_eq!(merge.scan(scan, &mut Vec::new()), scan);
        }
    }
}

#[test]
fn a_full_ring_counts_what_it_loses() {
    let (mut writer, reader) = ring(4);
    let mut merge = Merge::new(0);
    merge.add(reader);
    for raw in 1..=10 {
        writer.begin();
        writer.push(Record {
            raw,
            fact: Fact::Parked,
        });
        writer.end();
    }
    let mut out = Vec::new();
    merge.scan(11, &mut out);
    assert_eq!(out.len(), 4);
    let lost = merge.take_lost();
    assert_eq!(lost.len(), 1);
    assert_eq!((lost[0].1.count, lost[0].1.since), (6, 5));
    assert!(merge.take_lost().is_empty());
}

#[test]
fn threads_that_really_race_keep_the_law() {
    let recorder = Recorder::new(1.0);
    recorder.start();
    let mut collector = Collector::new(recorder.clone());
    let over = Arc::new(AtomicBool::new(false));
    let threads: Vec<_> = (0..4)
        .map(|number| {
            let (recorder, over) = (recorder.clone(), Arc::clone(&over));
            thread::Builder::new()
                .name(format!("loop-{number}"))
                .spawn(move || {
                    let mut made = 0_u64;
                    while !over.load(Ordering::Relaxed) {
                        recorder.record(EventKind::Beat {
                            task: TaskId(number),
                        });
                        made += 1;
                        if made.is_multiple_of(64) {
                            thread::yield_now();
                        }
                    }
                    made
                })
                .unwrap()
        })
        .collect();
    let mut last = Nanos::ZERO;
    let mut seen = 0;
    let mut lost = 0;
    let mut take = |batch: Batch| {
        for event in &batch.events {
            assert!(event.at >= last, "out of order");
            last = event.at;
            match event.kind {
                // A thread's first and last event may be lost like any other.
                EventKind::Beat { .. }
                | EventKind::ThreadStarted { .. }
                | EventKind::ThreadEnded { .. } => seen += 1,
                EventKind::Dropped { count, since, .. } => {
                    assert!(since <= event.at);
                    lost += u64::from(count);
                }
                _ => {}
            }
        }
        assert!(batch.upto >= last);
        last = batch.upto;
    };
    for _ in 0..100 {
        thread::sleep(Duration::from_millis(1));
        take(collector.scan());
    }
    over.store(true, Ordering::Relaxed);
    let made: u64 = threads
        .into_iter()
        .map(|thread| thread.join().unwrap() + 2)
        .sum();
    take(collector.finish());
    assert_eq!(seen + lost, made, "every event is there or counted as lost");
}

#[test]
fn a_slot_is_used_again_by_the_next_thread() {
    let recorder = Recorder::new(1.0);
    recorder.start();
    let mut collector = Collector::new(recorder.clone());
    let mut events = Vec::new();
    for number in 0..50 {
        let own = recorder.clone();
        thread::Builder::new()
            .name(format!("pool-{number}"))
            .spawn(move || {
                own.record(EventKind::Beat { task: TaskId(0) });
            })
            .unwrap()
            .join()
            .unwrap();
        events.extend(collector.scan().events);
    }
    events.extend(collector.finish().events);
    let started: Vec<_> = events
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::ThreadStarted { thread, .. } => Some(thread.0),
            _ => None,
        })
        .collect();
    assert_eq!(started, (0..50).collect::<Vec<_>>());
    let ended = |kind: &EventKind| matches!(kind, EventKind::ThreadEnded { .. });
    assert_eq!(events.iter().filter(|event| ended(&event.kind)).count(), 50);
}
