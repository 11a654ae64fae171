//! Child processes: they really are some, they end with their parent, and their deaths are told.
//!
//! The real program is started, because only it can be its own child.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const WORKERS: &str = r#"
title = "workers"
asks = "Who serves?"
[runtime]
processes = 2
[[variable]]
name = "visits"
initial = 0
[[function]]
name = "page"
route = "/page"
async = true
body = [
  { read = "visits", into = "x" },
  { write = "visits", value = "{x + 1}" },
  { sleep = "LENGTH" },
  { respond = "done" },
]
[[client]]
name = "tab"
requests = [ { route = "/page", at = "0s", times = 6, every = "40ms" } ]
"#;

const POOL: &str = r#"
title = "pool"
asks = "Who computes?"
[runtime]
process_pool = 2
[[function]]
name = "sum"
async = false
params = ["x"]
body = [ { print = "child {x + 1}" }, { block = "LENGTH" } ]
[[function]]
name = "page"
route = "/page"
async = true
body = [ { process = "sum(41)" }, { print = "back" }, { respond = "done" } ]
[[client]]
name = "tab"
requests = [ { route = "/page", at = "0s", times = 3 } ]
"#;

/// A folder with one scenario file.
struct Place {
    folder: TempDir,
    file: PathBuf,
}

impl Place {
    fn new(toml: &str, length: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("story.toml");
        fs::write(&file, toml.replace("LENGTH", length)).unwrap();
        Self { folder, file }
    }

    fn command(&self, form: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
        command
            .arg("run")
            .arg(&self.file)
            .arg(form)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn report(&self) -> Value {
        let output = self.command("--json").output().unwrap();
        report(&output)
    }
}

fn report(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn texts(report: &Value) -> Vec<(&str, &str)> {
    let lines = report["output"].as_array().unwrap().iter();
    lines
        .map(|line| {
            let thread = line["thread"].as_str().unwrap();
            (thread, line["text"].as_str().unwrap())
        })
        .collect()
}

fn insights(report: &Value) -> Vec<&str> {
    let all = report["insights"].as_array().unwrap().iter();
    all.map(|insight| insight["kind"].as_str().unwrap())
        .collect()
}

fn answers(report: &Value) -> usize {
    let requests = report["requests"].as_array().unwrap().iter();
    requests
        .filter(|request| request["finished"].is_number())
        .count()
}

/// Whether the process is there and no mere entry that nobody has asked after.
fn lives(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(')').next().unwrap_or_default().trim_start();
    !state.is_empty() && !state.starts_with(['Z', 'X'])
}

/// The living children of a process.
fn children(parent: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok())
        else {
            continue;
        };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let rest = stat.rsplit(')').next().unwrap_or_default();
        let of = rest.split_whitespace().nth(1);
        if of.is_some_and(|of| of == parent.to_string()) && lives(pid) {
            found.push(pid);
        }
    }
    found
}

