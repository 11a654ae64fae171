//! A person's own scenarios on the screen: the editor, a file that is saved, mistakes, exports.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::alone::one_at_a_time;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::common::terminal::{Terminal, folders};
use tempfile::TempDir;

/// A home, and the person in it.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn scenarios(&self) -> PathBuf {
        self.path().join("data/loopscope/scenarios")
    }

    fn scenario(&self, name: &str, text: &str) -> PathBuf {
        fs::create_dir_all(self.scenarios()).unwrap();
        let path = self.scenarios().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// An editor that does this; `$1` is the file.
    fn editor(&self, does: &str) -> String {
        let path = self.path().join("editor");
        fs::write(&path, format!("#!/bin/sh\n{does}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    }

    fn open(&self, args: &[&str], editor: &str) -> Terminal {
        let environment = [("VISUAL", ""), ("EDITOR", editor)];
        Terminal::at_home(self.path(), args, &environment)
    }
}

/// A program that prints this line at once, and goes on for so long.
fn program(title: &str, line: &str, length: &str) -> String {
    format!(
        "title = {title:?}\n[[function]]\nname = \"main\"\nbody = [\n  {{ print = {line:?} }},\n  \
         {{ sleep = {length:?} }},\n]\n[[start]]\nrun = \"main\"\n"
    )
}

/// As most editors save: another file takes the place of the old one.
fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    fs::write(&beside, text).unwrap();
    fs::rename(&beside, path).unwrap();
}

fn quits(mut terminal: Terminal) {
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn a_new_scenario_is_in_the_menu_and_runs() {
    let _turn = one_at_a_time();
    let home = Home::new();
    let status = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(["new", "my-first"])
        .envs(folders(home.path()))
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    let mut terminal = home.open(&[], "");
    terminal.sees("yours");
    terminal.press("/two cups");
    terminal.sees("1 found");
    terminal.press("\r");
    terminal.sees("In which order");
    terminal.press("2\r");
    terminal.sees("water on");
    terminal.press("q");
    terminal.sees("Esc goes back to the run of my-first");
    quits(terminal);
}

#[test]
fn a_saved_file_is_shown_at_once_and_mistakes_lie_over_the_last_good_version() {
    let _turn = one_at_a_time();
    let home = Home::new();
    let path = home.scenario("mine.toml", &program("The first title", "one", "100ms"));
    let mut terminal = home.open(&["run", "mine"], "");
    terminal.sees("The first title");
    // Before the run it stays before the run.
    replace(&path, &program("Another title", "two", "100ms"));
    terminal.sees("Another title");
    terminal.sees("before the run");
    assert!(!terminal.contents().contains("ended"), "it ran");
    terminal.press(" ");
    terminal.sees("ended");
    // After a run it is run again.
    fs::write(&path, program("A third title", "three", "100ms")).unwrap();
    terminal.sees("A third title");
    terminal.sees("ended");
    terminal.sees("three");
    // Mistakes, with line and cure, over the last good version.
    replace(
        &path,
        &program("x", "four", "100ms").replace("print", "prnit"),
    );
    terminal.sees("did you mean");
    terminal.sees("A third title");
    terminal.press("\r");
    terminal.until("no panel", |screen| {
        !screen.contents().contains("did you mean")
    });
    terminal.press("r");
    terminal.sees("ended");
    assert!(terminal.contents().contains("A third title"));
    // Still broken: it is said again. Mended: the panel goes.
    replace(&path, "title = 3\n");
    terminal.sees("wrong-type");
    replace(&path, &program("The last title", "five", "100ms"));
    terminal.sees("The last title");
    terminal.until("no panel", |screen| {
        !screen.contents().contains("wrong-type")
    });
    terminal.sees("ended");
    quits(terminal);
}

#[test]
fn a_run_goes_on_under_the_mistakes_and_without_its_file() {
    let _turn = one_at_a_time();
    let home = Home::new();
    let path = home.scenario("mine.toml", &program("The title", "one", "60s"));
    let mut terminal = home.open(&["run", "mine", "--autoplay"], "");
    terminal.sees("live");
    replace(&path, "title = 3\n");
    terminal.sees("wrong-type");
    terminal.sees("live");
    terminal.press("\u{1b}");
    terminal.until("no panel", |screen| {
        !screen.contents().contains("wrong-type")
    });
    fs::remove_file(&path).unwrap();
    terminal.sees("mine.toml is gone: the scenario goes on");
    terminal.sees("live");
    terminal.press("r");
    terminal.until("no sentence", |screen| {
        !screen.contents().contains("is gone")
    });
    terminal.sees("live");
    // It comes back.
    fs::write(&path, program("Back again", "two", "60s")).unwrap();
    terminal.sees("Back again");
    quits(terminal);
}

#[test]
fn the_editor_gets_the_terminal_and_all_keys() {
    let _turn = one_at_a_time();
    let home = Home::new();
    home.scenario("mine.toml", &program("The title", "one", "60s"));
    let editor = home.editor(
        "printf 'the editor says: '; read line; \
         sed -i \"s/The title/It was $line/\" \"$1\"; read more",
    );
    let mut terminal = home.open(&["run", "mine", "--autoplay"], &editor);
    terminal.sees("live");
    terminal.press("e");
    terminal.until("the editor", |screen| {
        !screen.alternate_screen() && screen.contents().contains("the editor says")
    });
    terminal.is_given_back();
    // Each of them would do something on the stage; `q` would leave it.
    terminal.press("qqbn\n");
    std::thread::sleep(Duration::from_millis(400));
    assert!(!terminal.screen.lock().unwrap().screen().alternate_screen());
    terminal.press("qqq\n");
    terminal.sees("It was qqbn");
    terminal.until("the screen is ours again", |screen| {
        screen.alternate_screen() && screen.contents().contains("live")
    });
    quits(terminal);
}

#[test]
fn ctrl_c_in_the_editor_is_the_editors() {
    let _turn = one_at_a_time();
    let home = Home::new();
    home.scenario("mine.toml", &program("The title", "one", "60s"));
    let editor = home.editor("trap '' INT; echo editing; sleep 1; echo; echo edited >> \"$1.txt\"");
    let mut terminal = home.open(&["run", "mine", "--autoplay"], &editor);
    terminal.sees("live");
    terminal.press("e");
    terminal.sees("editing");
    terminal.press("\u{3}");
    terminal.until("the screen is ours again", |screen| {
        screen.alternate_screen() && screen.contents().contains("live")
    });
    assert!(home.scenarios().join("mine.toml.txt").exists());
    quits(terminal);
}

#[test]
fn an_editor_that_is_missing_fails_or_is_killed_is_one_sentence() {
    let _turn = one_at_a_time();
    let home = Home::new();
    home.scenario("mine.toml", &program("The title", "one", "60s"));
    for (editor, says) in [
        (
            "/no/such/editor -w".to_owned(),
            "cannot be started: there is no such program",
        ),
        (home.editor("exit 3"), "failed with exit code 3"),
        (home.editor("kill -9 $$"), "was ended by signal 9"),
        (
            "'/open quote".to_owned(),
            "EDITOR has a quote that does not end",
        ),
    ] {
        if says.contains("signal") {
            home.editor("kill -9 $$");
        } else if says.contains("code 3") {
            home.editor("exit 3");
        }
        let mut terminal = home.open(&["run", "mine", "--autoplay"], &editor);
        terminal.sees("live");
        terminal.press("e");
        terminal.sees(&says[..says.len().min(24)]);
        terminal.until("live", |screen| {
            screen.alternate_screen() && screen.contents().contains("live")
        });
        quits(terminal);
    }
}

#[test]
fn one_of_ours_is_edited_as_a_copy() {
    let _turn = one_at_a_time();
    let home = Home::new();
    let editor = home.editor("sed -i 's/^title .*/title = \"Mine now\"/' \"$1\"");
    let mut terminal = home.open(&["run", "blocking-sleep"], &editor);
    terminal.sees("In which order");
    terminal.press("e");
    terminal.sees("Mine now");
    let copy = home.scenarios().join("my-blocking-sleep.toml");
    let text = fs::read_to_string(&copy).unwrap();
    assert!(text.starts_with("# Your copy of blocking-sleep"), "{text}");
    // It is the copy that is watched from now on.
    replace(&copy, &text.replace("Mine now", "Mine again"));
    terminal.sees("Mine again");
    terminal.press("q");
    terminal.sees("yours");
    terminal.sees("my-blocking-sleep");
    quits(terminal);
}

#[test]
fn a_copy_in_which_nothing_was_changed_goes_again() {
    let _turn = one_at_a_time();
    let home = Home::new();
    let copy = home.scenarios().join("my-blocking-sleep.toml");
    // From the menu, and on a scenario that is open.
    for (words, ready) in [(&[][..], "yours"), (&["run", "blocking-sleep"], "In which")] {
        let editor = home.editor("test -s \"$1\"");
        let mut terminal = home.open(words, &editor);
        terminal.sees(if words.is_empty() {
            "blocking-sleep"
        } else {
            ready
        });
        terminal.press("e");
        terminal.sees("nothing was changed");
        assert!(!copy.exists());
        // The next time something is changed.
        home.editor("sed -i 's/^title .*/title = \"Mine now\"/' \"$1\"");
        terminal.press("e");
        terminal.sees("Mine now");
        assert!(copy.exists());
        quits(terminal);
        fs::remove_file(&copy).unwrap();
    }
}

#[test]
fn a_broken_file_is_mended_from_the_menu() {
    let _turn = one_at_a_time();
    let home = Home::new();
    home.scenario("broken.toml", "title = 3\n");
    let good = home.path().join("good");
    fs::write(&good, program("Mended", "one", "100ms")).unwrap();
    let editor = home.editor(&format!("cp {} \"$1\"", good.display()));
    let mut terminal = home.open(&[], &editor);
    terminal.sees("yours");
    terminal.press("/broken");
    terminal.sees("broken.toml: 2 mistakes");
    terminal.press("\r");
    terminal.sees("wrong-type");
    terminal.press("e");
    terminal.sees("Mended");
    terminal.press("q");
    terminal.sees("yours");
    terminal.until("mended in the menu", |screen| {
        let text = screen.contents();
        text.contains("Mended") && !text.contains("mistakes")
    });
    quits(terminal);
}

#[test]
fn what_is_open_is_exported_under_a_free_name() {
    let _turn = one_at_a_time();
    let home = Home::new();
    // A terminal opens at home.
    let desk = home.path();
    fs::write(desk.join("mine.py"), "precious").unwrap();
    home.scenario("mine.toml", &program("The title", "one", "100ms"));
    let mut terminal = home.open(&["run", "mine", "--autoplay"], "");
    terminal.sees("ended");
    terminal.press("x");
    terminal.sees("mine-2.py");
    terminal.press("\r");
    terminal.sees("run it: python3 mine-2.py");
    terminal.press("\u{1b}[B\u{1b}[B\r");
    terminal.sees("read it: less mine.txt");
    terminal.press("\u{1b}");
    terminal.until("no panel", |screen| {
        !screen.contents().contains("less mine.txt")
    });
    quits(terminal);
    assert_eq!(
        fs::read_to_string(desk.join("mine.py")).unwrap(),
        "precious"
    );
    let python = fs::read_to_string(desk.join("mine-2.py")).unwrap();
    assert!(python.contains("print(\"one\")"), "{python}");
    let text = fs::read_to_string(desk.join("mine.txt")).unwrap();
    assert!(text.contains("prints one"), "{text}");
}
