//! What processes and threads told comes in the order in which it happened, whenever it is read.

use std::collections::BTreeMap;
use std::os::unix::process::parent_id;
use std::time::Duration;

use loopscope::trace::{EndReason, EventKind};
use loopscope::watch::Listener;
use proptest::prelude::*;

use crate::written::{Heard, SPAWN, THREAD, TURN, WOKEN, Written};

const MS: u64 = 1_000_000;
const START: u64 = 1_000 * MS;

/// A turn of a thread: the pause before it, its length, how long its slot and its record take to be written.
type Turn = (u64, u64, u64, u64);

/// What is written at a moment.
enum Write {
    Opens { since: u64 },
    Closes,
    Tells { since: u64, end: u64 },
    Wakes { at: u64 },
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let length = prop_oneof![6 => 1_000..2 * MS, 3 => MS..60 * MS, 1 => 60 * MS..400 * MS];
    let pause = prop_oneof![3 => 1_000..MS, 1 => MS..40 * MS];
    prop::collection::vec((pause, length, 0..900_000_u64, 0..900_000_u64), 1..9)
}

/// All that the threads write, by moment. `first` says whether an end is told before it shows.
fn schedule(threads: &[Vec<Turn>], first: bool) -> BTreeMap<(u64, usize), (usize, Write)> {
    let mut all = BTreeMap::new();
    let mut add = |at: u64, thread: usize, write: Write| {
        let order = all.len();
        all.insert((at, order), (thread, write));
    };
    for (thread, turns) in threads.iter().enumerate() {
        let mut now = START + thread as u64;
        for &(pause, length, slot, record) in turns {
            let since = now + pause;
            let end = since + length;
            add(since + slot.min(length), thread, Write::Opens { since });
            add(
                since + length / 2,
                thread,
                Write::Wakes {
                    at: since + length / 2,
                },
            );
            let (closes, tells) = if first {
                (end + record, end)
            } else {
                (end, end + record)
            };
            add(closes, thread, Write::Closes);
            add(tells, thread, Write::Tells { since, end });
            now = closes.max(tells);
        }
    }
    all
}

/// Plays what the threads write and reads it every now and then.
fn heard(threads: &[Vec<Turn>], looks: &[u64], first: bool) -> Heard {
    let folder = tempfile::tempdir().expect("a folder");
    // Processes that are alive, and are none of ours to ask.
    let pids = [std::process::id(), parent_id(), 1];
    let mut rings: Vec<Written> = pids
        .iter()
        .map(|&pid| Written::new(folder.path(), pid, 256))
        .collect();
    for (thread, _) in threads.iter().enumerate() {
        let ring = &mut rings[thread % 3];
        let name = ring.text("loop");
        let task = ring.text("work|/srv/app.py|3|");
        ring.record(thread as u64, THREAD, START, (0, name, 0));
        ring.record(thread as u64, SPAWN, START, (thread as u64 + 1, task, 0));
    }
    let mut listener = Listener::new(folder.path().to_owned(), Duration::from_millis(50), true);
    let mut heard = Heard::default();
    let mut looks = looks.iter().cycle();
    let mut next = START;
    for ((at, _), (thread, write)) in schedule(threads, first) {
        while next < at {
            heard.add(listener.look(next, None));
            next += looks.next().expect("a look");
        }
        let ring = &mut rings[thread % 3];
        let (index, task) = (thread as u64, thread as u64 + 1);
        match write {
            Write::Opens { since } => ring.slot(index, task, since, 1, 0),
            Write::Closes => ring.slot(index, 0, 0, 1, 0),
            Write::Tells { since, end } => ring.record(index, TURN, end, (task, 2, since)),
            Write::Wakes { at } => ring.record(index, WOKEN, at, (task, 0, 0)),
        }
    }
    for _ in 0..4 {
        heard.add(listener.look(next, None));
        next += 10 * MS;
    }
    heard.add(listener.finish(next, None, EndReason::Stopped));
    heard
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn turns_come_in_order_whenever_they_are_read(
        threads in prop::collection::vec(turns(), 1..5),
        looks in prop::collection::vec(4 * MS..30 * MS, 1..8),
        first: bool,
    ) {
        let heard = heard(&threads, &looks, first);
        prop_assert_eq!(heard.fault(), None);
        let late = heard.events.iter().filter(|event| matches!(event.kind, EventKind::Late { .. }));
        prop_assert_eq!(late.count(), 0);
        let mut expected: Vec<(u64, u64)> = Vec::new();
        for (_, (_, write)) in schedule(&threads, first) {
            if let Write::Tells { since, end } = write {
                expected.push((since, end));
            }
        }
        let zero = expected.iter().map(|(since, _)| *since).min().expect("a turn");
        let mut expected: Vec<(u64, u64)> =
            expected.into_iter().map(|(since, end)| (since - zero, end - zero)).collect();
        expected.sort_unstable();
        let mut open = BTreeMap::new();
        let mut found = Vec::new();
        for event in &heard.events {
            match event.kind {
                EventKind::PollStarted { task, .. } => prop_assert_eq!(open.insert(task, event.at.0), None),
                EventKind::PollEnded { task, .. } => {
                    let since = open.remove(&task);
                    prop_assert!(since.is_some());
                    found.push((since.unwrap_or_default(), event.at.0));
                }
                _ => {}
            }
        }
        found.sort_unstable();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_turn_that_lasts_is_told_while_it_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ring = Written::new(folder.path(), std::process::id(), 256);
    let name = ring.text("loop");
    let task = ring.text("work|/srv/app.py|3|");
    ring.record(0, THREAD, START, (0, name, 0));
    ring.record(0, SPAWN, START, (1, task, 0));
    ring.record(0, TURN, START + 3 * MS, (1, 2, START + MS));
    ring.slot(0, 1, START + 4 * MS, 1, 0);
    let mut listener = Listener::new(folder.path().to_owned(), Duration::from_millis(50), true);
    let mut heard = Heard::default();
    let mut seen = None;
    for look in 0..40 {
        let now = START + 5 * MS + look * 10 * MS;
        heard.add(listener.look(now, None));
        let begun = heard
            .events
            .iter()
            .filter(|event| matches!(event.kind, EventKind::PollStarted { .. }));
        if begun.count() == 2 {
            seen.get_or_insert(now);
        }
    }
    let last = heard
        .events
        .iter()
        .rev()
        .find(|event| matches!(event.kind, EventKind::PollStarted { .. }));
    assert_eq!(
        last.expect("it began").at.0,
        3 * MS,
        "from the first turn to its own beginning"
    );
    let seen = seen.expect("it was told");
    assert!(
        seen <= START + 4 * MS + 170 * MS,
        "told after {} ms",
        (seen - START) / MS
    );
}
