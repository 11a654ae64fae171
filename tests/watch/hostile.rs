//! Rings that are overrun, cut short or full of anything: read without harm, and what was lost is told.

use std::time::Duration;

use loopscope::trace::{EndReason, EventKind};
use loopscope::watch::{Listener, read};
use proptest::prelude::*;

use crate::written::{Heard, NOBODY, PRINTED, SPAWN, THREAD, TURN, Written};

const MS: u64 = 1_000_000;

fn listener(folder: &tempfile::TempDir) -> Listener {
    Listener::new(folder.path().to_owned(), Duration::from_millis(50), true)
}

fn printed(heard: &Heard) -> Vec<&str> {
    let printed = heard.events.iter().filter_map(|event| match event.kind {
        EventKind::ProcessPrinted { text, .. } => heard.texts.get(text.index()),
        _ => None,
    });
    printed.map(String::as_str).collect()
}

fn dropped(heard: &Heard) -> u64 {
    let dropped = heard.events.iter().map(|event| match event.kind {
        EventKind::Dropped { count, .. } => u64::from(count),
        _ => 0,
    });
    dropped.sum()
}

#[test]
fn a_ring_that_wraps_is_read_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ring = Written::new(folder.path(), std::process::id(), 256);
    let mut listener = listener(&folder);
    let mut heard = Heard::default();
    let name = ring.text("loop");
    ring.record(0, THREAD, MS, (0, name, 0));
    for line in 0..2_000_u64 {
        let text = ring.text(&format!("line {line}"));
        ring.record(0, PRINTED, (2 + line) * MS, (0, text, 0));
        if line % 200 == 7 {
            heard.add(listener.look((3 + line) * MS, None));
        }
    }
    heard.add(listener.finish(3_000 * MS, None, EndReason::Stopped));
    let expected: Vec<String> = (0..2_000).map(|line| format!("line {line}")).collect();
    assert_eq!(printed(&heard), expected);
    assert_eq!(dropped(&heard), 0);
}

#[test]
fn what_was_overrun_is_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ring = Written::new(folder.path(), std::process::id(), 256);
    let mut listener = listener(&folder);
    let mut heard = Heard::default();
    let text = ring.text("a line");
    for line in 0..10 {
        ring.record(0, PRINTED, line * MS, (0, text, 0));
    }
    heard.add(listener.look(20 * MS, None));
    for line in 10..1_000 {
        ring.record(0, PRINTED, line * MS, (0, text, 0));
    }
    heard.add(listener.finish(2_000 * MS, None, EndReason::Stopped));
    let kept = printed(&heard).len() as u64;
    assert!((200..=266).contains(&kept), "{kept}");
    assert_eq!(kept + dropped(&heard), 1_000);
}

#[test]
fn records_that_a_killed_process_never_finished_are_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ring = Written::new(folder.path(), NOBODY, 256);
    let text = ring.text("a line");
    ring.record(0, PRINTED, MS, (0, text, 0));
    ring.number();
    ring.record(0, PRINTED, 2 * MS, (0, text, 0));
    ring.texts_bytes(b"[17, \"cut in the mid");
    let trace = read(folder.path(), Duration::from_millis(50)).expect("a trace");
    let printed = trace
        .events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::ProcessPrinted { .. }));
    assert_eq!(printed.count(), 2);
    assert!(trace.ended() == Some(EndReason::Finished));
}

#[test]
fn a_folder_without_a_ring_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = read(folder.path(), Duration::from_millis(50))
        .expect_err("none")
        .to_string();
    assert!(
        error.contains("holds no ring") && error.contains("loopscope.install"),
        "{error}"
    );
    let error = read(&folder.path().join("none"), Duration::from_millis(50))
        .expect_err("none")
        .to_string();
    assert!(error.contains("holds no ring"), "{error}");
    // What is called a ring and is none.
    std::fs::write(folder.path().join("12.ring"), "nothing").expect("a file");
    assert!(read(folder.path(), Duration::from_millis(50)).is_err());
    for head in [
        r#"{"ring":2,"slots":256}"#,
        r#"{"ring":1,"slots":255}"#,
        r#"{"ring":1,"slots":0}"#,
        "{",
        "",
    ] {
        Written::with_head(folder.path(), NOBODY, 256, head);
        assert!(
            read(folder.path(), Duration::from_millis(50)).is_err(),
            "{head}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_records_are_read_without_harm(
        records in prop::collection::vec((0..24_u64, 0..4_u64, any::<u64>(), 0..6_u64, 0..6_u64, any::<u64>()), 0..120),
        slots in prop::collection::vec((any::<u64>(), any::<u64>(), 0..6_u64, any::<u64>()), 0..8),
        alive: bool,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let pid = if alive { std::process::id() } else { NOBODY };
        let mut ring = Written::new(folder.path(), pid, 64);
        for text in ["||||", "a|b|c|d", "run|/srv/app.py|9999999999999|x", "\u{1b}[2J|/etc/passwd|1|"] {
            ring.text(text);
        }
        let mut listener = listener(&folder);
        let mut heard = Heard::default();
        for (place, (kind, thread, moment, a, b, c)) in records.into_iter().enumerate() {
            // Half of the figures are small, so that they meet.
            let small = |word: u64| if word.is_multiple_of(2) { word % 2_000 * MS } else { word };
            ring.record(thread, kind, small(moment), (a, b, small(c)));
            if place % 13 == 5 {
                heard.add(listener.look(place as u64 * 20 * MS, None));
            }
        }
        for (thread, (what, since, kind, native)) in slots.into_iter().enumerate() {
            ring.slot(thread as u64, what, since, kind, native);
        }
        heard.add(listener.look(3_000 * MS, None));
        heard.add(listener.finish(4_000 * MS, None, EndReason::Stopped));
        prop_assert_eq!(heard.fault(), None);
    }

    #[test]
    fn any_bytes_are_read_without_harm(
        bytes in prop::collection::vec(any::<u8>(), 0..2_000),
        texts in prop::collection::vec(any::<u8>(), 0..400),
        at in 4096..10_000_u64,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut ring = Written::new(folder.path(), std::process::id(), 64);
        let name = ring.text("main|/srv/app.py|3|");
        ring.record(0, SPAWN, MS, (1, name, 0));
        ring.record(0, TURN, 3 * MS, (1, 2, 2 * MS));
        ring.bytes(at, &bytes);
        ring.texts_bytes(&texts);
        let mut listener = listener(&folder);
        let mut heard = Heard::default();
        for look in 1..4 {
            heard.add(listener.look(look * 100 * MS, None));
        }
        heard.add(listener.finish(1_000 * MS, None, EndReason::Stopped));
        prop_assert_eq!(heard.fault(), None);
    }
}
