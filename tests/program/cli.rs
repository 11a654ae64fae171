//! The command line: exit codes, streams, and what is said about everything that can go wrong.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

fn loopscope(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command
        .current_dir(folder)
        .env("XDG_STATE_HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .env("XDG_CONFIG_HOME", folder)
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .stdin(Stdio::null());
    command
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn said(output: Output) -> Said {
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn run_in(folder: &Path, words: &[&str]) -> Said {
    said(loopscope(folder).args(words).output().unwrap())
}

/// Runs a command that must fail: the code, nothing on stdout, one sentence with these words.
fn refused(folder: &Path, words: &[&str], code: i32, parts: &[&str]) {
    let said = run_in(folder, words);
    assert_eq!(said.code, Some(code), "{words:?}: {}", said.err);
    assert_eq!(said.out, "", "{words:?}");
    for part in parts {
        assert!(
            said.err.contains(part),
            "{words:?}: no {part:?} in {}",
            said.err
        );
    }
    assert_eq!(said.err.lines().count(), 1, "{words:?}: {}", said.err);
}

fn report(folder: &Path, words: &[&str]) -> Value {
    let said = run_in(folder, words);
    assert_eq!(said.code, Some(0), "{words:?}: {}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

const QUICK: &str = r#"
title = "Quick"
asks  = "Is it quick?"
shows = "It is."
[[function]]
name  = "main"
async = true
body  = [{ print = "one" }, { sleep = "100ms" }, { print = "two" }]
[[start]]
run = "main"
[[knob]]
name    = "turns"
default = 1
min     = 1
max     = 5
[expect]
output = ["one", "two"]
"#;

/// Child processes run on the real clock; it expects no length.
const REALLY: &str = r#"
title = "Really"
asks  = "Is it answered?"
shows = "It is."
[runtime]
processes = 2
[[function]]
name  = "nap"
route = "/nap"
async = true
body  = [{ sleep = "10ms" }, { respond = "ok" }]
[[client]]
name     = "one"
requests = [{ route = "/nap", at = "0s" }]
[expect]
requests = 1
"#;

fn quick(folder: &Path) {
    fs::write(folder.join("quick.toml"), QUICK).unwrap();
}

#[test]
fn without_a_terminal_the_screen_says_so() {
    let folder = folder();
    quick(folder.path());
    for words in [
        &[][..],
        &["run", "blocking-sleep"],
        &["run", "quick.toml", "--speed", "20"],
        &["compare", "quick.toml", "blocking-sleep"],
    ] {
        refused(folder.path(), words, 2, &["not a terminal", "--plain"]);
    }
}

#[test]
fn a_dumb_terminal_is_told_apart() {
    let folder = folder();
    let pty = portable_pty::native_pty_system();
    let pair = pty.openpty(portable_pty::PtySize::default()).unwrap();
    let mut command = portable_pty::CommandBuilder::new(env!("CARGO_BIN_EXE_loopscope"));
    // The menu and a run go on in lines there (tests/plain.rs); two runs side by side cannot.
    command.args(["compare", "2", "3"]);
    command.cwd(folder.path());
    command.env("TERM", "dumb");
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let text = std::thread::spawn(move || {
        let mut text = Vec::new();
        // At its end a pseudo-terminal gives an error, not an empty read.
        drop(reader.read_to_end(&mut text));
        String::from_utf8_lossy(&text).into_owned()
    });
    assert_eq!(child.wait().unwrap().exit_code(), 2);
    let text = text.join().unwrap();
    assert!(
        text.contains("TERM=dumb") && text.contains("--plain"),
        "{text}"
    );
}

#[test]
fn wrong_values_get_one_sentence() {
    let folder = folder();
    quick(folder.path());
    let cases: &[(&[&str], &str)] = &[
        (&["--speed", "0"], "a speed is a number"),
        (&["--speed", "nan"], "a speed is a number"),
        (&["--speed", "inf"], "a speed is a number"),
        (&["--speed", "-1"], "a speed is a number"),
        (&["--speed", "fast"], "a speed is a number"),
        (&["--speed", "1e300"], "a speed is a number"),
        (&["--set", "x"], "a knob is set by its name"),
        (&["--set", "turns=many"], "a knob is set by its name"),
        (&["--set", "turn=1"], "no knob of this name, it has turns"),
        (&["--set", "turns=6"], "turns goes from 1 to 5"),
    ];
    for (flags, expected) in cases {
        let words: Vec<_> = ["run", "quick.toml", "--json"]
            .iter()
            .chain(*flags)
            .copied()
            .collect();
        refused(folder.path(), &words, 2, &[expected]);
    }
}

#[test]
fn unknown_words_are_usage() {
    let folder = folder();
    refused(
        folder.path(),
        &["run", "bloking-sleep"],
        2,
        &["did you mean blocking-sleep?"],
    );
    refused(
        folder.path(),
        &["run", "zzzzzzzzzzzzzzz", "--json"],
        2,
        &["loopscope list"],
    );
    for words in [
        &["dance"][..],
        &["run"],
        &["run", "2", "--plain", "--json"],
        &["list", "--color", "red"],
    ] {
        let said = run_in(folder.path(), words);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{words:?}");
        assert!(!said.err.is_empty());
    }
}

#[test]
fn files_that_are_no_scenario_are_refused() {
    let folder = folder();
    let at = folder.path();
    let began = Instant::now();
    File::create(at.join("large.toml"))
        .unwrap()
        .set_len(100_000_000)
        .unwrap();
    fs::write(at.join("empty.toml"), " \n").unwrap();
    fs::write(at.join("latin.toml"), b"title = \"\xe9\"").unwrap();
    fs::write(at.join("recorded.toml"), "{\"loopscope\":1,\"story\":{}}\n").unwrap();
    fs::create_dir(at.join("folder")).unwrap();
    for command in ["run", "check"] {
        let mut cases = vec![
            ("large.toml", 3, "is larger than"),
            ("empty.toml", 3, "is empty"),
            ("latin.toml", 3, "not UTF-8"),
            ("recorded.toml", 3, "loopscope replay"),
            ("missing.toml", 4, "cannot be read"),
            ("no/such/place", 4, "cannot be read"),
        ];
        if command == "run" {
            cases.push(("folder", 4, "is a folder"));
        }
        for (file, code, expected) in cases {
            let said = run_in(at, &[command, file]);
            assert_eq!(said.code, Some(code), "{command} {file}: {}", said.err);
            assert!(
                said.err.contains(expected),
                "{command} {file}: {}",
                said.err
            );
            assert_eq!(said.err.lines().count(), 1, "{}", said.err);
        }
    }
    refused(at, &["check", "folder"], 2, &["no scenario files"]);
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn files_that_are_no_recording_are_refused() {
    let folder = folder();
    let at = folder.path();
    let began = Instant::now();
    quick(at);
    File::create(at.join("large"))
        .unwrap()
        .set_len(100_000_000)
        .unwrap();
    fs::write(at.join("empty"), "").unwrap();
    fs::write(at.join("newer"), "{\"loopscope\":2}\n").unwrap();
    fs::write(
        at.join("wrong"),
        "{\"loopscope\":1,\"story\":{}}\n{\"upto\":\"x\"}\n",
    )
    .unwrap();
    let cases = [
        ("large", 3, "longer than"),
        ("empty", 3, "the file is empty"),
        ("newer", 3, "version 2"),
        ("wrong", 3, "line 2"),
        ("quick.toml", 3, "no recording"),
        ("missing", 4, "cannot be read"),
        (".", 4, "is a folder"),
    ];
    for (file, code, expected) in cases {
        refused(at, &["replay", file, "--json"], code, &[expected]);
    }
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn mistakes_of_a_scenario_are_shown_with_their_lines() {
    let folder = folder();
    let text = QUICK
        .replace("sleep =", "slep =")
        .replace("run = \"main\"", "run = \"mian\"");
    fs::write(folder.path().join("wrong.toml"), text).unwrap();
    let said = run_in(folder.path(), &["run", "wrong.toml", "--json"]);
    assert_eq!((said.code, said.out.as_str()), (Some(3), ""));
    for part in ["wrong.toml:8", "slep", "mian", "main"] {
        assert!(said.err.contains(part), "no {part:?} in {}", said.err);
    }
    assert!(!said.err.contains('\u{1b}'), "color without a terminal");
    let colored = run_in(
        folder.path(),
        &["run", "wrong.toml", "--json", "--color", "always"],
    );
    assert!(colored.err.contains('\u{1b}'));
}

#[test]
fn results_are_on_stdout_alone() {
    let folder = folder();
    for (words, part) in [
        (&["--help"][..], "Usage"),
        (&["--version"], "loopscope"),
        (&["list"], "blocking-sleep"),
        (&["schema"], "$schema"),
        (&["completions", "bash"], "loopscope"),
        (&["man"], ".TH"),
        (&["doctor"], "tokio"),
        (&["run", "3", "--plain", "--speed", "50"], "Hello"),
    ] {
        let said = run_in(folder.path(), words);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{words:?}");
        assert!(said.out.contains(part), "{words:?}: {}", said.out);
        assert!(!said.out.contains('\u{1b}'), "{words:?}");
    }
}

#[test]
fn the_list_has_every_key() {
    let folder = folder();
    let list = report(folder.path(), &["list", "--json"]);
    let rows = list.as_array().unwrap();
    assert!(rows.len() >= 6);
    for row in rows {
        for key in ["id", "folder", "title", "asks", "path"] {
            assert!(
                row[key].as_str().is_some_and(|text| !text.is_empty()),
                "{key} of {row}"
            );
        }
    }
}

#[test]
fn the_report_has_every_key() {
    let folder = folder();
    let report = report(
        folder.path(),
        &["run", "spawn-blocking", "--json", "--speed", "50"],
    );
    let keys = "format scenario title clock speed seed elapsed output requests tasks threads peak heartbeat answers \
                insights variables metrics events dropped";
    for key in keys.split_whitespace() {
        assert!(report.get(key).is_some(), "{key}");
    }
    let parts = [
        ("output", "at task name thread text"),
        (
            "requests",
            "client route sent accepted started finished response chunks chunk_moments",
        ),
        (
            "tasks",
            "id name kind parent outcome polls running blocking ready overdue queued waiting",
        ),
        ("threads", "name role busy"),
    ];
    for (list, keys) in parts {
        let rows = report[list].as_array().unwrap();
        assert!(!rows.is_empty(), "{list}");
        for key in keys.split_whitespace() {
            assert!(
                rows.iter().all(|row| row.get(key).is_some()),
                "{list}.{key}"
            );
        }
    }
    for key in ["pool_threads", "pool_queue", "ready", "backlog", "tasks"] {
        assert!(report["peak"][key].is_u64(), "peak.{key}");
    }
    for key in ["expected", "seen", "longest_gap"] {
        assert!(report["heartbeat"][key].is_number(), "heartbeat.{key}");
    }
    assert_eq!(
        (&report["format"], &report["speed"]),
        (&Value::from(1), &Value::from(50.0))
    );
}

#[test]
fn a_recording_gives_the_report_of_its_run() {
    let folder = folder();
    let words = [
        "run",
        "blocking-sleep",
        "--json",
        "--speed",
        "50",
        "--record",
        "run.jsonl",
    ];
    let live = report(folder.path(), &words);
    let again = report(folder.path(), &["replay", "run.jsonl", "--json"]);
    assert_eq!(live, again);
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["run.jsonl"], "nothing else is left behind");
    let plain = run_in(folder.path(), &["replay", "run.jsonl", "--plain"]);
    assert_eq!(plain.code, Some(0));
    assert!(plain.out.matches("Hello").count() >= 2, "{}", plain.out);
}

#[test]
fn a_cut_recording_is_shown_as_far_as_it_goes() {
    let folder = folder();
    quick(folder.path());
    report(
        folder.path(),
        &["run", "quick.toml", "--json", "--record", "run.jsonl"],
    );
    let whole = fs::read(folder.path().join("run.jsonl")).unwrap();
    fs::write(folder.path().join("cut.jsonl"), &whole[..whole.len() - 100]).unwrap();
    let said = run_in(folder.path(), &["replay", "cut.jsonl", "--json"]);
    assert_eq!(said.code, Some(0));
    assert!(
        said.err.contains("everything before it was read"),
        "{}",
        said.err
    );
    assert!(serde_json::from_str::<Value>(&said.out).is_ok());
}

#[test]
fn a_recording_that_fails_on_the_way_does_not_hide_the_result() {
    let folder = folder();
    quick(folder.path());
    let pipe = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    // Whoever reads the recording leaves after its first letter.
    let reader = std::thread::spawn(move || File::open(pipe).unwrap().read_exact(&mut [0]));
    let words = ["run", "quick.toml", "--json", "--record", "pipe"];
    let said = run_in(folder.path(), &words);
    reader.join().unwrap().unwrap();
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(serde_json::from_str::<Value>(&said.out).is_ok());
    assert!(
        said.err.contains("the recording pipe cannot be written") && said.err.lines().count() == 1,
        "{}",
        said.err
    );
}

#[test]
fn a_reader_who_leaves_ends_it_quietly() {
    let folder = folder();
    for words in [
        &["list"][..],
        &["schema"],
        &["run", "2", "--plain"],
        &["check", "2", "3"],
    ] {
        let began = Instant::now();
        let mut child = loopscope(folder.path())
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let said = said(child.wait_with_output().unwrap());
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{words:?}");
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "{words:?} went on"
        );
    }
}

#[test]
fn a_full_disk_is_said() {
    let folder = folder();
    let full = File::options().write(true).open("/dev/full");
    if let Ok(full) = full {
        let output = loopscope(folder.path())
            .arg("list")
            .stdout(full)
            .output()
            .unwrap();
        let said = said(output);
        assert_eq!(said.code, Some(4));
        assert!(said.err.contains("cannot be written"), "{}", said.err);
    }
}

/// Whether a process has a handler for a signal; one that is only starting has none yet.
fn catches(process: u32, signal: Signal) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let caught = line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    caught.is_some_and(|mask| mask >> (signal.as_raw() - 1) & 1 == 1)
}

#[test]
fn a_signal_ends_a_run_in_order() {
    let folder = folder();
    for (signal, code, form) in [
        (Signal::INT, 130, "--plain"),
        (Signal::TERM, 143, "--plain"),
        (Signal::INT, 130, "--json"),
    ] {
        let mut child = loopscope(folder.path())
            .args(["run", "blocking-sleep", form, "--record", "run.jsonl"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        if form == "--plain" {
            while !text.contains("Hello") {
                assert!(out.read_line(&mut text).unwrap() > 0, "{text}");
            }
        } else {
            while !catches(child.id(), signal) {
                std::thread::sleep(Duration::from_millis(10));
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        let began = Instant::now();
        kill_process(Pid::from_child(&child), signal).unwrap();
        out.read_to_string(&mut text).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal:?}");
        assert!(began.elapsed() < Duration::from_secs(20));
        if form == "--json" {
            assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
        }
        let replay = run_in(folder.path(), &["replay", "run.jsonl", "--json"]);
        assert_eq!((replay.code, replay.err.as_str()), (Some(0), ""));
    }
}

#[test]
fn check_tells_failed_from_invalid() {
    let folder = folder();
    let at = folder.path();
    quick(at);
    fs::write(
        at.join("failing.toml"),
        QUICK.replace("[\"one\", \"two\"]", "[\"two\", \"one\"]"),
    )
    .unwrap();
    fs::write(at.join("invalid.toml"), "title = 3\n").unwrap();
    let good = run_in(at, &["check", "quick.toml"]);
    assert_eq!((good.code, good.err.as_str()), (Some(0), ""));
    assert!(
        good.out.starts_with("ok") && good.out.ends_with("quick\n"),
        "{}",
        good.out
    );
    let failing = run_in(at, &["check", "quick.toml", "failing.toml"]);
    assert_eq!(failing.code, Some(1));
    assert!(
        failing.out.contains("expected \"two\", seen \"one\""),
        "{}",
        failing.out
    );
    let all = run_in(at, &["check", ".", "--json"]);
    assert_eq!(all.code, Some(3));
    let list: Value = serde_json::from_str(&all.out).unwrap();
    let seen: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            assert!(one["seconds"].is_number());
            (
                one["id"].as_str().unwrap(),
                one["ok"].as_bool().unwrap(),
                one["failures"].as_array().unwrap().len(),
            )
        })
        .collect();
    assert_eq!(seen[0], ("failing", false, 1));
    assert!(
        seen[1].0 == "invalid" && !seen[1].1 && seen[1].2 >= 1,
        "{seen:?}"
    );
    assert_eq!(seen[2], ("quick", true, 0));
}

#[test]
fn a_recording_that_cannot_begin_keeps_the_run_from_beginning() {
    let folder = folder();
    quick(folder.path());
    fs::create_dir(folder.path().join("inside")).unwrap();
    for (target, reason) in [("inside", "directory"), ("nowhere/x.jsonl", "No such file")] {
        let words = [
            "run",
            "quick.toml",
            "--plain",
            "--speed",
            "0.01",
            "--record",
            target,
        ];
        let began = Instant::now();
        refused(folder.path(), &words, 4, &[target, reason]);
        assert!(began.elapsed() < Duration::from_secs(20), "{target}");
    }
    let left = fs::read_dir(folder.path().join("inside")).unwrap().count();
    assert_eq!(left, 0, "nothing is left beside");
}

#[test]
fn a_recording_never_takes_the_place_of_its_scenario() {
    let folder = folder();
    quick(folder.path());
    for target in ["quick.toml", "./quick.toml"] {
        let words = ["run", "quick.toml", "--json", "--record", target];
        refused(folder.path(), &words, 2, &["that is the scenario itself"]);
    }
    let text = fs::read_to_string(folder.path().join("quick.toml")).unwrap();
    assert_eq!(text, QUICK);
}

#[test]
fn what_was_typed_steers_no_terminal() {
    let folder = folder();
    refused(
        folder.path(),
        &["run", "a\u{1b}[31mb", "--json"],
        2,
        &["a\u{fffd}[31mb"],
    );
    refused(folder.path(), &["run", " ", "--json"], 2, &["needs a name"]);
    refused(
        folder.path(),
        &["run", &"x".repeat(5000), "--json"],
        2,
        &["xxx…"],
    );
    refused(folder.path(), &["replay", "x"], 2, &["replay FILE --plain"]);
    let seed = ["run", "blocking-sleep", "--json", "--seed", "-1"];
    refused(folder.path(), &seed, 2, &["--seed -1", "whole number"]);
}

#[test]
fn a_run_that_its_limit_stops_says_so_and_ends_there() {
    let folder = folder();
    let endless = QUICK
        .replace("title =", "limit = \"1s\"\ntitle =")
        .replace("100ms", "1000s");
    fs::write(folder.path().join("endless.toml"), endless).unwrap();
    let said = run_in(
        folder.path(),
        &["run", "endless.toml", "--plain", "--speed", "20"],
    );
    assert_eq!(said.code, Some(0), "{}", said.err);
    let (_, end) = said.out.split_once("reached its limit\n").unwrap();
    assert!(end.contains("The limit stopped it at 1."), "{end}");
    assert!(end.contains("one task had not ended"), "{end}");
    assert!(!end.contains("cancelled"), "{end}");
}

#[test]
fn no_speed_cuts_a_run_that_ends() {
    let folder = folder();
    quick(folder.path());
    for speed in ["1000", "10000"] {
        let report = report(
            folder.path(),
            &["run", "quick.toml", "--json", "--speed", speed],
        );
        assert_eq!(report["outcome"], "finished", "at {speed}");
    }
}

#[test]
fn a_speed_that_would_lie_is_lowered_and_said() {
    let folder = folder();
    let text = QUICK.replacen("title", "max_speed = 4\ntitle", 1);
    fs::write(folder.path().join("quick.toml"), text).unwrap();
    let said = run_in(
        folder.path(),
        &["run", "quick.toml", "--json", "--speed", "50"],
    );
    assert_eq!(said.code, Some(0), "{}", said.err);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(report["speed"], 4.0);
    assert!(said.err.contains("runs at speed 4, not 50"), "{}", said.err);
    let said = run_in(
        folder.path(),
        &["run", "quick.toml", "--json", "--speed", "2"],
    );
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        (report["speed"].as_f64(), said.err.as_str()),
        (Some(2.0), "")
    );
}

#[test]
fn a_program_goes_to_stdout_or_into_a_file() {
    let folder = folder();
    quick(folder.path());
    for (language, part) in [("python", "asyncio"), ("rust", "async fn main")] {
        let shown = run_in(folder.path(), &["export", "quick.toml", "--to", language]);
        assert_eq!((shown.code, shown.err.as_str()), (Some(0), ""));
        assert!(shown.out.contains(part), "{}", shown.out);
        let words = ["export", "quick.toml", "--to", language, "-o", language];
        let written = run_in(folder.path(), &words);
        assert_eq!((written.code, written.out.as_str()), (Some(0), ""));
        assert!(written.err.contains("wrote"), "{}", written.err);
        let file = fs::read_to_string(folder.path().join(language)).unwrap();
        assert_eq!(file, shown.out, "{language}");
    }
    let nowhere = ["export", "quick.toml", "--to", "rust", "-o", "no/such/file"];
    refused(folder.path(), &nowhere, 4, &["cannot be written"]);
}

#[test]
fn what_a_program_cannot_be_is_refused() {
    let folder = folder();
    let cases = [
        (["lifo-slot", "python"], "no Python form"),
        (["workers", "rust"], "Python only"),
    ];
    for ([scenario, language], part) in cases {
        let words = ["export", scenario, "--to", language];
        refused(folder.path(), &words, 2, &[part]);
    }
}

#[test]
fn many_runs_are_counted() {
    let folder = folder();
    let many = report(
        folder.path(),
        &[
            "run",
            "next-id-race",
            "--times",
            "4",
            "--json",
            "--clock",
            "virtual",
        ],
    );
    assert_eq!(many["times"], 4);
    assert_eq!(many["insights"]["lost-update"], 4, "{many}");
    let runs = |list: &Value| -> u64 {
        let rows = list.as_array().unwrap();
        rows.iter().map(|row| row["runs"].as_u64().unwrap()).sum()
    };
    assert_eq!(runs(&many["orders"]), 4, "{many}");
    assert_eq!(runs(&many["variables"]["id"]), 4, "{many}");
    refused(
        folder.path(),
        &["run", "next-id-race", "--times", "4"],
        2,
        &["--plain", "--json"],
    );
    for times in ["0", "10001", "many"] {
        let words = ["run", "next-id-race", "--times", times, "--json"];
        refused(folder.path(), &words, 2, &["--times", times]);
    }
}

#[test]
fn computed_time_needs_no_time_and_is_exact() {
    let folder = folder();
    let words = ["run", "blocking-sleep", "--json", "--clock", "virtual"];
    let began = Instant::now();
    let once = report(folder.path(), &words);
    assert!(began.elapsed() < Duration::from_secs(9), "it did not sleep");
    assert_eq!(
        (&once["clock"], &once["elapsed"]),
        (&Value::from("virtual"), &Value::from(10.0))
    );
    assert_eq!(once, report(folder.path(), &words), "every run is the same");
    let words = ["run", "process-pool", "--json", "--clock", "virtual"];
    let real = run_in(folder.path(), &words);
    assert_eq!(real.code, Some(0), "{}", real.err);
    assert!(real.err.contains("virtual time cannot"), "{}", real.err);
    let real: Value = serde_json::from_str(&real.out).unwrap();
    assert_eq!(real["clock"], "real");
}

#[test]
fn a_check_tells_of_every_target() {
    let folder = folder();
    quick(folder.path());
    let wrong = QUICK.replace("[\"one\", \"two\"]", "[\"two\", \"one\"]");
    fs::write(folder.path().join("wrong.toml"), wrong).unwrap();
    fs::write(folder.path().join("really.toml"), REALLY).unwrap();
    let targets = ["quick.toml", "wrong.toml", "awaited-sleep", "really.toml"];
    let words: Vec<_> = ["check", "--json"]
        .iter()
        .chain(&targets)
        .copied()
        .collect();
    let said = run_in(folder.path(), &words);
    assert_eq!(said.code, Some(1), "{}", said.err);
    let verdicts: Value = serde_json::from_str(&said.out).unwrap();
    let rows: Vec<_> = verdicts.as_array().unwrap().iter().collect();
    assert_eq!(rows.len(), targets.len(), "{verdicts}");
    let column = |key: &str| rows.iter().map(|row| row[key].clone()).collect::<Vec<_>>();
    assert_eq!(column("ok"), [true, false, true, true]);
    assert_eq!(column("clock"), ["virtual", "virtual", "virtual", "real"]);
    assert_eq!(column("failures")[1].as_array().unwrap().len(), 1);
    let lines = run_in(folder.path(), &["check", "quick.toml", "really.toml"]).out;
    assert_eq!(lines.matches("(on the real clock)").count(), 1, "{lines}");
}

#[test]
fn the_last_line_tells_what_is_left_undone() {
    let folder = folder();
    let cases = [
        ("fire-and-forget", "12 jobs were dropped before the end"),
        ("streaming", "everything that was started has ended"),
    ];
    for (id, part) in cases {
        let words = ["run", id, "--plain", "--clock", "virtual"];
        let said = run_in(folder.path(), &words);
        let last = said.out.lines().find(|line| line.contains("The run  "));
        assert!(last.is_some_and(|line| line.contains(part)), "{last:?}");
    }
}

#[test]
fn a_stream_is_answered_with_its_pieces() {
    let report = report(
        folder().path(),
        &["run", "streaming", "--json", "--clock", "virtual"],
    );
    let requests = report["requests"].as_array().unwrap();
    let responses: Vec<_> = requests.iter().map(|it| it["response"].as_str()).collect();
    let whole = Some("part part part ");
    assert_eq!(responses.iter().filter(|&&it| it == whole).count(), 2);
    assert!(responses.iter().all(|&it| it == whole || it == Some("ok")));
}

/// Questions whose answers the run contradicts.
const ASKS_WRONGLY: &str = r#"title = "Wrong answers"
[[function]]
name = "main"
body = [{ print = "one" }, { sleep = "1s" }, { print = "two" }]
[[start]]
run = "main"
[[predict]]
ask = "Which lines?"
options = [
  { say = "one two", reply = "So it is." },
  { say = "two one", right = true },
  { say = "none", reply = "There are two." },
]
[[predict]]
ask = "Which order?"
how = "order"
lines = ["one", "two"]
options = [{ say = "two one", reply = "They come in order." }]
[[predict]]
ask = "How long?"
how = "number"
number = "elapsed"
options = [{ say = "1s", reply = "It is." }, { say = "2s", right = true }]
[[predict]]
ask = "How many lines?"
how = "number"
number = "lines"
options = [{ say = "2", right = true }, { say = "3", reply = "One less." }]
"#;

/// A detached job and its parent go on at the same moment.
const RACES: &str = r#"title = "races"
asks = "?"
shows = "!"
[[function]]
name = "work"
async = false
body = [{ print = "work begins" }, { block = "100ms" }, { print = "work ends" }]
[[function]]
name = "main"
body = [{ spawn_blocking = "work", detach = true }, { print = "returns" }]
[[start]]
run = "main"
[expect]
output = ["returns", "work begins", "work ends"]
"#;

/// A request is sent at the moment at which a timer runs out.
const SAME_MOMENT: &str = r#"title = "same moment"
languages = ["rust"]
asks = "?"
shows = "!"
[[function]]
name = "sleeps"
route = "/sleeps"
body = [{ sleep = "100ms" }, { print = "awake" }, { respond = "" }]
[[function]]
name = "other"
route = "/other"
body = [{ print = "asked" }, { respond = "" }]
[[client]]
name = "one"
requests = [{ route = "/sleeps" }, { route = "/other", at = "100ms" }]
[expect]
output = ["awake", "asked"]
"#;

#[test]
fn check_accepts_no_order_that_nothing_decides() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("races.toml"), RACES).unwrap();
    fs::write(
        at.join("any.toml"),
        RACES.replace("output", "output_any_order"),
    )
    .unwrap();
    // The order is decided where the parent waits for the job.
    let waits = RACES.replace(", detach = true", "").replace(
        "[\"returns\", \"work begins\", \"work ends\"]",
        "[\"work begins\", \"work ends\", \"returns\"]",
    );
    fs::write(at.join("waits.toml"), waits).unwrap();
    let races = run_in(at, &["check", "races.toml"]);
    assert_eq!(races.code, Some(1), "{}", races.out);
    let offered = "output_any_order = [\"returns\", \"work begins\", \"work ends\"]";
    assert!(
        races.out.contains("an order that nothing decides"),
        "{}",
        races.out
    );
    assert!(races.out.contains(offered), "{}", races.out);
    fs::write(at.join("same-moment.toml"), SAME_MOMENT).unwrap();
    let moment = run_in(at, &["check", "same-moment.toml"]);
    assert!(
        moment.out.contains("an order that nothing decides"),
        "{}",
        moment.out
    );
    let decided = run_in(at, &["check", "any.toml", "waits.toml"]);
    assert_eq!(decided.code, Some(0), "{}", decided.out);
}

#[test]
fn check_holds_the_questions_against_the_run() {
    let folder = folder();
    let at = folder.path();
    fs::write(at.join("asks.toml"), ASKS_WRONGLY).unwrap();
    let checked = run_in(at, &["check", "asks.toml", "--json"]);
    assert_eq!(checked.code, Some(1), "{}", checked.err);
    let list: Value = serde_json::from_str(&checked.out).unwrap();
    let failures: Vec<&str> = list[0]["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect();
    assert_eq!(
        failures,
        [
            "question 1: \"one two\" is not marked right, and so it was: one two",
            "question 1: \"two one\" is marked right, but it was one two",
            "question 2: its lines stand in the right order at first",
            "question 3: \"1s\" is not marked right, and so it was: 1s",
            "question 3: \"2s\" is marked right, but it was 1s",
        ]
    );
}

#[test]
fn what_people_said_is_in_the_report_of_a_replay() {
    let folder = folder();
    let at = folder.path();
    let words = ["run", "blocking-sleep", "--json", "--clock", "virtual"];
    let words = words.into_iter().chain(["--record", "a.jsonl"]);
    let fresh = run_in(at, &words.collect::<Vec<_>>());
    let fresh: Value = serde_json::from_str(&fresh.out).unwrap();
    assert_eq!(fresh["answers"], serde_json::json!([]));
    let mut recording = fs::read_to_string(at.join("a.jsonl")).unwrap();
    recording.push_str(
        "{\"answers\":[{\"answers\":[{\"option\":0},{\"option\":1}],\"hands\":[[9,3,1,1]]}]}\n",
    );
    fs::write(at.join("a.jsonl"), recording).unwrap();
    let again = run_in(at, &["replay", "a.jsonl", "--json"]);
    assert_eq!(again.code, Some(0), "{}", again.err);
    let again: Value = serde_json::from_str(&again.out).unwrap();
    let said = &again["answers"][0];
    assert_eq!(said["question"], 0);
    assert_eq!(said["ask"], "In which order are the four lines printed?");
    assert_eq!(said["answers"][0]["say"], "Hello Hello bye bye");
    assert_eq!(said["answers"][0]["right"], false);
    assert_eq!(said["answers"][1]["right"], true);
    assert_eq!(said["answers"][1]["option"], 1);
    assert_eq!(said["answers"][1]["number"], Value::Null);
    assert_eq!(said["hands"], serde_json::json!([[9, 3, 1, 1]]));
    let told = run_in(at, &["replay", "a.jsonl", "--plain"]).out;
    assert!(
        told.contains("First you said Hello Hello bye bye."),
        "{told}"
    );
}

/// A pipe can be read once only: whoever opens its scenario twice waits for ever.
#[test]
fn a_run_opens_its_scenario_once() {
    let folder = folder();
    let pipe = folder.path().join("once.toml");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let ours = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/scenarios/1-the-loop/03-awaited-sleep.toml"
    );
    let text = fs::read(ours).unwrap();
    let words = ["run", "once.toml", "--json", "--clock", "virtual"];
    let mut child = loopscope(folder.path())
        .args(words)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    fs::write(&pipe, text).unwrap();
    let mut report = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        report.read_to_string(&mut text).map(|_| text)
    });
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if began.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success(), "{status}");
    let report: Value = serde_json::from_str(&reader.join().unwrap().unwrap()).unwrap();
    assert_eq!(report["outcome"], "finished", "{report:#}");
}
