//! Predict, order, reveal and tally with the real binary on a pseudo-terminal.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::alone::one_at_a_time;
use crate::common::terminal::{Terminal, folders};
use std::process::Command;

fn ends(mut terminal: Terminal) {
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn from_the_menu_to_the_first_reveal_in_at_most_four_keys() {
    let _turn = one_at_a_time();
    let mut terminal = Terminal::start(&[], &[]);
    terminal.sees("02 blocking-sleep");
    let mut pressed = 0;
    for (key, seen) in [
        ("\r", "your prediction"),
        ("2", "► 2  Hello bye"),
        ("\r", "same"),
    ] {
        terminal.press(key);
        pressed += key.len();
        terminal.sees(seen);
    }
    assert!(pressed <= 4);
    ends(terminal);
}

#[test]
fn hands_are_counted_hidden_and_lie_over_the_end() {
    let _turn = one_at_a_time();
    let args = ["run", "blocking-sleep", "--speed", "20"];
    let mut terminal = Terminal::start(&args, &[]);
    terminal.sees("your prediction");
    terminal.press("h");
    terminal.sees("hands before the discussion");
    terminal.press("18\u{1b}[B10\r");
    terminal.sees("hands 28, hidden");
    terminal.press("h");
    terminal.sees("hands after the discussion");
    terminal.press("4\u{1b}[B24\r");
    terminal.sees("hands 28, then 28, hidden");
    terminal.press("1\r");
    terminal.sees("28 before the discussion, 28 after it");
    terminal.sees("right");
    terminal.press("\r");
    terminal.sees("why did it?");
    terminal.press("3\r");
    terminal.sees("√ 3");
    ends(terminal);
}

const ORDER: &str = r#"title = "Two lines"
asks  = "Which line comes first?"
shows = "A task that sleeps lets the other one print."

[[function]]
name = "main"
async = true
body = [ { print = "one" }, { sleep = "1s" }, { print = "two" } ]

[[start]]
run = "main"

[[predict]]
ask = "In which order are they printed?"
how = "order"
lines = ["two", "one"]

[expect]
output = ["one", "two"]
"#;

#[test]
fn lines_are_put_into_order_and_held_against_what_is_printed() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("two-lines.toml");
    std::fs::write(&path, ORDER).unwrap();
    let args = ["run", path.to_str().unwrap(), "--speed", "20"];
    let mut terminal = Terminal::start(&args, &[]);
    terminal.sees("← → move the line");
    terminal.press("\u{1b}[C");
    terminal.sees("► 2  two");
    terminal.press("\r");
    terminal.sees("all as you said");
    ends(terminal);
}

#[test]
fn an_exercise_is_asked_run_and_judged_and_the_next_one_is_offered() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let exercise = ["quiz", "--topic", "blocking", "--seed", "2"];
    let file = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(exercise)
        .arg("--print")
        .envs(folders(home.path()))
        .output()
        .unwrap();
    let file = String::from_utf8(file.stdout).unwrap();
    let mut options = file.lines().filter(|line| line.starts_with("  { say = "));
    let right = options
        .position(|line| line.contains("right = true"))
        .unwrap()
        + 1;
    let mut terminal = Terminal::at_home(home.path(), &exercise, &[]);
    terminal.sees("exercise 2, blocking calls");
    terminal.sees("your prediction");
    terminal.press(&right.to_string());
    terminal.sees(&format!("► {right}  "));
    terminal.press("\r");
    terminal.sees("all as you said");
    terminal.press("\u{1b}[F");
    terminal.sees("practice-blocking-3");
    terminal.press("\r");
    terminal.sees("exercise 3, blocking calls");
    ends(terminal);
    let kept = std::fs::read_to_string(home.path().join("state/loopscope/progress.toml")).unwrap();
    assert!(kept.contains("next = 3\nright = 1\nwrong = 0\n"), "{kept}");
}
