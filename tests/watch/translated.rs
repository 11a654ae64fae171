//! What the facts of a ring mean for the trace.

use std::time::Duration;

use loopscope::trace::{Batch, Nanos, Trace, Window};
use loopscope::watch::{read, story};

use crate::written::{
    ANSWERED, CALL, ENDED, ENDPOINT, FAILED, Heard, NOBODY, ON, PARKED, POOL, PRINTED, QUEUED,
    REQUEST, SPAWN, STARTED, THREAD, TURN, WOKEN, Written,
};

const MS: u64 = 1_000_000;

/// What is heard of a process that ended before it was read.
fn heard(write: impl FnOnce(&mut Written)) -> (Heard, Trace) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ring = Written::new(folder.path(), NOBODY, 1024);
    write(&mut ring);
    let trace = read(folder.path(), Duration::from_millis(50)).expect("a trace");
    let heard = Heard {
        texts: trace.texts.clone(),
        events: trace.events.clone(),
        ..Heard::default()
    };
    (heard, trace)
}

fn has(heard: &Heard, lines: &[&str]) {
    let all = heard.lines();
    let mut rest = all.iter();
    for line in lines {
        assert!(
            rest.any(|found| found.contains(line)),
            "{line} in its place among\n{}",
            all.join("\n")
        );
    }
}

#[test]
fn a_task_waits_for_what_it_said() {
    let (heard, _) = heard(|ring| {
        let name = ring.text("MainThread");
        let main = ring.text("main|/srv/app.py|3|");
        let queue = ring.text("Queue.get|,,12,100,,,,,");
        let place = ring.text("main|/srv/app.py|5|get");
        ring.record(0, THREAD, MS, (7, name, 0));
        ring.record(0, SPAWN, MS, (1, main, 0));
        ring.record(0, SPAWN, 2 * MS, (2, main, 1));
        ring.record(0, ON, 3 * MS, (1, 77, 4 << 32 | queue));
        ring.record(0, TURN, 3 * MS, (1, place << 8 | 1, 2 * MS));
        ring.record(0, PARKED, 9 * MS, (1, 0, 4 * MS));
        ring.record(0, TURN, 11 * MS, (2, 3, 10 * MS));
        ring.record(0, WOKEN, 12 * MS, (1, 0, 0));
        ring.record(0, ON, 14 * MS, (1, 40 * MS, 1 << 32));
        ring.record(0, TURN, 14 * MS, (1, place << 8 | 1, 13 * MS));
        ring.record(0, WOKEN, 41 * MS, (1, 1, 0));
        ring.record(0, TURN, 43 * MS, (1, 5, 42 * MS));
    });
    has(
        &heard,
        &[
            r#"0 {"task_spawned":{"task":0,"role":"program","function":0,"name":"main"}}"#,
            r#"0 {"poll_started":{"task":0,"thread":0}}"#,
            r#"1000000 {"step_entered":{"actor":{"task":0},"step":0}}"#,
            r#"{"waiting":{"task":0,"on":{"named":{"what":"queue_get","name":"Queue, 12 of 100"}}}}"#,
            r#"{"poll_ended":{"task":0,"thread":0}}"#,
            r#"2000000 {"parked":{"thread":0}}"#,
            r#"7000000 {"unparked":{"thread":0}}"#,
            r#"{"task_ended":{"task":1,"outcome":"completed"}}"#,
            r#"10000000 {"woken":{"task":0,"by":"unknown"}}"#,
            r#"12000000 {"waiting_timer":{"task":0,"deadline":38000000}}"#,
            r#"{"woken":{"task":0,"by":"timer"}}"#,
            r#"41000000 {"task_ended":{"task":0,"outcome":"panicked"}}"#,
        ],
    );
}

