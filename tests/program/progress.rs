//! What outlives the program, by the real binary: kept, found again, forgotten, and never in the way.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::common::terminal::{PATIENCE, Terminal, folders};
use portable_pty::CommandBuilder;
use tempfile::TempDir;

/// A home in which every run is over at once.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config/loopscope");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("settings.toml"), "instant = true\n").unwrap();
    home
}

fn file(home: &Path) -> PathBuf {
    home.join("state/loopscope/progress.toml")
}

/// Writes the file as an earlier run would have left it.
fn put(home: &Path, text: &str) {
    fs::create_dir_all(file(home).parent().unwrap()).unwrap();
    fs::write(file(home), text).unwrap();
}

/// Waits until the file has these words.
fn kept(home: &Path, words: &str) -> String {
    let began = Instant::now();
    loop {
        let text = fs::read_to_string(file(home)).unwrap_or_default();
        if text.contains(words) {
            return text;
        }
        assert!(began.elapsed() < PATIENCE, "no {words:?} in:\n{text}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Runs a command that needs no terminal.
fn loopscope(home: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(args)
        .envs(folders(home))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The menu, with all that was kept.
fn menu(home: &Path) -> Terminal {
    let terminal = Terminal::at_home(home, &[], &[]);
    terminal.sees("79 scenarios");
    terminal
}

/// Opens the scenario under the cursor and runs it, with no prediction.
fn run_selected(terminal: &mut Terminal) {
    terminal.press("\r");
    terminal.sees("before the run");
    terminal.press(" ");
}

fn quit(terminal: &mut Terminal) {
    terminal.press("\u{3}");
    assert_eq!(terminal.ends().exit_code(), 0);
    terminal.is_given_back();
}

#[test]
fn marks_and_the_cursor_are_there_again_until_they_are_reset() {
    let home = home();
    let mut terminal = menu(home.path());
    terminal.sees("► 02");
    terminal.press("3");
    terminal.sees("► 03");
    run_selected(&mut terminal);
    kept(home.path(), "[scenario.awaited-sleep]\nmark = \"seen\"");
    quit(&mut terminal);

    let mut terminal = menu(home.path());
    terminal.sees("1 seen");
    terminal.sees("► 03");
    terminal.sees("· seen");
    // With a prediction this time: the mark says how it came out.
    terminal.press("2");
    terminal.sees("► 02");
    terminal.press("\r");
    terminal.sees("before the run");
    terminal.press("1\r");
    let text = kept(home.path(), "prediction = ");
    assert!(text.contains("mark = \"predicted wrong\""), "{text}");
    // Back in the menu a digit begins a new number: this is 03, not 23.
    terminal.press("q");
    terminal.sees("79 scenarios");
    terminal.press("3");
    terminal.sees("► 03");
    quit(&mut terminal);

    let mut terminal = menu(home.path());
    terminal.sees("2 seen");
    terminal.sees("× predicted wrong");
    terminal.sees("► 02");
    quit(&mut terminal);

    // One by its number, then the rest, on a terminal that asks.
    let one = loopscope(home.path(), &["reset", "--scenario", "3", "--yes"]);
    assert_eq!(out(&one), "forgot awaited-sleep: seen, 1 run\n");
    let refused = loopscope(home.path(), &["reset"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("--yes"), "{}", err(&refused));
    for (answer, left) in [("n\r", true), ("y\r", false)] {
        let mut terminal = Terminal::at_home(home.path(), &["reset"], &[]);
        terminal.sees("[y/N]");
        terminal.press(answer);
        assert_eq!(terminal.ends().exit_code(), 0);
        assert_eq!(file(home.path()).exists(), left, "{answer:?}");
    }
    let nothing = loopscope(home.path(), &["reset", "--yes"]);
    assert!(out(&nothing).starts_with("nothing is remembered"));
    let mut terminal = menu(home.path());
    terminal.sees("0 seen");
    terminal.sees("► 02");
    quit(&mut terminal);
}

#[test]
fn a_name_that_nobody_knows_is_not_forgotten() {
    let home = home();
    let none = loopscope(
        home.path(),
        &["reset", "--yes", "--scenario", "awaited-sleep"],
    );
    assert_eq!(out(&none), "nothing is remembered of awaited-sleep\n");
    let wrong = loopscope(
        home.path(),
        &["reset", "--yes", "--scenario", "awaited-slep"],
    );
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("did you mean awaited-sleep?"));
}

/// Opens, is told, runs all the same, and opens another one without being told again.
fn is_told_once(terminal: &mut Terminal, words: &str) {
    terminal.sees("79 scenarios");
    terminal.press("\r");
    terminal.sees(words);
    terminal.press(" ");
    terminal.sees("Hello");
    terminal.press("q");
    terminal.sees("79 scenarios");
    terminal.press("3\r");
    terminal.sees("before the run");
    // The writer has had its time: a second sentence would stand here.
    std::thread::sleep(Duration::from_millis(300));
    assert!(!terminal.contents().contains(words));
    quit(terminal);
}

#[test]
fn a_folder_that_cannot_be_written_is_told_once_and_harms_nothing() {
    let home = home();
    let nowhere = home.path().join("a-file");
    fs::write(&nowhere, "").unwrap();
    let state = nowhere.join("below");
    let environment = [("XDG_STATE_HOME", state.to_str().unwrap())];
    let mut terminal = Terminal::at_home(home.path(), &[], &environment);
    is_told_once(&mut terminal, "progress is not kept: Not a directory");
}

#[test]
fn a_home_that_does_not_exist_is_told_once_and_harms_nothing() {
    let home = home();
    // A relative folder is none: nothing may appear in the one that we stand in.
    let environment = [
        ("HOME", "relative"),
        ("XDG_STATE_HOME", ""),
        ("XDG_DATA_HOME", ""),
    ];
    let mut terminal = Terminal::at_home(home.path(), &[], &environment);
    is_told_once(
        &mut terminal,
        "progress is not kept: there is no home directory",
    );
    assert!(!Path::new("relative").exists());
}

#[test]
fn a_full_disk_is_told_once_and_the_old_file_stays() {
    let home = home();
    let old = "format = 1\nlast = \"gather-order\"\n";
    put(home.path(), old);
    // No byte can be added to any file; without the trap the system would end the process.
    let mut shell = CommandBuilder::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$PROGRAM\""]);
    let environment = [("PROGRAM", env!("CARGO_BIN_EXE_loopscope"))];
    let mut terminal = Terminal::spawn(home.path(), shell, &environment);
    terminal.sees("79 scenarios");
    terminal.press("2");
    is_told_once(&mut terminal, "progress is not kept: File too large");
    assert_eq!(fs::read_to_string(file(home.path())).unwrap(), old);
    let folder = file(home.path()).parent().unwrap().to_owned();
    let names = fs::read_dir(folder).unwrap().count();
    assert_eq!(names, 2, "the file and its lock");
}

#[test]
fn a_broken_file_is_moved_aside_and_said() {
    let home = home();
    put(home.path(), "last = \"02");
    let mut terminal = menu(home.path());
    terminal.sees("progress.toml was broken: it is progress.toml.broken now");
    run_selected(&mut terminal);
    kept(home.path(), "mark = \"seen\"");
    quit(&mut terminal);
    let aside = file(home.path()).with_file_name("progress.toml.broken");
    assert_eq!(fs::read_to_string(aside).unwrap(), "last = \"02");
}

#[test]
fn what_a_newer_version_wrote_is_not_lost() {
    let home = home();
    put(
        home.path(),
        "format = 1\nlast = \"awaited-sleep\"\nstars = [1, 2]\n[scenario.blocking-sleep]\nhue = 3\n",
    );
    let mut terminal = menu(home.path());
    terminal.sees("► 03");
    terminal.press("2");
    run_selected(&mut terminal);
    let text = kept(home.path(), "mark = \"seen\"");
    assert!(
        text.contains("stars = [1, 2]") && text.contains("hue = 3"),
        "{text}"
    );
    quit(&mut terminal);

    let newer = "format = 2\nlast = \"gather-order\"\nscenario = \"elsewhere\"\n";
    put(home.path(), newer);
    let mut terminal = menu(home.path());
    terminal.press("\r");
    terminal.sees("progress is not kept: a newer loopscope has written");
    quit(&mut terminal);
    assert_eq!(fs::read_to_string(file(home.path())).unwrap(), newer);
}

#[test]
fn two_at_once_keep_both_their_marks() {
    let home = home();
    let mut one = menu(home.path());
    let mut other = menu(home.path());
    other.press("3");
    other.sees("► 03");
    run_selected(&mut one);
    run_selected(&mut other);
    kept(home.path(), "[scenario.blocking-sleep]\nmark");
    kept(home.path(), "[scenario.awaited-sleep]\nmark");
    quit(&mut one);
    quit(&mut other);
    menu(home.path()).sees("2 seen");
}

#[test]
fn killed_at_any_moment_it_leaves_a_whole_file() {
    let home = home();
    put(home.path(), "format = 1\nlast = \"blocking-sleep\"\n");
    for kill in 0..8_u64 {
        let mut terminal = menu(home.path());
        // One scenario after the other is opened and left: each is a write.
        terminal.press(&"\rqj".repeat(12));
        std::thread::sleep(Duration::from_millis(kill * 37 % 211));
        terminal.child.kill().unwrap();
        terminal.child.wait().unwrap();
        let text = fs::read_to_string(file(home.path())).unwrap();
        let table: toml::Table = text
            .parse()
            .unwrap_or_else(|_| panic!("half of it:\n{text}"));
        assert_eq!(table["format"].as_integer(), Some(1), "{text}");
        assert!(table["last"].as_str().is_some(), "{text}");
    }
    menu(home.path());
    let folder = file(home.path()).parent().unwrap().to_owned();
    let aside = folder.join("progress.toml.broken");
    assert!(!aside.exists());
}

#[test]
fn wrong_settings_are_named_and_stop_nothing() {
    let home = home();
    let path = home.path().join("config/loopscope/settings.toml");
    fs::write(&path, "languge = \"rust\"\nbig = 3\nascii = true\n").unwrap();
    let mut terminal = menu(home.path());
    terminal.sees("settings.toml has 2 mistakes: defaults stand; see `loopscope settings`");
    // What is right holds.
    terminal.sees("> 02");
    quit(&mut terminal);
    terminal.sees("did you mean `language`?");

    let shown = loopscope(home.path(), &["settings", "--theme", "light"]);
    assert_eq!(shown.status.code(), Some(3));
    let rows = out(&shown);
    let row = |key: &str| {
        let row = rows.lines().find(|line| line.starts_with(key)).unwrap();
        row.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("ascii"), "true file, line 3");
    assert_eq!(row("theme"), "\"light\" --theme");
    assert_eq!(row("big"), "false default");
    assert!(err(&shown).contains("settings.toml:2:7"), "{}", err(&shown));

    let there = loopscope(home.path(), &["settings", "--write"]);
    assert_eq!(there.status.code(), Some(4));
    fs::remove_file(&path).unwrap();
    let made = loopscope(home.path(), &["settings", "--write"]);
    assert_eq!(made.status.code(), Some(0));
    let fine = loopscope(home.path(), &["settings"]);
    assert_eq!(fine.status.code(), Some(0), "{}", err(&fine));
    assert!(!out(&fine).contains("file, line"));
}
