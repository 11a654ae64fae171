//! Playlists as a user has them: checked, with every mistake told at once, and shown on a terminal
//! with nothing but a presenter's button.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::alone::one_at_a_time;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::common::terminal::{Terminal, folders};

/// Two short scenarios: one of ours, and a file beside the playlist.
const PLAYLIST: &str = r#"
title = "Two in a row"

[[scenario]]
run   = "blocking-sleep"
panes = ["output"]
speed = 20

[[scenario.stop]]
at  = "first output"
say = "One Hello, and the second tab waits for its own."

[[scenario.stop]]
at    = "2s"
say   = "Nobody is there to let the second one in."
panes = ["output", "tasks"]

[[scenario]]
run   = "mine/quick.toml"
ask   = false
speed = 20
"#;

const QUICK: &str = r#"
title = "Quick as can be"

[[function]]
name  = "main"
async = true
body  = [{ print = "one" }, { sleep = "1s" }, { print = "two" }]

[[start]]
run = "main"

[[note]]
when = "second output"
say  = "That was all that it had to print."
"#;

const MISTAKES: &str = r#"titel = "A lecture"

[[scenario]]
run = "blocking-slep"
panes = ["outputs", "tasks"]
big = "yes"

[[scenario]]
run = "nowhere/mine.toml"

[[scenario]]
run = "four-routes-sync"
knobs = { requests = 0, thread = 1 }
auto_stop = "note"
sped = 2

[[scenario.stop]]
at = "frst output"

[[scenario.stop]]
at = "2x"
say = 3

[[scenario.stop]]
say = "Never."
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("two.toml"), PLAYLIST).unwrap();
    fs::write(folder.path().join("mine/quick.toml"), QUICK).unwrap();
    folder
}

fn run(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(words)
        .current_dir(folder)
        .envs(folders(folder))
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_ready_lecture_can_be_shown() {
    let _turn = one_at_a_time();
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["present", "--check"]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(said.contains("blocking-sleep"), "{said}");
    assert!(said.contains("0.10s  first blocked-loop"), "{said}");
}

#[test]
fn files_are_found_from_the_playlists_folder() {
    let _turn = one_at_a_time();
    let folder = folder();
    let path = folder.path().join("two.toml");
    let elsewhere = tempfile::tempdir().unwrap();
    let output = run(
        elsewhere.path(),
        &["present", "--check", path.to_str().unwrap()],
    );
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert!(said.contains("2 quick"), "{said}");
}

#[test]
fn every_mistake_is_told_at_once() {
    let _turn = one_at_a_time();
    let folder = folder();
    fs::write(folder.path().join("bad.toml"), MISTAKES).unwrap();
    let output = run(folder.path(), &["present", "bad.toml"]);
    assert_eq!(output.status.code(), Some(3));
    insta::assert_snapshot!("playlist-mistakes", text(&output.stderr));
}

#[test]
fn a_stop_that_never_comes_is_named_with_its_line() {
    let _turn = one_at_a_time();
    let folder = folder();
    let never = "title = \"x\"\n[[scenario]]\nrun = \"blocking-sleep\"\nonly = \"Z\"\n\
                 [[scenario.stop]]\nat = \"third output 'bye'\"\n[[scenario.stop]]\nat = \"1s\"\n";
    fs::write(folder.path().join("never.toml"), never).unwrap();
    let output = run(folder.path(), &["present", "--check", "never.toml"]);
    assert_eq!(output.status.code(), Some(3));
    let said = text(&output.stdout);
    assert!(
        said.contains("never.toml:6: never comes: third output 'bye'"),
        "{said}"
    );
    assert!(said.contains("nobody is called Z"), "{said}");
    assert!(said.contains("1.00s  1s"), "{said}");
}

#[test]
fn what_is_no_playlist_is_said_in_a_sentence() {
    let _turn = one_at_a_time();
    let folder = folder();
    fs::write(folder.path().join("empty.toml"), "\n").unwrap();
    fs::write(folder.path().join("bytes.toml"), [0xff, 0xfe, 0xfd]).unwrap();
    fs::write(
        folder.path().join("none.toml"),
        "title = \"x\"\nscenario = []\n",
    )
    .unwrap();
    for (name, code, part) in [
        ("empty.toml", 3, "this file is empty"),
        ("bytes.toml", 3, "not UTF-8"),
        ("none.toml", 3, "at least one scenario"),
        ("gone.toml", 4, "cannot be read"),
        ("mine", 4, "is a folder"),
    ] {
        let output = run(folder.path(), &["present", name]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{name}: {said}");
        assert!(said.contains(part), "{name}: {said}");
    }
}

#[test]
fn one_button_carries_a_lecture_from_its_start_to_its_end() {
    let _turn = one_at_a_time();
    let folder = folder();
    let path = folder.path().join("two.toml");
    let mut terminal = Terminal::start(&["present", path.to_str().unwrap()], &[]);
    let on = "\x1b[6~";
    terminal.sees("In which order");
    terminal.press(on);
    terminal.sees("One Hello, and the second");
    terminal.sees("1 of 2");
    terminal.press(on);
    terminal.sees("2.000s");
    terminal.sees("4 tasks");
    // It plays on from here; the button skips what plays.
    terminal.press(on);
    terminal.sees("playing");
    terminal.press(on);
    // The end, why it came so, the answer to that, and then the next one.
    terminal.sees("ended");
    terminal.press(on);
    terminal.sees("Why was the second");
    terminal.press(on);
    terminal.sees("next scenario");
    terminal.press(on);
    terminal.sees("Quick as can be");
    terminal.sees("2 of 2");
    terminal.press(on);
    terminal.sees("That was all that");
    terminal.press(on);
    terminal.sees("ended");
    terminal.press(on);
    terminal.sees("this is the last one of the playlist");
    terminal.press("qq");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn inside_slides_it_goes_on_without_a_key() {
    let _turn = one_at_a_time();
    let folder = folder();
    let path = folder.path().join("two.toml");
    let terminal = Terminal::start(&["present", path.to_str().unwrap(), "--autoplay"], &[]);
    terminal.sees("One Hello, and the second");
    terminal.sees("2 of 2");
    terminal.sees("That was all that");
    terminal.sees("ended");
}

#[test]
fn a_device_without_an_end_is_no_playlist() {
    let _turn = one_at_a_time();
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["present", "--check", "/dev/zero"]);
    assert_eq!(output.status.code(), Some(3));
    let said = text(&output.stderr);
    assert!(
        said.contains("larger than 1024 KiB: that is no playlist"),
        "{said}"
    );
    let output = run(folder.path(), &["present", "--check", "."]);
    let said = text(&output.stderr);
    assert!(
        said.contains("is a folder: name a playlist in it"),
        "{said}"
    );
}