/// A request that a plain function serves on a thread of a pool.
fn served(ring: &mut Written) {
    let name = ring.text("MainThread");
    let worker = ring.text("AnyIO worker thread");
    let serve = ring.text("RequestResponseCycle.run_asgi|/usr/lib/python3/uvicorn.py|400|");
    let request = ring.text("GET /ping|127.0.0.1");
    let endpoint = ring.text("main.<locals>.ping|/srv/app.py|7|/ping");
    let accept = ring.text("_accept_connection|/usr/lib/python3/asyncio.py|160");
    let anyio = ring.text("anyio");
    let said = ring.text("Hello");
    ring.record(0, THREAD, MS, (7, name, 0));
    ring.record(0, CALL, 3 * MS, (accept, 0, 2 * MS));
    ring.record(0, SPAWN, 4 * MS, (1, serve, 0));
    ring.record(0, REQUEST, 6 * MS, (1, request | 54_321 << 46, 1));
    ring.record(0, ENDPOINT, 6 * MS, (1, endpoint, 0));
    ring.record(0, POOL, 7 * MS, (1, anyio, 40));
    ring.record(0, QUEUED, 7 * MS, (1, endpoint, 1 << 32));
    ring.record(0, ON, 8 * MS, (1, 1, 10 << 32));
    ring.record(0, TURN, 8 * MS, (1, 1, 5 * MS));
    ring.record(1, THREAD, 9 * MS, (8, worker, 0));
    ring.record(1, STARTED, 9 * MS, (1, 0, 0));
    ring.record(1, PRINTED, 10 * MS, (0, said, 1));
    ring.record(1, ENDED, 11 * MS, (1, 0, 0));
    ring.record(0, WOKEN, 12 * MS, (1, 0, 0));
    ring.record(0, POOL, 12 * MS, (1, anyio, 20));
    ring.record(0, ANSWERED, 14 * MS, (1, 200, 13 * MS));
    ring.record(0, TURN, 15 * MS, (1, 3, 13 * MS));
}

#[test]
fn a_request_is_served_by_its_task_and_its_job() {
    let (heard, trace) = heard(served);
    has(
        &heard,
        &[
            r#"{"task_spawned":{"task":0,"role":"accept""#,
            r#"{"task_spawned":{"task":1,"role":"framework""#,
            r#"{"request_sent":{"request":0,"client":4294967295,"route":"GET /ping"}}"#,
            r#"{"task_named":{"task":1,"role":"handler","function":1,"name":"GET /ping 54321"}}"#,
            r#"{"request_accepted":{"request":0,"task":1}}"#,
            r#"{"task_named":{"task":1,"role":"handler","function":2,"name":"GET /ping 54321"}}"#,
            r#"{"job_queued":{"job":0,"parent":1,"name":"ping","pool":1}}"#,
            r#"{"waiting":{"task":1,"on":{"job":0}}}"#,
            r#"{"thread_started":{"thread":1,"role":"pool","name":"AnyIO worker thread"}}"#,
            r#"{"job_started":{"job":0,"thread":1}}"#,
            r#"{"output":{"actor":{"job":0},"text":"Hello"}}"#,
            r#"{"job_ended":{"job":0,"outcome":"completed"}}"#,
            r#"{"woken":{"task":1,"by":{"job":0}}}"#,
            r#"{"pool_resized":{"pool":1,"size":20}}"#,
            r#"{"request_answered":{"request":0,"text":"200","status":200}}"#,
        ],
    );
    let ping = trace
        .story
        .functions
        .iter()
        .find(|function| function.name == "ping")
        .expect("it");
    assert_eq!((ping.route.as_deref(), ping.first), (Some("/ping"), 7));
    assert_eq!(
        (
            trace.story.pools[0].name.as_str(),
            trace.story.pools[0].threads
        ),
        ("anyio", 40)
    );
    let file = trace
        .story
        .files
        .iter()
        .find(|file| !file.library)
        .expect("the user's");
    assert_eq!(file.path, "app.py", "below the folder it runs in");
}

#[test]
fn a_long_turn_that_was_not_looked_at_is_a_block_of_no_known_kind() {
    let (heard, _) = heard(|ring| {
        let main = ring.text("main|/srv/app.py|3|");
        let failed = ring.text("a|b was never awaited|/srv/app.py|9");
        ring.record(0, SPAWN, MS, (1, main, 0));
        ring.record(0, FAILED, 20 * MS, (1, failed, 1));
        ring.record(0, TURN, 102 * MS, (1, 3, 2 * MS));
        // It ends in the middle of the next.
        ring.record(0, SPAWN, 103 * MS, (2, main, 0));
        ring.slot(0, 2, 104 * MS, 1, 7);
    });
    has(
        &heard,
        &[
            r#"0 {"block_started":{"actor":{"task":0},"thread":0,"kind":"unknown"}}"#,
            r#"{"lapsed":{"task":0,"lapse":"never_awaited","text":"a|b was never awaited at app.py:9"}}"#,
            r#"100000000 {"block_ended":{"actor":{"task":0},"thread":0}}"#,
            r#"{"task_ended":{"task":0,"outcome":"completed"}}"#,
            r#"102000000 {"poll_started":{"task":1,"thread":0}}"#,
            r#"{"process_ended":{"process":0,"status":-2147483648}}"#,
            r#"{"run_ended":{"reason":"finished"}}"#,
        ],
    );
}

