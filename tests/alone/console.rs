//! tokio-console's door, driven through its own protocol and the real binary.

#![cfg(tokio_unstable)]

use crate::common::alone::one_at_a_time;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::client::{Client, Row};
use serde_json::Value;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(40);

/// The real program, run and held; what it says is kept in files.
struct Held {
    child: Child,
    folder: TempDir,
}

impl Held {
    fn start(words: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("it works");
        let out = File::create(folder.path().join("out")).expect("it works");
        let err = File::create(folder.path().join("err")).expect("it works");
        let child = Command::new(env!("CARGO_BIN_EXE_loopscope"))
            .args(words)
            // Kept open: a line on it would end the hold.
            .stdin(Stdio::piped())
            .stdout(out)
            .stderr(err)
            .spawn()
            .expect("it works");
        Self { child, folder }
    }

    fn file(&self, name: &str) -> String {
        let path: PathBuf = self.folder.path().join(name);
        fs::read_to_string(path).unwrap_or_default()
    }

    /// Waits until a file says what is looked for.
    fn wait<T>(&self, name: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            let text = self.file(name);
            if let Some(found) = find(&text) {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "{name}: {text}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn address(&self) -> String {
        self.wait("err", |text| {
            let rest = text.split("http://").nth(1)?;
            Some(rest.split_whitespace().next()?.to_owned())
        })
    }

    /// Presses Enter, and gives the exit code.
    fn let_go(mut self) -> i32 {
        use std::io::Write;
        self.child
            .stdin
            .take()
            .expect("it works")
            .write_all(b"\n")
            .expect("it works");
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it works") {
                return status.code().expect("it works");
            }
            assert!(began.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn named<'a>(rows: &'a [Row], name: &str) -> Option<&'a Row> {
    rows.iter().find(|row| row.name == name)
}

fn place<'a>(rows: &'a [Row], name: &str) -> &'a str {
    named(rows, name).map_or("", |row| &row.place)
}

fn is(rows: &[Row], name: &str, state: &str) -> bool {
    named(rows, name).is_some_and(|row| row.state() == state)
}

#[test]
fn a_blocked_loop_is_seen_while_it_is_blocked_and_all_names_are_ours() {
    let _turn = one_at_a_time();
    let held = Held::start(&[
        "run",
        "blocking-sleep",
        "--console=127.0.0.1:0",
        "--json",
        "--hold",
        "--speed",
        "2",
    ]);
    let mut client = Client::attach(&held.address());
    // In the first 2.5 s: A holds the loop, B knocked at the accept task, the beat's timer is over.
    let rows = client.until("the block", |rows| {
        is(rows, "tab 1 /ping", "running")
            && is(rows, "accept", "scheduled")
            && is(rows, "heartbeat", "idle")
    });
    assert!(named(&rows, "tab 2 /ping").is_none(), "nobody let it in");
    let report: Value = held.wait("out", |text| serde_json::from_str(text).ok());
    let rows = client.until("the end", |rows| {
        is(rows, "tab 1 /ping", "completed") && is(rows, "tab 2 /ping", "completed")
    });
    let tasks = report["tasks"].as_array().expect("it works");
    assert!(tasks.len() >= 2);
    for task in tasks {
        let name = task["name"].as_str().expect("it works");
        let row = named(&rows, name).unwrap_or_else(|| panic!("{name} is not listed"));
        if task["outcome"] == "done" {
            // The console counts a drop as one more turn.
            let polls = task["polls"].as_u64().expect("it works");
            assert!((polls..=polls + 1).contains(&row.polls()), "{name}");
        }
    }
    // The root, the workers and the server's own tasks are nobody's business.
    let ours = ["accept", "heartbeat", "tab 1 /ping", "tab 2 /ping"];
    for row in &rows {
        assert!(ours.contains(&row.name.as_str()), "{row:?}");
    }
    // A request's task stands at its handler; nothing of the listing spawns what loopscope adds.
    for name in ["tab 1 /ping", "tab 2 /ping"] {
        assert_eq!(place(&rows, name), "blocking-sleep.py:3:1");
    }
    for name in ["accept", "heartbeat"] {
        assert!(place(&rows, name).contains("/engine/"));
    }
    assert_eq!(held.let_go(), 0);
}

