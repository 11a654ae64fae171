//! A thread's lane: what goes in comes out in its order, and what is lost is counted, whatever the reader does.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use loopscope::probe::lane::{Lane, Open, Tag, Word, Writer, flag};
use proptest::prelude::*;

fn lane() -> &'static Lane {
    Box::leak(Box::default())
}

fn writer(lane: &'static Lane) -> Writer {
    let writer = Writer::new();
    writer.take(lane);
    writer
}

fn drained(lane: &Lane) -> Vec<(u64, Word)> {
    let mut records = Vec::new();
    lane.drain(|at, word| records.push((at, word)));
    records
}

/// What a thread may do, so many times.
#[derive(Clone, Debug)]
enum Move {
    Polls(u16),
    Wakes(u16),
    Spawns(u16),
    Drain,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        (0..40_000_u16).prop_map(Move::Polls),
        (0..40_000_u16).prop_map(Move::Wakes),
        (0..3_000_u16).prop_map(Move::Spawns),
        Just(Move::Drain),
    ];
    proptest::collection::vec(one, 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_goes_in_comes_out_in_order_or_is_counted(moves in moves()) {
        let lane = lane();
        let writer = writer(lane);
        let (mut at, mut told, mut spawns) = (0, 0, 0);
        let mut out = Vec::new();
        for one in moves {
            match one {
                Move::Polls(count) => for _ in 0..count {
                    at += 2;
                    told += 1;
                    writer.poll_begins(at - 1, 7);
                    writer.poll_ends(at, false);
                },
                Move::Wakes(count) => for _ in 0..count {
                    at += 1;
                    told += 1;
                    writer.wakes(9, || at);
                },
                Move::Spawns(count) => for _ in 0..count {
                    at += 1;
                    told += 1;
                    spawns += 1;
                    writer.note(at, Word::new(Tag::Spawn, 1, spawns));
                },
                Move::Drain => out.extend(drained(lane)),
            }
        }
        out.extend(drained(lane));
        prop_assert_eq!(out.len() as u64 + lane.lost(), told);
        prop_assert!(out.windows(2).all(|two| two[0].0 < two[1].0), "in the order of their moments");
        // Room is kept for what is told once: as long as it lasts, polls and wakes are lost and no spawn is.
        let kept = out.iter().filter(|(_, word)| word.tag() == Some(Tag::Spawn)).count();
        if u64::from(spawns) <= Lane::ROOM / 8 {
            prop_assert_eq!(kept, spawns as usize);
        }
    }

    #[test]
    fn a_length_is_never_longer_and_hardly_shorter(ticks in 0..1_u64 << 50, flags in 0..8_u8, id: u32) {
        let word = Word::span(Tag::Poll, flags, ticks, id);
        prop_assert_eq!((word.tag(), word.flags(), word.id()), (Some(Tag::Poll), flags, id));
        prop_assert!(word.ticks() <= ticks && ticks - word.ticks() <= ticks >> 19);
    }
}

#[test]
fn a_wake_by_itself_is_a_mark_and_one_by_another_a_record() {
    let lane = lane();
    let writer = writer(lane);
    writer.poll_begins(10, 1);
    writer.wakes(1, || unreachable!("the clock is not read for it"));
    writer.wakes(2, || 12);
    writer.poll_ends(15, false);
    writer.poll_begins(20, 1);
    writer.poll_ends(21, true);
    let flags: Vec<_> = drained(lane)
        .iter()
        .map(|(at, word)| {
            (
                *at,
                word.tag(),
                word.flags() * u8::from(word.tag() == Some(Tag::Poll)),
            )
        })
        .collect();
    assert_eq!(
        flags,
        [
            (12, Some(Tag::Wake), 0),
            (10, Some(Tag::Poll), flag::SELF_WOKEN),
            (20, Some(Tag::Poll), flag::PANICKED),
        ]
    );
}

#[test]
fn a_poll_inside_another_interrupts_it() {
    let lane = lane();
    let writer = writer(lane);
    writer.poll_begins(10, 1);
    writer.poll_begins(20, 2);
    assert_eq!(
        lane.open(),
        Some(Open {
            at: 20,
            task: Some(2)
        })
    );
    writer.poll_ends(30, false);
    assert_eq!(
        lane.open(),
        Some(Open {
            at: 30,
            task: Some(1)
        })
    );
    writer.poll_ends(40, false);
    assert_eq!(lane.open(), None);
    let polls: Vec<_> = drained(lane)
        .iter()
        .map(|(at, word)| (*at, word.ticks(), word.id(), word.flags()))
        .collect();
    assert_eq!(
        polls,
        [
            (10, 10, 1, flag::SELF_WOKEN),
            (20, 10, 2, 0),
            (30, 10, 1, flag::CONTINUED),
        ]
    );
}

#[test]
fn what_a_job_polls_itself_is_part_of_it() {
    let lane = lane();
    let writer = writer(lane);
    writer.job_begins(1, 5);
    writer.poll_begins(2, 6);
    writer.poll_ends(3, false);
    writer.job_ends(true);
    writer.job_is_gone(4, 5);
    let tags: Vec<_> = drained(lane)
        .iter()
        .map(|(_, word)| (word.tag(), word.more()))
        .collect();
    assert_eq!(tags, [(Some(Tag::JobStarted), 0), (Some(Tag::JobEnded), 1)]);
}

/// One thread writes as fast as it can, one reads: nothing is seen twice, nothing half, nothing out of order.
#[test]
fn a_reader_beside_a_writer_sees_whole_records() {
    const COUNT: u32 = 400_000;
    let lane = lane();
    let over = AtomicBool::new(false);
    let (mut seen, mut last, mut looks) = (0_u64, 0, 0);
    thread::scope(|scope| {
        let over = &over;
        scope.spawn(move || {
            let writer = writer(lane);
            for task in 1..=COUNT {
                // A moment tells its task, so that a torn pair shows.
                writer.poll_begins(u64::from(task) * 3, task);
                writer.poll_ends(u64::from(task) * 3 + 1, false);
            }
            over.store(true, Ordering::Release);
        });
        loop {
            let end = over.load(Ordering::Acquire);
            if let Some(open) = lane.open() {
                looks += 1;
                assert_eq!(Some(open.at), open.task.map(|task| u64::from(task) * 3));
            }
            lane.drain(|at, word| {
                seen += 1;
                assert!(word.id() > last, "each once, and in order");
                last = word.id();
                assert_eq!((at, word.ticks()), (u64::from(word.id()) * 3, 1));
            });
            if end {
                break;
            }
        }
    });
    println!("{seen} seen, {} lost, {looks} seen under way", lane.lost());
    assert_eq!(seen + lane.lost(), u64::from(COUNT));
    assert!(seen > 0);
}