#[test]
fn the_story_says_what_is_watched() {
    let story = story("uvicorn app:app", Duration::from_millis(50));
    let watched = story.watched.expect("it is watched");
    assert_eq!(
        (watched.command.as_str(), watched.threshold.0),
        ("uvicorn app:app", 50 * MS)
    );
    let (_, trace) = heard(|ring| {
        let main = ring.text("main|/srv/app.py|3|");
        ring.record(0, SPAWN, MS, (1, main, 0));
        ring.record(0, TURN, 3 * MS, (1, 3, 2 * MS));
    });
    let mut bytes = Vec::new();
    loopscope::trace::recording::write(&trace, &mut bytes).expect("written");
    let back = loopscope::trace::recording::read(&bytes[..]).expect("a recording");
    assert_eq!(back.trace.events, trace.events);
}

/// A connection that is kept open: one task serves all of its requests.
#[test]
fn a_task_serves_several_requests_one_after_the_other() {
    let (heard, _) = heard(|ring| {
        let name = ring.text("MainThread");
        let start = ring.text("RequestHandler.start|/usr/lib/python3/aiohttp.py|500|");
        let idle = ring.text("RequestHandler.start|,,,,,,,,");
        let first = ring.text("GET /fast|127.0.0.1");
        let second = ring.text("GET /slow|127.0.0.1");
        let fast = ring.text("fast|/srv/app.py|3|/fast");
        let slow = ring.text("slow|/srv/app.py|7|/slow");
        let port = 54_321 << 46;
        ring.record(0, THREAD, MS, (7, name, 0));
        ring.record(0, SPAWN, 2 * MS, (1, start, 0));
        ring.record(0, REQUEST, 4 * MS, (1, first | port, 1));
        ring.record(0, ENDPOINT, 4 * MS, (1, fast, 0));
        ring.record(0, ANSWERED, 5 * MS, (1, 200, 5 * MS));
        ring.record(0, ON, 6 * MS, (1, 77, 12 << 32 | idle));
        ring.record(0, TURN, 6 * MS, (1, 1, 3 * MS));
        ring.record(0, WOKEN, 8 * MS, (1, 2, 0));
        ring.record(0, REQUEST, 10 * MS, (2, second | port, 1));
        ring.record(0, ENDPOINT, 10 * MS, (2, slow, 0));
        ring.record(0, ANSWERED, 12 * MS, (2, 404, 12 * MS));
        ring.record(0, TURN, 13 * MS, (1, 1, 9 * MS));
    });
    has(
        &heard,
        &[
            r#"{"request_accepted":{"request":0,"task":0}}"#,
            r#"{"request_answered":{"request":0,"text":"200","status":200}}"#,
            r#"{"waiting":{"task":0,"on":{"named":{"what":"client","name":"RequestHandler"}}}}"#,
            r#"{"woken":{"task":0,"by":"client"}}"#,
            r#""role":"handler","function":1,"name":"GET /slow 54321"}}"#,
            r#"{"request_accepted":{"request":1,"task":0}}"#,
            r#"{"request_answered":{"request":1,"text":"404","status":404}}"#,
        ],
    );
}

#[test]
fn a_name_that_comes_again_after_many_lines_is_not_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut ring = Written::new(folder.path(), NOBODY, 1 << 18);
    let main = ring.text("main|/srv/app.py|3|");
    let line = ring.text("a line");
    ring.record(0, SPAWN, MS, (1, main, 0));
    ring.record(0, TURN, 3 * MS, (1, 3, 2 * MS));
    let lines = 2 * u64::from(Window::TEXTS) + 1_000;
    for number in 0..lines {
        ring.record(0, PRINTED, 4 * MS + number, (0, line, 0));
    }
    ring.record(0, SPAWN, 5 * MS, (2, main, 0));
    let trace = read(folder.path(), Duration::from_millis(50)).expect("a trace");
    let (before, after) = trace.events.split_at(trace.events.len() / 2);
    let piece = |texts: &[String], events: &[_]| Batch {
        texts: texts.to_vec(),
        events: events.to_vec(),
        upto: Nanos(4 * MS),
        ..Batch::default()
    };
    let mut window = Window::default();
    window.add(&piece(&trace.texts, before));
    let (mut stretch, _) = window.begin(Nanos(4 * MS));
    let after = piece(&[], after);
    window.add(&after);
    let texts = stretch.batch(&window, &after).texts;
    assert!(
        texts.iter().any(|text| text == "main"),
        "{} texts",
        texts.len()
    );
}
