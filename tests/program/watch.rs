//! `watch`: programs of plain asyncio, with a report at their end.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Holds its loop for 0.2 s, in a function that a task has called.
const HOLDS: &str = r#"
import asyncio
import time


def inner():
    time.sleep(0.2)


async def worker():
    inner()


async def main():
    held = asyncio.create_task(worker())
    await asyncio.sleep(0.05)
    await held
    print("done")


asyncio.run(main())
"#;

/// A server without packages, whose every answer takes 0.2 s of the loop.
const SERVES: &str = r#"
import asyncio
import time


async def serve(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    time.sleep(0.2)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong")
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print("serves", flush=True)
    await server.serve_forever()


asyncio.run(main())
"#;

/// Goes on until it is told to end, and says by which signal.
const STAYS: &str = r#"
import asyncio
import signal


async def main():
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    def end(name):
        print(name, flush=True)
        ended.set()
    for name in ("SIGINT", "SIGTERM"):
        loop.add_signal_handler(getattr(signal, name), end, name)
    print("stays", flush=True)
    await ended.wait()
    return 3


raise SystemExit(asyncio.run(main()))
"#;

struct Place(TempDir);

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Place {
    /// A folder with this program in `app.py`; `None` where there is no Python.
    fn with(program: &str) -> Option<Self> {
        let there = Command::new("python3").arg("--version").output();
        if !there.is_ok_and(|output| output.status.success()) {
            println!("without python3 nothing is tested here");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("app.py"), program).unwrap();
        Some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
        command
            .arg("watch")
            .args(words)
            .current_dir(self.path())
            .env("XDG_STATE_HOME", self.path())
            .env("XDG_CONFIG_HOME", self.path())
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Said {
        said(&self.command(words).output().unwrap())
    }

    /// Starts it, and waits for its first line.
    fn begun(&self, words: &[&str], first: &str) -> (Child, BufReader<std::process::ChildStdout>) {
        let mut child = self
            .command(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line.trim_end(), first);
        (child, out)
    }
}

fn said(output: &Output) -> Said {
    Said {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
}

/// The object behind what the program itself has printed.
fn object(out: &str) -> Value {
    let at = out.find("{\n").expect("an object");
    serde_json::from_str(&out[at..]).unwrap()
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([name, &id])
            .status()
            .unwrap()
            .success()
    );
}

/// How it ended; it must within some seconds.
fn ended(mut child: Child) -> Option<i32> {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(30) {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    panic!("it does not end");
}

#[test]
fn a_report_names_the_line_and_who_waited() {
    let Some(place) = Place::with(HOLDS) else {
        return;
    };
    let said = place.run(&["--report", "--", "python3", "app.py"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    // What the program prints is its own.
    assert_eq!(said.out, "done\n");
    has(
        &said.err,
        &[
            "python3 app.py: watched for ",
            "it ended well",
            "app.py:7 in inner: 0.2",
            "asleep, once",
            "time.sleep(0.2)",
            "1 task waited.",
            "from app.py:11 worker\n",
            " of asyncio\n",
            "from app.py:21 <module>\n",
            "loopscope run blocking-sleep",
        ],
    );
    // Libraries are folded.
    assert!(!said.err.contains("base_events"), "{}", said.err);
}

#[test]
fn a_file_alone_is_run_by_python() {
    let Some(place) = Place::with(HOLDS) else {
        return;
    };
    let said = place.run(&["--report", "app.py"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "done\n"));
    has(&said.err, &["app.py:7 in inner"]);
}

#[test]
fn the_object_has_the_promised_shape() {
    let Some(place) = Place::with(HOLDS) else {
        return;
    };
    let said = place.run(&["--json", "--", "python3", "app.py"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.starts_with("done\n"));
    let report = object(&said.out);
    assert_eq!(report["format"], 1);
    assert_eq!(report["command"], json!(["python3", "app.py"]));
    assert_eq!(report["exit"], 0);
    assert_eq!(report["dropped"], 0);
    assert_eq!(report["pools"], json!([]));
    assert!(report["seconds"].as_f64().unwrap() > 0.2);
    let held = &report["held"][0];
    assert_eq!(held["place"], "app.py:7");
    assert_eq!(held["function"], "inner");
    assert_eq!(held["kind"], "sleep");
    assert_eq!(held["times"], 1);
    for length in ["longest", "total"] {
        let length = held[length].as_f64().unwrap();
        assert!((0.2..5.0).contains(&length), "{length}");
    }
    assert_eq!(
        held["waited"],
        json!({ "requests": 0, "connections": 0, "tasks": 1 })
    );
    let stack = held["stack"].as_array().unwrap();
    assert_eq!(stack[0], "app.py:7 inner");
    assert_eq!(stack[1], "app.py:11 worker");
    for key in ["median", "p99", "longest"] {
        assert!(report["lag"][key].is_number(), "{key}");
    }
    let findings = report["findings"].as_array().unwrap();
    let blocked = findings.iter().find(|row| row["kind"] == "blocked-loop");
    assert_eq!(blocked.unwrap()["place"], "app.py:7");
}

#[test]
fn a_limit_is_an_exit_code_that_names_the_line() {
    let Some(place) = Place::with(HOLDS) else {
        return;
    };
    let limited = |more: &[&str]| {
        let words = ["--max-block", "100ms"];
        let program = ["--", "python3", "app.py"];
        place.run(&[&words, more, &program].concat())
    };
    let said = limited(&[]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    has(&said.err, &["app.py:7 in inner"]);
    for allowed in ["app.py", "app.py:7", "app.py:inner"] {
        let said = limited(&["--allow", allowed]);
        assert_eq!(said.code, Some(0), "{allowed}: {}", said.err);
        has(&said.err, &["once, allowed"]);
    }
    for other in ["other.py", "app.py:8", "app.py:worker"] {
        assert_eq!(limited(&["--allow", other]).code, Some(1), "{other}");
    }
    let said = place.run(&["--max-block", "5s", "--", "python3", "app.py"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[test]
fn a_comment_allows_a_line_or_a_function() {
    for marked in ["time.sleep(0.2)", "def inner():"] {
        let program = HOLDS.replace(marked, &format!("{marked}  # loopscope: allow"));
        let Some(place) = Place::with(&program) else {
            return;
        };
        let said = place.run(&["--max-block", "100ms", "--", "python3", "app.py"]);
        assert_eq!(said.code, Some(0), "{marked}: {}", said.err);
    }
}

#[test]
fn lines_for_github_and_a_junit_file() {
    let Some(place) = Place::with(HOLDS) else {
        return;
    };
    let form = |form: &str| {
        place.run(&[
            "--max-block",
            "100ms",
            "--format",
            form,
            "--",
            "python3",
            "app.py",
        ])
    };
    let said = form("github");
    assert_eq!(said.code, Some(1), "{}", said.err);
    has(
        &said.out,
        &["::error file=app.py,line=7::inner held the event loop for 0.2"],
    );
    let said = form("junit");
    assert_eq!(said.code, Some(1));
    let xml = said.out.strip_prefix("done\n").unwrap();
    has(
        xml,
        &[
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"loopscope\" ",
            "failures=\"1\"",
            "name=\"app.py:7\"",
            "<failure message=\"inner held",
            "&lt;module&gt;",
        ],
    );
    let file = place.path().join("junit.xml");
    fs::write(&file, xml).unwrap();
    let read = "import sys, xml.etree.ElementTree as t; print(t.parse(sys.argv[1]).getroot().tag)";
    let parsed = Command::new("python3")
        .args(["-c", read])
        .arg(&file)
        .output();
    assert_eq!(parsed.unwrap().stdout, b"testsuite\n");
}

#[test]
fn the_exit_code_is_the_programs_own() {
    let Some(place) = Place::with("raise SystemExit(7)") else {
        return;
    };
    let said = place.run(&["--report", "--", "python3", "app.py"]);
    assert_eq!(said.code, Some(7));
    has(&said.err, &["it ended with exit code 7"]);
    let words = ["--report", "--", "python3", "-c"];
    let killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)";
    let said = place.run(&[&words[..], &[killed]].concat());
    assert_eq!(said.code, Some(137));
    has(&said.err, &["it was ended by signal 9"]);
    // Also of one that is no Python program.
    let said = place.run(&["--report", "--", "sh", "-c", "exit 9"]);
    assert_eq!(said.code, Some(9));
}

#[test]
fn a_command_that_is_not_there_is_told() {
    let Some(place) = Place::with("") else {
        return;
    };
    for words in [
        &["--report", "--", "no-such-program"][..],
        &["--json", "--", "./no-such-program"],
    ] {
        let said = place.run(words);
        assert_eq!(said.code, Some(4), "{}", said.err);
        assert_eq!(said.out, "");
        has(
            &said.err,
            &["no-such-program` is no program that can be found"],
        );
    }
    assert_eq!(place.run(&["--report"]).code, Some(2));
}

#[test]
fn it_is_said_that_nothing_listened_and_why() {
    let Some(place) = Place::with(HOLDS) else {
        return;
    };
    let said = place.run(&["--report", "--", "sh", "-c", "echo here"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), "here\n"));
    has(
        &said.err,
        &[
            "no Python program began to listen: `sh` is no Python program",
            "Nothing is known of its loop.",
        ],
    );
    for flag in ["-I", "-E", "-S", "-uI"] {
        let said = place.run(&["--report", "--", "python3", flag, "app.py"]);
        assert_eq!((said.code, said.out.as_str()), (Some(0), "done\n"));
        let letter = flag.trim_start_matches(['-', 'u']);
        let sentence = format!("no Python program began to listen: python -{letter} ");
        has(&said.err, &[&sentence]);
    }
    // A limit that could not be held is none that was.
    let said = place.run(&[
        "--max-block",
        "1s",
        "--json",
        "--",
        "python3",
        "-I",
        "app.py",
    ]);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert_eq!(object(&said.out)["heard"], false);
}

#[test]
fn what_the_program_writes_stays_as_it_is() {
    let writes = "import sys\nfor at in range(2000):\n    sys.stdout.buffer.write(bytes(range(256)))\nsys.stderr.write('beside')\nprint(sys.stdout.isatty(), sys.stdin.isatty(), file=sys.stderr)";
    let Some(place) = Place::with(writes) else {
        return;
    };
    let output = place
        .command(&["--report", "--", "python3", "app.py"])
        .output()
        .unwrap();
    let bytes: Vec<u8> = (0..=255).collect();
    assert!(output.stdout == bytes.repeat(2_000));
    let err = String::from_utf8_lossy(&output.stderr);
    has(&err, &["besideFalse False\n"]);
    // And what it reads is ours.
    let reads = "print(input())";
    fs::write(place.path().join("app.py"), reads).unwrap();
    let mut command = place.command(&["--report", "--", "python3", "app.py"]);
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"typed\n").unwrap();
    assert_eq!(child.wait_with_output().unwrap().stdout, b"typed\n");
}

#[test]
fn signals_go_on_to_the_program() {
    for (name, told) in [("-INT", "SIGINT"), ("-TERM", "SIGTERM")] {
        let Some(place) = Place::with(STAYS) else {
            return;
        };
        let words = ["--report", "--", "python3", "app.py"];
        let (child, mut out) = place.begun(&words, "stays");
        signal(&child, name);
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line.trim_end(), told);
        // The program decides how it ends.
        assert_eq!(ended(child), Some(3));
    }
}

#[test]
fn a_report_that_cannot_be_written_is_told() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let Some(place) = Place::with(HOLDS) else {
        return;
    };
    let refused = place.run(&["--report", "-o", "/dev/full", "--", "python3", "app.py"]);
    assert_eq!(refused.code, Some(4), "{}", refused.err);
    has(&refused.err, &["/dev/full cannot be written: "]);
    let quiet = HOLDS.replace("print(\"done\")", "pass");
    fs::write(place.path().join("app.py"), quiet).unwrap();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut command = place.command(&["--json", "--", "python3", "app.py"]);
    let said = said(&command.stdout(full).output().unwrap());
    assert_eq!(said.code, Some(4), "{}", said.err);
    has(&said.err, &["the output cannot be written: "]);
}

#[test]
fn it_is_sent_requests_and_ends_once_they_are_answered() {
    let Some(place) = Place::with(SERVES) else {
        return;
    };
    let words = ["--json", "--requests", "GET /ping x2"];
    let said = place.run(&[&words[..], &["--", "python3", "app.py"]].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    has(&said.err, &["sent 2 over loopback, answered: 200 2×"]);
    let report = object(&said.out);
    let held = &report["held"][0];
    assert_eq!(held["place"], "app.py:8", "{report}");
    assert_eq!(held["times"], 2, "{report}");

    // A file may say it itself.
    let says = format!("# loopscope: GET /ping x2{SERVES}");
    fs::write(place.path().join("app.py"), says).unwrap();
    let said = place.run(&["--report", "app.py"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    has(&said.err, &["sent 2 over loopback", "app.py:8 in serve"]);

    let said = place.run(&["--requests", "ping", "--", "python3", "app.py"]);
    assert_eq!(said.code, Some(2));
    has(&said.err, &["is no request"]);
}

#[test]
fn a_recording_and_a_folder_of_its_own_are_replayed() {
    let Some(place) = Place::with(HOLDS) else {
        return;
    };
    let replayed = |what: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
        command.args(["replay", what, "--json"]);
        let said = said(&command.current_dir(place.path()).output().unwrap());
        assert_eq!(said.code, Some(0), "{}", said.err);
        serde_json::from_str::<Value>(&said.out).unwrap()
    };
    let held = |report: &Value| {
        let mut findings = report["insights"].as_array().unwrap().iter();
        findings.any(|row| row["kind"] == "blocked-loop")
    };
    let words = ["--report", "--record", "run.rec", "--", "python3", "app.py"];
    assert_eq!(place.run(&words).code, Some(0));
    assert!(held(&replayed("run.rec")));

    let installs = format!("import loopscope\nloopscope.install('kept')\n{HOLDS}");
    fs::write(place.path().join("app.py"), installs).unwrap();
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("python");
    let mut command = Command::new("python3");
    let ran = command
        .arg("app.py")
        .current_dir(place.path())
        .env("PYTHONPATH", python)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let report = replayed("kept");
    let printed = &report["output"][0]["text"];
    assert_eq!(*printed, "done", "{report}");
}

#[test]
fn a_first_program_is_written_where_one_is() {
    let folder = tempfile::tempdir().unwrap();
    let new = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
        let command = command.arg("new").args(words).current_dir(folder.path());
        said(&command.output().unwrap())
    };
    let first = new(&["--python", "mine"]);
    assert_eq!(first.code, Some(0), "{}", first.err);
    has(&first.out, &["wrote mine.py", "loopscope watch mine.py "]);
    let text = fs::read_to_string(folder.path().join("mine.py")).unwrap();
    has(
        &text,
        &[
            "loopscope watch --report mine.py ",
            "\n# loopscope: GET /blocks x2\n",
        ],
    );
    let again = new(&["--python", "mine.py"]);
    assert_eq!(again.code, Some(2));
    has(&again.err, &["mine.py is there already"]);
}
