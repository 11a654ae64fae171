//! Pipes without another end, names and texts that would steer a terminal, files that are there already.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

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
[expect]
output = ["one", "two"]
"#;

/// Characters that move the cursor, set the title, turn the direction of writing.
const STEERS: [char; 5] = ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\r'];

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("quick.toml"), QUICK).unwrap();
    folder
}

fn loopscope(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command
        .current_dir(folder)
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("XDG_DATA_HOME", folder.join("data"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env_remove("NO_COLOR")
        .args(words)
        .stdin(Stdio::null());
    command
}

fn run(folder: &Path, words: &[&str]) -> Output {
    loopscope(folder, words).output().unwrap()
}

fn pipe(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

#[test]
fn a_pipe_without_another_end_leaves_signals_alive() {
    let folder = folder();
    let at = folder.path();
    pipe(&at.join("pipe.toml"));
    let cases: [&[&str]; 7] = [
        &["run", "pipe.toml", "--plain"],
        &["run", "pipe.toml", "--plain", "--ask"],
        &["run", "quick.toml", "--plain", "--record", "pipe.toml"],
        &["check", "pipe.toml"],
        &["replay", "pipe.toml", "--plain"],
        &["export", "pipe.toml", "--to", "text"],
        &["present", "pipe.toml", "--check"],
    ];
    for words in cases {
        let mut command = loopscope(at, words);
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(child.try_wait().unwrap(), None, "{words:?} waits");
        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        let until = Instant::now() + Duration::from_secs(30);
        let status = loop {
            match child.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > until => {
                    child.kill().unwrap();
                    panic!("{words:?} is deaf to SIGTERM");
                }
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        let ended = status.code() == Some(143) || status.signal() == Some(15);
        assert!(ended, "{words:?}: {status}");
    }
}

#[test]
fn a_pipe_with_a_reader_gets_the_whole_recording() {
    let folder = folder();
    let at = folder.path();
    pipe(&at.join("pipe"));
    let words = ["run", "quick.toml", "--json", "--record", "pipe"];
    let child = loopscope(at, &words)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let recording = fs::read_to_string(at.join("pipe")).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    fs::write(at.join("copy.jsonl"), recording).unwrap();
    assert!(
        run(at, &["replay", "copy.jsonl", "--json"])
            .status
            .success()
    );
}

#[test]
fn sockets_and_devices_are_refused_in_a_sentence() {
    let folder = folder();
    let at = folder.path();
    let _socket = std::os::unix::net::UnixListener::bind(at.join("socket.toml")).unwrap();
    for words in [
        ["run", "socket.toml"],
        ["run", "/dev/zero"],
        ["replay", "/dev/zero"],
    ] {
        let output = run(at, &[words[0], words[1], "--plain"]);
        assert!(
            matches!(output.status.code(), Some(3 | 4)),
            "{words:?}: {output:?}"
        );
        assert_eq!(String::from_utf8(output.stderr).unwrap().lines().count(), 1);
    }
}

/// Nothing that it printed can steer a terminal.
fn harmless(output: &Output, what: &str) {
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(stream.clone()).unwrap();
        let found = text.find(STEERS);
        assert_eq!(found, None, "{what}: {text:?}");
    }
}

#[test]
fn names_environment_and_texts_steer_no_terminal() {
    let folder = folder();
    let at = folder.path();
    let hostile: String = STEERS.iter().flat_map(|c| [*c, '2', 'J']).collect();
    let inside = at.join("inside");
    fs::create_dir(&inside).unwrap();
    let name = format!("inside/{hostile}.toml");
    fs::write(at.join(&name), QUICK).unwrap();
    let wrong = format!("inside/{hostile}wrong.toml");
    fs::write(
        at.join(&wrong),
        format!("title = \"{hostile}\"\nnothing = 3\n"),
    )
    .unwrap();
    let own = at.join("data/loopscope/scenarios");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join(format!("{hostile}.toml")), QUICK).unwrap();
    let target = format!("inside/{hostile}.py");
    for words in [
        &["check", "inside"][..],
        &["check", "inside", "--json"],
        &["list"],
        &["list", "--json"],
        &["run", &name, "--plain"],
        &["run", &name, "--json"],
        &["run", &wrong, "--plain"],
        &[
            "run",
            &name,
            "--plain",
            "--record",
            &format!("{hostile}.jsonl"),
        ],
        &["replay", &format!("{hostile}.jsonl"), "--plain"],
        &["replay", &format!("{hostile}.jsonl"), "--json"],
        &["export", &name, "--to", "python", "-o", &target],
        &["export", &name, "--to", "python", "-o", &target],
        &["new", &name],
        &["doctor"],
        &["settings"],
        &[&hostile],
    ] {
        let output = loopscope(at, words)
            .env("TERM", format!("xterm{hostile}"))
            .env("LANG", format!("C{hostile}"))
            .env("HOME", at.join(&hostile))
            .output()
            .unwrap();
        harmless(&output, &format!("{words:?}"));
    }
}

#[test]
fn what_is_there_is_replaced_only_when_told_and_never_through_a_link() {
    let folder = folder();
    let at = folder.path();
    let export = |more: &[&str]| {
        let words = ["export", "quick.toml", "--to", "python"];
        run(at, &[&words[..], more].concat())
    };
    fs::write(at.join("there.py"), "mine").unwrap();
    let refused = export(&["-o", "there.py"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("--force")
    );
    assert_eq!(fs::read_to_string(at.join("there.py")).unwrap(), "mine");
    let forced = export(&["-o", "there.py", "--force"]);
    assert!(forced.status.success());
    assert!(
        String::from_utf8(forced.stderr)
            .unwrap()
            .contains("replaced")
    );
    assert!(
        fs::read_to_string(at.join("there.py"))
            .unwrap()
            .contains("asyncio")
    );
    fs::write(at.join("real.py"), "mine").unwrap();
    symlink("real.py", at.join("link.py")).unwrap();
    symlink("nothing.py", at.join("dangling.py")).unwrap();
    for link in ["link.py", "dangling.py"] {
        let output = export(&["-o", link, "--force"]);
        assert_eq!(output.status.code(), Some(2), "{link}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("a link"));
    }
    assert_eq!(fs::read_to_string(at.join("real.py")).unwrap(), "mine");
    assert!(!at.join("nothing.py").exists());
    assert!(export(&["-o", "/dev/null"]).status.success());
}
