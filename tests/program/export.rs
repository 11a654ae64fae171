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
        (["blocking-sleep", "--to", "cast"], "not available yet"),
        (["no-such-thing", "--to", "rust"], "no scenario is called"),
    ];
    for (words, what) in cases {
        let output = export(folder.path(), &words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(said(&output).contains(what), "{}", said(&output));
    }
}

#[test]
fn a_picture_of_what_cannot_be_seen_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let cases: [(&[&str], &str); 5] = [
        (
            &["blocking-sleep", "--to", "svg", "--at", "11s"],
            "the run is over at 10.00s",
        ),
        (
            &["blocking-sleep", "--to", "svg", "--at", "-1s"],
            "a moment is a time from the start",
        ),
        (
            &["blocking-sleep", "--to", "svg", "--size", "9x9"],
            "a size is columns x rows",
        ),
        (
            &["blocking-sleep", "--to", "text", "--at", "1s"],
            "--at is for a picture",
        ),
        (
            &["blocking-sleep", "--to", "svg", "--compare", "no-such"],
            "no scenario is called",
        ),
    ];
    for (words, what) in cases {
        let output = export(folder.path(), words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(said(&output).contains(what), "{}", said(&output));
        assert!(output.stdout.is_empty(), "{words:?}");
    }
}

#[test]
fn a_picture_of_a_recording_is_that_of_its_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let recorded = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .current_dir(folder.path())
        .args(["run", "awaited-sleep", "--json", "--clock", "virtual"])
        .args(["--record", "run.jsonl"])
        .output()
        .expect("the program starts");
    assert_eq!(recorded.status.code(), Some(0));
    let words = ["--to", "svg", "--at", "2500ms", "--theme", "light"];
    let of = |target: &str| out(&export(folder.path(), &[&[target], &words[..]].concat()));
    let picture = of("run.jsonl");
    assert!(
        picture.starts_with("<svg ") && picture.contains("2.50s"),
        "{picture}"
    );
    assert_eq!(picture, of("awaited-sleep"));
}