fn soon(what: &str, happened: impl Fn() -> bool) {
    let began = Instant::now();
    while !happened() {
        assert!(began.elapsed() < Duration::from_secs(20), "never: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A run in which the first child has begun to work; with its children.
fn under_way(place: &Place, form: &str) -> (Child, Vec<u32>) {
    let run = place.command(form).spawn().unwrap();
    soon("two children", || children(run.id()).len() == 2);
    // The story has begun by then: the children are ready within milliseconds.
    thread::sleep(Duration::from_millis(1_500));
    let children = children(run.id());
    assert_eq!(children.len(), 2, "both live on");
    (run, children)
}

fn signal(pid: u32, name: &str) {
    let done = Command::new("kill").args([name, &pid.to_string()]).status();
    assert!(done.unwrap().success());
}

#[test]
fn a_pool_works_in_processes_of_its_own() {
    let place = Place::new(POOL, "300ms");
    let report = place.report();
    let mut in_children: Vec<_> = texts(&report);
    in_children.retain(|(_, text)| *text == "child 42");
    assert_eq!(in_children.len(), 3);
    assert!(
        in_children
            .iter()
            .all(|(thread, _)| thread.starts_with("process-"))
    );
    assert_eq!(answers(&report), 3);
    let elapsed = report["elapsed"].as_f64().unwrap();
    // Two side by side, then one.
    assert!(elapsed >= 0.58, "{elapsed}");
    assert_eq!(report["problems"], 0);
    assert_eq!(report["dropped"], 0);
    let threads = report["threads"].as_array().unwrap();
    let of_processes: Vec<_> = threads
        .iter()
        .filter(|thread| thread["role"] == "process")
        .collect();
    assert_eq!(of_processes.len(), 2, "{threads:?}");
}

#[test]
fn the_copies_of_a_server_share_no_variable() {
    let place = Place::new(WORKERS, "20ms");
    let report = place.report();
    assert_eq!(answers(&report), 6);
    assert_eq!(report["problems"], 0);
    let names: Vec<_> = report["threads"].as_array().unwrap().iter().collect();
    for process in ["process-1", "process-2"] {
        assert!(names.iter().any(|thread| thread["name"] == process));
    }
    // However the kernel has dealt them out, they add up.
    assert_eq!(report["variables"]["visits"], 6, "{}", report["variables"]);
}

#[test]
fn no_child_outlives_its_parent() {
    for toml in [WORKERS, POOL] {
        let place = Place::new(toml, "60s");
        let (mut run, children) = under_way(&place, "--plain");
        signal(run.id(), "-KILL");
        run.wait().unwrap();
        soon("the children are gone", || {
            children.iter().all(|&child| !lives(child))
        });
    }
}

#[test]
fn a_run_that_is_stopped_leaves_no_child_behind() {
    for toml in [WORKERS, POOL] {
        let place = Place::new(toml, "60s");
        let (mut run, children) = under_way(&place, "--plain");
        let began = Instant::now();
        // One that cannot even listen must go too.
        signal(children[0], "-STOP");
        signal(run.id(), "-INT");
        assert_eq!(run.wait().unwrap().code(), Some(130));
        assert!(began.elapsed() < Duration::from_secs(20));
        assert!(children.iter().all(|&child| !lives(child)), "at once");
    }
}

#[test]
fn a_killed_copy_of_the_server_takes_its_requests_with_it() {
    let place = Place::new(WORKERS, "4s");
    let (run, children) = under_way(&place, "--json");
    // Which of the two has got requests is the kernel's choice: both die.
    signal(children[0], "-KILL");
    signal(children[1], "-KILL");
    let report = report(&run.wait_with_output().unwrap());
    assert_eq!(answers(&report), 0);
    let requests = report["requests"].as_array().unwrap();
    assert!(
        requests
            .iter()
            .all(|request| request["given_up"].is_number())
    );
    assert_eq!(insights(&report), ["killed-process", "killed-process"]);
    assert_eq!(report["problems"], 0);
    assert_eq!(report["outcome"], "finished");
}

#[test]
fn a_killed_child_of_a_pool_is_replaced() {
    let place = Place::new(POOL, "3s");
    let mut run = place.command("--plain").spawn().unwrap();
    let mut lines = BufReader::new(run.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    let mut until = |words: &str| {
        for line in lines.by_ref() {
            let line = line.unwrap();
            said.push(line.clone());
            if line.contains(words) {
                return line;
            }
        }
        panic!("never said {words}: {said:#?}");
    };
    let begins = until("begins: a child process, ");
    let pid = begins.split("process, ").nth(1).unwrap();
    let pid = pid.split(' ').next().unwrap().parse().unwrap();
    until("gets process-1");
    signal(pid, "-KILL");
    until("process-1       is killed by signal 9");
    // Two went on: one beside it, and the one that waited, on a third child.
    until("gets process-3");
    until("is answered: done");
    until("is answered: done");
    until("Found:");
    until("child killed    process-1 was killed by signal 9");
    assert!(run.wait().unwrap().success());
}

#[test]
fn a_limit_kills_the_child_and_nobody_else() {
    let toml = POOL.replace(
        r#"{ process = "sum(41)" }"#,
        r#"{ process = "sum(41)", limit = "300ms", else = [ { print = "too long" } ] }"#,
    );
    let place = Place::new(&toml, "60s");
    let report = place.report();
    assert_eq!(answers(&report), 3);
    let late = texts(&report).into_iter();
    assert_eq!(late.filter(|(_, text)| *text == "too long").count(), 3);
    let elapsed = report["elapsed"].as_f64().unwrap();
    assert!((0.29..10.0).contains(&elapsed), "{elapsed}");
    assert_eq!(report["problems"], 0);
}

#[test]
fn an_answer_comes_back_through_the_door_with_its_words() {
    let toml = WORKERS
        .replace(r#"respond = "done""#, r#"respond = "page {x}""#)
        .replace(
            r#"name = "tab""#,
            "name = \"tab\"\nprints = \"answered\"\nconnection = \"shared\"",
        );
    let place = Place::new(&toml, "20ms");
    let report = place.report();
    let printed = texts(&report);
    assert_eq!(printed.len(), 6, "{printed:?}");
    assert!(printed.iter().all(|(_, text)| text.starts_with("page ")));
    // Each copy counts for itself, so the first of each is 0.
    assert!(printed.iter().any(|(_, text)| *text == "page 0"));
}

#[test]
fn a_recording_of_several_processes_comes_back_as_it_was() {
    let place = Place::new(WORKERS, "20ms");
    let recording = place.folder.path().join("run.rec");
    let output = place
        .command("--json")
        .arg("--record")
        .arg(&recording)
        .output()
        .unwrap();
    let run = report(&output);
    assert_eq!(replayed(&recording), run);
}

fn replayed(recording: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .arg("replay")
        .arg(recording)
        .arg("--json")
        .output()
        .unwrap();
    report(&output)
}

#[test]
fn without_room_for_a_child_there_is_a_sentence_with_its_cure() {
    let place = Place::new(WORKERS, "20ms");
    let began = Instant::now();
    // Room for the program itself and its recording, and for no pipe to a child.
    let limited = format!(
        "ulimit -n 6; exec {} run {} --plain",
        env!("CARGO_BIN_EXE_loopscope"),
        place.file.display()
    );
    let output = Command::new("sh").args(["-c", &limited]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(
        said.contains("a child process could not be started"),
        "{said}"
    );
    assert!(said.contains("ulimit -n"), "{said}");
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn the_hidden_command_is_for_the_program_itself() {
    let output = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .arg(loopscope::engine::COMMAND)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("for loopscope itself"));
    let help = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8_lossy(&help.stdout);
    let offered = |line: &str| line.trim_start().starts_with("worker");
    assert!(!help.lines().any(offered));
}

/// As many requests at once as half of them have file descriptors, under a limit of the shell's.
fn crowd_under(limit: &str) -> (Value, Output) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("crowd.toml");
    let source = WORKERS.replace("LENGTH", "1s");
    let source = source.replace("times = 6, every = \"40ms\"", "times = 120");
    fs::write(&file, source).unwrap();
    let shell = format!("{limit} && exec \"$0\" run \"$1\" --json --speed 1");
    let output = Command::new("sh")
        .args(["-c", &shell, env!("CARGO_BIN_EXE_loopscope")])
        .arg(&file)
        .env("XDG_STATE_HOME", folder.path())
        .env("XDG_CONFIG_HOME", folder.path())
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap();
    (report, output)
}

#[test]
fn a_request_without_a_file_descriptor_is_refused_and_says_why() {
    let (report, output) = crowd_under("ulimit -n 64");
    let requests = report["requests"].as_array().unwrap();
    let refused: Vec<&str> = requests
        .iter()
        .filter_map(|request| request["refused"].as_str())
        .collect();
    assert!(refused.len() > 50, "{}", refused.len());
    assert!(
        refused[0].contains("none of the 64 file descriptors is free"),
        "{}",
        refused[0]
    );
    let answered = requests
        .iter()
        .filter(|request| request["response"] == "done");
    assert_eq!(answered.count() + refused.len(), 120);
    assert!(requests.iter().all(|request| request["given_up"].is_null()));
    assert_eq!(output.status.code(), Some(4));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let count = format!("{} of 120 requests were refused: ", refused.len());
    assert!(said.contains(&count), "{said}");
}

#[test]
fn a_server_opens_as_many_files_as_the_system_allows() {
    let (report, output) = crowd_under("ulimit -Sn 64");
    let requests = report["requests"].as_array().unwrap();
    assert!(
        requests.iter().all(|request| request["response"] == "done"),
        "{report}"
    );
    assert_eq!(output.status.code(), Some(0));
}
