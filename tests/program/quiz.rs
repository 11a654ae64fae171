//! `loopscope quiz`: exercises through the real program, in lines and as files.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::common::terminal::folders;
use tempfile::TempDir;

/// A home in which every run is over at once.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config/loopscope");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("settings.toml"), "instant = true\n").unwrap();
    home
}

/// Types all lines at once.
fn loopscope(home: &Path, args: &[&str], typed: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(args)
        .envs(folders(home))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let typed = child.stdin.take().unwrap().write_all(typed.as_bytes());
    drop(typed);
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The place of the right answer in the text of an exercise, counted from 1.
fn right(toml: &str) -> usize {
    let options = toml.lines().filter(|line| line.starts_with("  { say = "));
    let mut options = options.map(|line| line.contains("right = true"));
    options.position(|right| right).unwrap() + 1
}

#[test]
fn the_same_number_gives_the_same_exercise_which_is_an_ordinary_file() {
    let home = home();
    let print = || {
        let args = ["quiz", "--topic", "blocking", "--seed", "2", "--print"];
        out(&loopscope(home.path(), &args, ""))
    };
    let text = print();
    assert_eq!(text, print());
    let file = home.path().join("kept.toml");
    fs::write(&file, &text).unwrap();
    let file = file.to_str().unwrap();
    let checked = out(&loopscope(
        home.path(),
        &["check", file, "practice-blocking-2"],
        "",
    ));
    assert_eq!(checked.matches("ok ").count(), 2, "{checked}");
    let args = ["quiz", "--seed", "2", "--count", "2", "--json"];
    let rows = loopscope(home.path(), &args, "");
    let rows: serde_json::Value = serde_json::from_str(&out(&rows)).unwrap();
    assert_eq!(rows[0]["id"], "practice-blocking-2");
    assert_eq!(rows[0]["toml"], text.as_str());
    assert_eq!(rows[1]["id"], "practice-pool-3");
}

#[test]
fn a_dialogue_asks_runs_and_offers_the_next_one() {
    let home = home();
    let args = ["quiz", "--topic", "blocking", "--seed", "2", "--count", "2"];
    let toml = out(&loopscope(
        home.path(),
        &[&args[..], &["--print"]].concat(),
        "",
    ));
    let (right, wrong) = (right(&toml), right(&toml) % 3 + 1);
    let typed = format!("{wrong}\n\n");
    let first = out(&loopscope(
        home.path(),
        &[&args[..], &["--plain"]].concat(),
        &typed,
    ));
    for part in [
        "Scenario practice-blocking-2: exercise 2, blocking calls\n",
        "\nThat is what a run gives in which ",
        "\nNext is practice-blocking-3: n or an empty line opens it.\n",
        "Scenario practice-blocking-3: ",
    ] {
        assert!(first.contains(part), "no {part:?} in:\n{first}");
    }
    let typed = format!("{right}\nn\n");
    let one = [
        "quiz", "--topic", "blocking", "--seed", "2", "--count", "1", "--plain",
    ];
    let second = out(&loopscope(home.path(), &one, &typed));
    assert!(second.contains("all as you said."), "{second}");
    assert!(second.contains("That was the last one"), "{second}");
    // What was run again is no second exercise.
    let kept = fs::read_to_string(home.path().join("state/loopscope/progress.toml")).unwrap();
    let expected = "[practice.practice-blocking]\nnext = 3\nright = 0\nwrong = 1\n";
    assert!(kept.contains(expected), "{kept}");
    // Without a number it goes on behind it, and the menu knows.
    let args = ["quiz", "--topic", "blocking", "--plain"];
    let next = out(&loopscope(home.path(), &args, ""));
    assert!(next.starts_with("Scenario practice-blocking-3: "), "{next}");
    let menu = out(&loopscope(home.path(), &["--plain"], "g\n"));
    let row = "practice-blocking-3: blocking calls, 0 of 1 right\n";
    assert!(menu.contains(row), "{menu}");
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let home = home();
    let output = loopscope(home.path(), &["quiz"], "");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("`loopscope quiz --plain` asks in lines"),
        "{said}"
    );
}
