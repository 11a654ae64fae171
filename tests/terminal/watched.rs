//! A program of the user's own on the stage.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::process::Command;

use crate::common::alone::one_at_a_time;
use crate::common::terminal::{Terminal, waits};

/// Prints this, and goes on until it is told to end.
fn program(line: &str) -> String {
    format!(
        "import asyncio\n\n\nasync def main():\n    print({line:?}, flush=True)\n    \
         await asyncio.sleep(60)\n\n\nasyncio.run(main())\n"
    )
}

#[test]
fn each_save_runs_the_file_again() {
    let _turn = one_at_a_time();
    if Command::new("python3").arg("--version").output().is_err() {
        println!("without python3 nothing is tested here");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("app.py");
    fs::write(&file, program("the first line")).unwrap();
    let path = file.display().to_string();
    let mut terminal = Terminal::at_home(home.path(), &["watch", &path], &[]);
    terminal.sees("the first line");
    fs::write(&file, program("another line")).unwrap();
    terminal.until("the new line", |screen| {
        let contents = screen.contents();
        contents.contains("another line") && !contents.contains("the first line")
    });
    // The program first, and the stage stays; then the screen.
    terminal.press("\u{3}");
    terminal.sees("killed by signal 2");
    assert!(runs(&path), "the stage stays");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
    waits("the end of the program", || !runs(&path));
}

/// Whether a process has this among its words.
fn runs(path: &str) -> bool {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut words =
        processes.map(|entry| fs::read(entry.path().join("cmdline")).unwrap_or_default());
    words.any(|words| String::from_utf8_lossy(&words).contains(path))
}
