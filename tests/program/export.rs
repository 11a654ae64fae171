//! `loopscope export`: what it writes, where to, and what it says.

use std::path::Path;
use std::process::{Command, Output};

fn export(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .current_dir(folder)
        .arg("export")
        .args(words)
        .output()
        .expect("the program starts")
}

fn out(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_program_holds_the_listing_and_what_makes_it_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let python = out(&export(
        folder.path(),
        &["blocking-sleep", "--to", "python"],
    ));
    let listing = "app = FastAPI()\n@app.get(\"/ping\")\nasync def ping():\n    \
        print(\"Hello\")\n    time.sleep(5)\n";
    assert!(python.contains(listing), "{python}");
    assert!(python.contains("(0.02, \"tab 2\", \"/ping\"),"), "{python}");
    let rust = out(&export(folder.path(), &["blocking-sleep", "--to", "rust"]));
    assert!(rust.contains("    thread::sleep(secs(5));\n"), "{rust}");
    assert!(rust.contains("tokio = {"), "{rust}");
}

#[test]
fn durations_are_divided_and_knobs_turned() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = [
        "four-routes-sync",
        "--to",
        "python",
        "--speed",
        "8",
        "--set",
        "requests=7",
    ];
    let python = out(&export(folder.path(), &words));
    assert!(python.contains("SPEED = 8"), "{python}");
    assert!(python.contains("time.sleep(1 / SPEED)"), "{python}");
    assert!(python.contains("* 7,"), "{python}");
}

#[test]
fn a_file_is_told_whether_it_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = ["blocking-sleep", "--to", "python", "-o", "one.py"];
    let first = export(folder.path(), &words);
    assert_eq!(out(&first), "");
    assert!(
        said(&first).starts_with("wrote one.py ("),
        "{}",
        said(&first)
    );
    let second = export(folder.path(), &words);
    assert_eq!(
        second.status.code(),
        Some(2),
        "it is replaced only when told"
    );
    let words = [&words[..], &["--force"]].concat();
    let second = export(folder.path(), &words);
    assert!(
        said(&second).starts_with("replaced one.py ("),
        "{}",
        said(&second)
    );
    let words = ["blocking-sleep", "--to", "python", "-o", "not/there/one.py"];
    let refused = export(folder.path(), &words);
    assert_eq!(refused.status.code(), Some(4));
    assert!(
        said(&refused).contains("cannot be written"),
        "{}",
        said(&refused)
    );
}

#[test]
fn a_recording_is_exported_as_the_scenario_it_was_made_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let recorded = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .current_dir(folder.path())
        .args(["run", "four-routes-sync", "--json", "--speed", "50"])
        .args(["--set", "requests=3", "--record", "run.jsonl"])
        .output()
        .expect("the program starts");
    assert_eq!(recorded.status.code(), Some(0));
    let python = out(&export(folder.path(), &["run.jsonl", "--to", "python"]));
    assert!(python.contains("* 3,"), "{python}");
    let lines = out(&export(folder.path(), &["run.jsonl", "--to", "text"]));
    assert!(lines.contains("prints begin"), "{lines}");
}

#[test]
fn what_cannot_be_exported_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let cases = [
        (["lifo-slot", "--to", "python"], "no Python form"),
        (["workers", "--to", "rust"], "Python only"),
        (["blocking-sleep", "--to", "svg"], "not available yet"),
        (["no-such-thing", "--to", "rust"], "no scenario is called"),
    ];
    for (words, what) in cases {
        let output = export(folder.path(), &words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(said(&output).contains(what), "{}", said(&output));
    }
}
