//! A stream as a program writes it, byte by byte: what it says, and what it says where it says nothing that can be read.

use std::io::Write;
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use loopscope::trace::{EventKind, Outcome, WakeCause};
use loopscope::watch::{Address, Join, Options, Watch, now};
use proptest::prelude::*;

use crate::written::Heard;

const PATIENCE: Duration = Duration::from_secs(20);
const HELLO: u8 = 1;
const BATCH: u8 = 2;
const POLL: u8 = 1;
const SPAWN: u8 = 2;
const END: u8 = 3;
const WAKE: u8 = 4;
const THREAD: u8 = 12;
const CONTINUED: u8 = 4 << 5;

fn figure(out: &mut Vec<u8>, mut figure: u64) {
    while figure > 0x7f {
        out.push(figure as u8 | 0x80);
        figure >>= 7;
    }
    out.push(figure as u8);
}

fn text(out: &mut Vec<u8>, text: &str) {
    figure(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn frame(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("it is short");
    [&length.to_le_bytes(), bytes].concat()
}

fn hello(version: u64) -> Vec<u8> {
    let mut bytes = vec![HELLO];
    for word in [version, std::process::id().into(), 1, now(), 1] {
        figure(&mut bytes, word);
    }
    for word in ["/srv", "/srv/target/debug/app", "app"] {
        text(&mut bytes, word);
    }
    frame(&bytes)
}

/// A record: its tag and flags, how long after the look it was, its id, and what more there is.
type Told = (u8, i64, u64, u64);

/// A batch of one lane.
fn batch(scan: u64, texts: &[(u64, &str)], lost: u64, told: &[Told]) -> Vec<u8> {
    let mut bytes = vec![BATCH];
    figure(&mut bytes, scan);
    figure(&mut bytes, texts.len() as u64);
    for (number, of) in texts {
        figure(&mut bytes, *number);
        text(&mut bytes, of);
    }
    for word in [0, lost, told.len() as u64] {
        figure(&mut bytes, word);
    }
    let mut last = 0;
    for (tag, at, id, more) in told {
        bytes.push(*tag);
        let apart = at - last;
        last = *at;
        figure(&mut bytes, (apart << 1 ^ apart >> 63).cast_unsigned());
        figure(&mut bytes, *id);
        figure(&mut bytes, *more);
    }
    frame(&bytes)
}

/// What is made of the bytes of a program, which then ends its connection.
fn heard(bytes: &[u8]) -> Heard {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).expect("a socket");
    let address = Address::parse(&path.display().to_string()).expect("a path");
    let watch = Watch::start(Options::joining(Join::Address(address))).expect("it starts");
    let (mut stream, _): (UnixStream, _) = listener.accept().expect("it comes");
    // Who breaks off has read enough.
    let _ = stream.write_all(bytes);
    drop((stream, listener));
    let mut heard = Heard::default();
    let is_over = |heard: &Heard| {
        let ends = |kind: EventKind| matches!(kind, EventKind::ProcessEnded { .. });
        heard.events.iter().any(|event| ends(event.kind))
    };
    for _ in 0..60 {
        match watch.batches().recv_timeout(PATIENCE) {
            Ok(batch) => heard.add(batch),
            Err(error) => panic!("{error}"),
        }
        if is_over(&heard) {
            break;
        }
    }
    heard
}

fn program() -> Vec<u8> {
    let scan = now();
    let texts = [
        (1, "worker"),
        (2, "src/main.rs|17|"),
        (3, "src/main.rs|18|named"),
    ];
    let told = [
        (THREAD, -9_000, 77, 1),
        (SPAWN, -8_000, 1, 2),
        // Told before the poll that it is a part of.
        (SPAWN, -6_500, 2, 3),
        (POLL, -7_000, 1, 1_000),
        (POLL, -5_000, 2, 500),
        // Its future is dropped, and it has ended.
        (POLL | CONTINUED, -4_400, 2, 100),
        (END, -4_200, 2, 1),
        (WAKE, -4_100, 1, 0),
        (POLL, -4_000, 1, 100),
    ];
    [hello(1), batch(scan, &texts, 0, &told)].concat()
}

#[test]
fn records_become_events_in_the_order_of_time() {
    let heard = heard(&program());
    assert_eq!(heard.fault(), None);
    let names: Vec<_> = heard
        .events
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::TaskSpawned {
                task, parent, name, ..
            } => Some((
                task.0,
                parent.get().map(|parent| parent.0),
                heard.texts[name.index()].as_str(),
            )),
            _ => None,
        })
        .collect();
    assert_eq!(names, [(0, None, "src/main.rs:17"), (1, Some(0), "named")]);
    let lines = || heard.lines();
    let is =
        |is: fn(&EventKind) -> bool| heard.events.iter().filter(|event| is(&event.kind)).count();
    assert_eq!(
        is(|kind| matches!(kind, EventKind::PollStarted { .. })),
        3,
        "{:#?}",
        lines()
    );
    assert_eq!(
        is(
            |kind| matches!(kind, EventKind::TaskEnded { task, outcome: Outcome::Completed } if task.0 == 1)
        ),
        1,
        "{:#?}",
        lines()
    );
    assert_eq!(
        is(
            |kind| matches!(kind, EventKind::Woken { task, by: WakeCause::Task(by) } if (task.0, by.0) == (0, 1))
        ),
        1,
        "who waits for a task is woken by its end: {:#?}",
        lines()
    );
}

#[test]
fn what_was_lost_is_told() {
    let scan = now();
    let told = [(THREAD, -9_000, 77, 0), (POLL, -7_000, 5, 1_000)];
    let bytes = [hello(1), batch(scan, &[], 70_000, &told)].concat();
    let heard = heard(&bytes);
    let lost = heard.events.iter().map(|event| match event.kind {
        EventKind::Dropped { count, .. } => u32::from(count),
        _ => 0,
    });
    assert_eq!(lost.sum::<u32>(), 70_000);
}

#[test]
fn it_may_break_off_anywhere() {
    let whole = program();
    let first = hello(1).len();
    for end in (first..whole.len()).step_by(7) {
        assert_eq!(heard(&whole[..end]).fault(), None);
    }
}

#[test]
fn a_frame_of_another_version_is_not_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).expect("a socket");
    let address = Address::parse(&path.display().to_string()).expect("a path");
    let watch = Watch::start(Options::joining(Join::Address(address))).expect("it starts");
    let (mut stream, _) = listener.accept().expect("it comes");
    stream.write_all(&hello(2)).expect("written");
    // It comes again and again: another program may be there then.
    let (mut stream, _) = listener.accept().expect("it comes");
    assert!(!watch.heard());
    stream.write_all(&program()).expect("written");
    while !watch.heard() {
        watch.batches().recv_timeout(PATIENCE).expect("it goes on");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_bytes_do_no_harm(
        mut frames in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 0..6),
        records in proptest::collection::vec((0..24_u8, -90_000_i64..90_000, 0..9_u64, 0..200_000_u64), 0..60),
    ) {
        let mut bytes = hello(1);
        bytes.extend(batch(now(), &[(1, "a|b|c"), (2, "|||")], 0, &records));
        for one in &mut frames {
            one.insert(0, BATCH);
            bytes.extend(frame(one));
        }
        let heard = heard(&bytes);
        prop_assert_eq!(heard.fault(), None);
    }
}