#[test]
fn what_the_console_sees_is_what_the_notes_say() {
    let _turn = one_at_a_time();
    let held = Held::start(&[
        "run",
        "what-the-console-sees",
        "--console=127.0.0.1:0",
        "--plain",
        "--speed",
        "0.4",
    ]);
    let mut client = Client::attach(&held.address());
    let rows = client.until("the picture", |rows| {
        is(rows, "main", "running") && named(rows, "left").is_some()
    });
    assert_eq!(named(&rows, "left").expect("it works").state(), "idle");
    assert_eq!(named(&rows, "left").expect("it works").polls(), 0);
    assert_eq!(named(&rows, "heartbeat").expect("it works").state(), "idle");
    let rows = client.until("the reports", |rows| {
        rows.iter()
            .filter(|row| row.name == "report" && row.state() == "running")
            .count()
            == 2
    });
    let reports: Vec<_> = rows.iter().filter(|row| row.name == "report").collect();
    assert_eq!(reports.len(), 3);
    assert!(reports.iter().all(|row| row.kind == "blocking"));
    // Each stands where it is spawned: the program at its function.
    assert_eq!(place(&rows, "main"), "what-the-console-sees.rs:1:1");
    assert_eq!(place(&rows, "left"), "what-the-console-sees.rs:8:5");
    let mut lines: Vec<_> = reports.iter().map(|row| &*row.place).collect();
    lines.sort_unstable();
    let expected = [5, 6, 7].map(|line| format!("what-the-console-sees.rs:{line}:5"));
    assert_eq!(lines, expected);
    assert_eq!(
        reports.iter().filter(|row| row.state() == "idle").count(),
        1
    );
}

#[test]
fn several_workers_have_no_rows() {
    let _turn = one_at_a_time();
    let folder = tempfile::tempdir().expect("it works");
    let path = folder.path().join("workers.toml");
    fs::write(
        &path,
        r#"title = "workers"
[runtime]
loop = "multi_thread"
worker_threads = 2
[[function]]
name = "main"
async = true
body = [ { sleep = "400ms" }, { print = "done" } ]
[[start]]
run = "main"
at = "0s"
"#,
    )
    .expect("it works");
    let held = Held::start(&[
        "run",
        path.to_str().expect("it works"),
        "--console=127.0.0.1:0",
        "--plain",
        "--hold",
    ]);
    let mut client = Client::attach(&held.address());
    let rows = client.until("the task", |rows| named(rows, "main").is_some());
    for row in &rows {
        assert!(
            ["main", "heartbeat"].contains(&row.name.as_str()),
            "{row:?}"
        );
    }
    assert_eq!(held.let_go(), 0);
}

#[test]
fn a_port_in_use_is_a_sentence_and_the_scenario_goes_on() {
    let _turn = one_at_a_time();
    let taken = TcpListener::bind("127.0.0.1:0").expect("it works");
    let flag = format!("--console={}", taken.local_addr().expect("it works"));
    let output = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(["run", "awaited-sleep", "--json", "--speed", "50", &flag])
        .output()
        .expect("it works");
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).expect("it works");
    assert!(
        said.contains("is in use") && said.contains("127.0.0.1:0"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("nothing but the report");
    assert_eq!(report["scenario"], "awaited-sleep");
}

#[test]
fn others_than_this_machine_are_warned_of() {
    let _turn = one_at_a_time();
    let output = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args([
            "run",
            "awaited-sleep",
            "--plain",
            "--speed",
            "100",
            "--console=0.0.0.0:0",
        ])
        .output()
        .expect("it works");
    assert!(output.status.success());
    let said = String::from_utf8(output.stderr).expect("it works");
    assert!(said.contains("no loopback address"), "{said}");
}

#[test]
fn a_wrong_address_is_told() {
    let _turn = one_at_a_time();
    for (flag, code) in [
        ("--console=here", 2),
        ("--console=127.0.0.1", 2),
        ("--console=:70000", 2),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_loopscope"))
            .args(["run", "awaited-sleep", "--plain", flag])
            .output()
            .expect("it works");
        assert_eq!(output.status.code(), Some(code), "{flag}");
        let said = String::from_utf8(output.stderr).expect("it works");
        assert!(said.contains("127.0.0.1:6669"), "{said}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(["--console", "list"])
        .output()
        .expect("it works");
    assert_eq!(output.status.code(), Some(2));
}

/// Memory that the process holds, in MB.
fn memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    kilobytes
        .and_then(|text| text.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

#[test]
fn attaching_and_leaving_fifty_times_leaves_nothing_behind() {
    let _turn = one_at_a_time();
    let held = Held::start(&[
        "run",
        "blocking-sleep",
        "--console=127.0.0.1:0",
        "--plain",
        "--hold",
        "--speed",
        "5",
    ]);
    let address = held.address();
    for _ in 0..2 {
        let mut client = Client::attach(&address);
        client.until("a list", |rows| named(rows, "heartbeat").is_some());
    }
    let before = memory(held.child.id());
    for _ in 0..50 {
        let mut client = Client::attach(&address);
        client.until("a list", |rows| named(rows, "heartbeat").is_some());
    }
    let after = memory(held.child.id());
    assert!(after < before + 20, "{before} MB, then {after} MB");
    let said = held.file("err");
    assert!(said.lines().count() <= 2, "{said}");
    held.wait("err", |text| text.contains("held").then_some(()));
    assert_eq!(held.let_go(), 0);
}
