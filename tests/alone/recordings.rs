//! No recording takes more memory than its file tells, and no number of runs more than a few.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::alone::one_at_a_time;

/// So many things of one kind are in a recording.
const MANY: usize = 40_000;
/// And so many where each is large.
const FEW: usize = 2_000;

/// The most memory in KiB that the program had in use at once. The figure only grows, so that it may
/// be read at any moment; after the end it cannot.
fn peak(folder: &Path, words: &[&str]) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(words)
        .env("HOME", folder)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find(|line| line.starts_with("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1));
        most = most.max(kib.map_or(0, |kib| kib.parse().unwrap()));
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success(), "{words:?}: {ended}");
            return most;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A recording of `story`, one text, and for each number the events that `line` gives.
fn many(story: &str, text: &str, first: &[&str], line: impl Fn(usize) -> Vec<String>) -> String {
    recording(MANY, story, text, first, line)
}

/// The same with so many numbers.
fn recording(
    numbers: usize,
    story: &str,
    text: &str,
    first: &[&str],
    line: impl Fn(usize) -> Vec<String>,
) -> String {
    let mut all = format!("{{\"loopscope\":1,\"story\":{{{story}}}}}\n{{\"text\":\"{text}\"}}\n");
    let mut add = |event: &str| {
        let _ = writeln!(all, "{{\"at\":0,{event}}}");
    };
    first.iter().for_each(|event| add(event));
    for number in 0..numbers {
        line(number).iter().for_each(|event| add(event));
    }
    add("\"run_ended\":{\"reason\":\"finished\"}");
    all
}

const TASK: &str = r#""task_spawned":{"task":0,"role":"program","name":0}"#;
const LOOP: &str = r#""thread_started":{"thread":0,"role":"loop","name":0}"#;

fn spawned(task: usize) -> String {
    format!("\"task_spawned\":{{\"task\":{task},\"role\":\"spawned\",\"name\":0}}")
}

/// Recordings in which there is much of one kind, each thing in as few bytes as it can be told.
#[expect(clippy::too_many_lines, reason = "one entry a kind")]
fn hostile() -> Vec<(&'static str, String)> {
    let long = "x".repeat(1_000_000);
    let one = |event: String| vec![event];
    let prints = |_| one(r#""output":{"actor":{"task":0},"text":0}"#.to_owned());
    let queued = |job| format!("\"job_queued\":{{\"job\":{job},\"name\":0}}");
    let sent = |request| {
        one(format!(
            "\"request_sent\":{{\"request\":{request},\"client\":0,\"route\":0}}"
        ))
    };
    let client = format!("\"clients\":[{{\"name\":\"{long}\"}}]");
    let enters = r#""step_entered":{"actor":{"task":0},"step":0}"#;
    let waits = r#""waiting_timer":{"task":0,"deadline":9}"#;
    let polled = |task: usize| {
        vec![
            spawned(task),
            format!("\"poll_started\":{{\"task\":{task},\"thread\":0}}"),
            format!("\"poll_ended\":{{\"task\":{task},\"thread\":0}}"),
        ]
    };
    let step = format!("\"functions\":[{{}}],\"steps\":[{{\"python\":\"{long}\"}}]");
    vec![
        ("a long line", recording(FEW, "", &long, &[TASK], prints)),
        (
            "a long name",
            recording(FEW, "", &long, &[], |task| one(spawned(task))),
        ),
        ("a long client", recording(FEW, &client, "/", &[], sent)),
        (
            "a long step",
            recording(FEW, &step, "p", &[LOOP, TASK], |_| {
                vec![enters.to_owned(), waits.to_owned()]
            }),
        ),
        ("lines", many("", "p", &[TASK], prints)),
        ("tasks", many("", "p", &[], |task| one(spawned(task)))),
        ("turns of tasks", many("", "p", &[LOOP], polled)),
        ("jobs", many("", "p", &[], |job| one(queued(job)))),
        (
            "ended jobs",
            many("", "p", &[], |job| {
                let ended = format!("\"job_ended\":{{\"job\":{job},\"outcome\":\"cancelled\"}}");
                vec![queued(job), ended]
            }),
        ),
        ("requests", many(r#""clients":[{}]"#, "/", &[], sent)),
        (
            "threads",
            many("", "p", &[], |thread| {
                one(format!(
                    "\"thread_started\":{{\"thread\":{thread},\"role\":\"pool\",\"name\":0}}"
                ))
            }),
        ),
        (
            "processes",
            many("", "p", &[], |process| {
                one(format!(
                    "\"process_started\":{{\"process\":{process},\"pid\":0,\"name\":0}}"
                ))
            }),
        ),
        (
            "lock",
            many(r#""locks":[{}]"#, "p", &[TASK], |_| {
                one(r#""lock_wanted":{"actor":{"task":0},"lock":0}"#.to_owned())
            }),
        ),
        (
            "channel",
            many(r#""channels":[{}]"#, "p", &[TASK], |_| {
                one(r#""channel_sent":{"actor":{"task":0},"channel":0,"value":0}"#.to_owned())
            }),
        ),
    ]
}

/// What holds with 64 MB besides is held with 8 here: so many things fit into a short test.
#[test]
fn a_recording_takes_four_times_its_file_at_most() {
    let _turn = one_at_a_time();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.jsonl");
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    write("{\"loopscope\":1,\"story\":{}}\n");
    let least = peak(folder.path(), &["replay", "run.jsonl", "--json"]);
    let mut over = Vec::new();
    for (kind, text) in hostile() {
        write(&text);
        let most = least + 4 * text.len() as u64 / 1024 + 8 * 1024;
        for form in ["--json", "--plain"] {
            let seen = peak(folder.path(), &["replay", "run.jsonl", form]);
            println!("{kind} {form}: {seen} of {most} KiB");
            if seen > most {
                over.push(format!("{kind} {form}: {seen} KiB, {most} at most"));
            }
        }
    }
    assert!(over.is_empty(), "{over:#?}");
}

/// A run that left its runtime behind took 20 to 40 KiB for good.
#[test]
fn many_runs_take_no_more_memory_than_a_few() {
    let _turn = one_at_a_time();
    let folder = tempfile::tempdir().unwrap();
    for scenario in ["blocking-sleep", "next-id-threads"] {
        let after = |times| {
            let many = ["--clock", "virtual", "--json", "--times", times];
            peak(folder.path(), &[&["run", scenario], &many[..]].concat())
        };
        let (few, many) = (after("80"), after("400"));
        println!("{scenario}: {few} KiB after 80 runs, {many} after 400");
        assert!(
            many < few + 5 * 1024,
            "{scenario}: from {few} to {many} KiB"
        );
    }
}
