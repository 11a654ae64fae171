//! Signals at any moment: with an editor open, while something is typed, in the notes and in the lines. Each leaves
//! the terminal as it was and no process behind.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::alone::one_at_a_time;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::common::terminal::{Terminal, waits};
use portable_pty::CommandBuilder;
use rustix::process::{Signal, kill_process};

/// As an editor has the terminal: no echo, another screen, no cursor, the mouse.
const TAKES: &str = r"stty raw -echo; printf '\033[?1049h\033[?25l\033[?1000h\033[?2004hI EDIT'";

/// The stage with an editor over it that does this; it says `I EDIT`.
fn editing(home: &Path, does: &str) -> Terminal {
    let editor = home.join("editor");
    fs::write(&editor, format!("#!/bin/sh\n{does}\n")).unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).unwrap();
    let environment = [("VISUAL", ""), ("EDITOR", editor.to_str().unwrap())];
    let mut terminal = Terminal::at_home(home, &["run", "blocking-sleep"], &environment);
    terminal.sees("In which order");
    terminal.press("e");
    terminal.sees("I EDIT");
    terminal
}

/// It has ended by this signal, and all is as it was.
fn ended_by(terminal: &mut Terminal, signal: i32, what: &str) {
    let began = Instant::now();
    let status = terminal.ends();
    let code = u32::try_from(128 + signal).unwrap();
    assert!(
        status.signal().is_some() || status.exit_code() == code,
        "{what}: {status:?}"
    );
    let took = began.elapsed();
    assert!(took < Duration::from_secs(10), "{what}: {took:?}");
    terminal.is_given_back();
    terminal.leaves_no_process();
}

#[test]
fn an_editor_is_ended_with_us() {
    let _turn = one_at_a_time();
    let waits = format!("{TAKES}; sleep 1000");
    let tidy = format!(
        "trap 'printf \"\\033[?1049l\\033[?25h\\033[?1000l\\033[?2004l\"; exit 1' TERM HUP; {TAKES}; while :; do sleep 0.05; done"
    );
    let stubborn = format!("trap '' TERM HUP INT USR1; {TAKES}; while :; do sleep 0.05; done");
    let wrapped = format!("trap '' TERM; {TAKES}; (sh -c 'sleep 1000; true'); true");
    for (editor, signal) in [
        (&waits, Signal::TERM),
        (&waits, Signal::HUP),
        (&waits, Signal::INT),
        (&waits, Signal::USR1),
        (&tidy, Signal::TERM),
        (&tidy, Signal::HUP),
        (&stubborn, Signal::TERM),
        (&stubborn, Signal::HUP),
        (&wrapped, Signal::TERM),
    ] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = editing(home.path(), editor);
        terminal.signal(signal);
        let what = format!("{signal:?} over {editor}");
        ended_by(&mut terminal, signal.as_raw(), &what);
    }
}

#[test]
fn keys_of_an_editor_are_the_editors_alone() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let editor = r"printf '\033[?1049hI EDIT'; sleep 1000";
    let mut terminal = editing(home.path(), editor);
    terminal.press("\u{3}");
    terminal.sees("was ended by signal 2");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
    terminal.leaves_no_process();
}

#[test]
fn an_editor_that_dies_leaves_its_modes_to_no_shell() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let mut terminal = editing(home.path(), &format!("{TAKES}; sleep 0.3; kill -KILL $$"));
    terminal.sees("was ended by signal 9");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn an_editor_is_stopped_and_goes_on_with_us() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let editor = r"printf '\033[?1049hI EDIT'; read line; printf 'TYPED %s' $line; read line";
    let mut terminal = editing(home.path(), editor);
    terminal.press("\u{1a}");
    waits("all are stopped", || {
        let all = terminal.session();
        all.len() > 1 && all.iter().all(|(_, state)| *state == 'T')
    });
    terminal.signal(Signal::CONT);
    waits("all go on", || {
        terminal.session().iter().all(|(_, state)| *state != 'T')
    });
    terminal.press("words\n");
    terminal.sees("TYPED words");
    terminal.press("\n");
    terminal.sees("In which order");
    // A stop that somebody else asks for is the editor's, too.
    terminal.press("e");
    terminal.sees("I EDIT");
    terminal.signal(Signal::TSTP);
    waits("all are stopped", || {
        terminal.session().iter().all(|(_, state)| *state == 'T')
    });
    terminal.signal(Signal::TERM);
    terminal.signal(Signal::CONT);
    ended_by(&mut terminal, 15, "TERM while stopped");
}

#[test]
fn an_editor_in_the_middle_of_which_all_stop_is_ended_all_the_same() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let mut terminal = editing(home.path(), &format!("{TAKES}; sleep 1000"));
    for (process, _) in terminal.session() {
        let process = rustix::process::Pid::from_raw(process.parse().unwrap()).unwrap();
        if process != terminal.pid() {
            kill_process(process, Signal::STOP).unwrap();
        }
    }
    waits("it stops as well", || terminal.state() == 'T');
    terminal.signal(Signal::HUP);
    terminal.signal(Signal::CONT);
    ended_by(&mut terminal, 1, "HUP while stopped");
}

/// Where something is typed: the words that open it, what is typed, and what is seen of it.
const TYPING: &[(&[&str], &str, &str, &str)] = &[
    (&["run", "blocking-sleep"], " ", "/", "Hel"),
    (&["run", "blocking-sleep"], " ", "g", "3.14"),
    (&[], "", "/", "serial"),
    (&["run", "await-in-turn"], "", "", "12"),
    (&["run", "blocking-sleep"], "", "h", "7"),
    (&["run", "four-routes-sync"], "", "K", "77"),
];

#[test]
fn ctrl_z_keeps_what_is_typed() {
    let _turn = one_at_a_time();
    for (args, first, opens, typed) in TYPING {
        let mut terminal = Terminal::start(args, &[]);
        terminal.sees("? ");
        if !first.is_empty() {
            terminal.press(first);
            terminal.sees("live");
            terminal.press(" ");
            terminal.sees("paused");
        }
        terminal.press(opens);
        terminal.press(typed);
        terminal.sees(typed);
        std::thread::sleep(Duration::from_millis(100));
        let before = terminal.contents();
        for how in ["the key", "the signal"] {
            match how {
                "the key" => terminal.press("\u{1a}"),
                _ => terminal.signal(Signal::TSTP),
            }
            terminal.is_given_back();
            waits("it is stopped", || terminal.state() == 'T');
            terminal.signal(Signal::CONT);
            terminal.until("the same frame", |screen| {
                screen.alternate_screen() && screen.contents().contains(typed)
            });
            let what = format!("{args:?} {opens} {typed} by {how}");
            terminal.until(&format!("{what} as before:\n{before}\n"), |screen| {
                lines(&screen.contents()) == lines(&before)
            });
        }
        terminal.press("\u{3}");
        assert!(terminal.ends().success());
        terminal.is_given_back();
    }
}

/// The screen without its first row, in which time goes on.
fn lines(contents: &str) -> Vec<String> {
    contents.lines().skip(1).map(str::to_owned).collect()
}

/// Whose default is death: named ones, and numbered ones.
const DEADLY: &[i32] = &[
    1, 2, 3, 5, 6, 10, 12, 14, 15, 16, 24, 25, 26, 27, 29, 30, 31, 35, 64,
];

fn send(terminal: &Terminal, signal: i32) {
    let pid = terminal.pid().to_string();
    let kill = std::process::Command::new("kill")
        .args([format!("-{signal}"), pid])
        .status();
    assert!(kill.unwrap().success());
}

#[test]
fn every_signal_that_ends_a_program_leaves_the_terminal_whole() {
    let _turn = one_at_a_time();
    for &signal in DEADLY {
        let mut terminal = Terminal::start(&["run", "blocking-sleep"], &[]);
        terminal.sees("In which order");
        terminal.press(" ");
        terminal.sees("live");
        send(&terminal, signal);
        ended_by(&mut terminal, signal, &format!("signal {signal}"));
    }
}

#[test]
fn what_the_one_who_starts_it_ignores_stays_ignored() {
    let _turn = one_at_a_time();
    let home = tempfile::tempdir().unwrap();
    let mut shell = CommandBuilder::new("sh");
    let program = env!("CARGO_BIN_EXE_loopscope");
    // HUP as by nohup, XFSZ as for a full disk, one that is numbered.
    let line = format!("trap '' 1 25 40; exec {program} run blocking-sleep");
    shell.args(["-c", &line]);
    let mut terminal = Terminal::spawn(home.path(), shell, &[]);
    terminal.sees("In which order");
    for signal in [1, 25, 40] {
        send(&terminal, signal);
    }
    terminal.press(" ");
    terminal.sees("live");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn a_signal_that_ends_it_comes_where_something_is_typed_too() {
    let _turn = one_at_a_time();
    for (args, first, opens, typed) in TYPING {
        let mut terminal = Terminal::start(args, &[]);
        terminal.sees("? ");
        if !first.is_empty() {
            terminal.press(first);
            terminal.sees("live");
        }
        terminal.press(opens);
        terminal.press(typed);
        terminal.sees(typed);
        send(&terminal, 10);
        ended_by(&mut terminal, 10, &format!("{args:?} {opens}"));
    }
}

#[test]
fn a_pipe_without_a_reader_is_no_end() {
    let _turn = one_at_a_time();
    let mut terminal = Terminal::start(&["run", "blocking-sleep"], &[]);
    terminal.sees("In which order");
    send(&terminal, 13);
    terminal.press(" ");
    terminal.sees("live");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn notes_and_lines_end_by_signals_as_the_screen_does() {
    let _turn = one_at_a_time();
    for signal in [1, 2, 10, 12, 14, 15, 26] {
        for (args, says) in [
            (&["notes"][..], "loopscope notes"),
            (&["--plain"], "number"),
            (&["run", "blocking-sleep", "--plain"], "Hello"),
        ] {
            let mut terminal = Terminal::start(args, &[]);
            terminal.sees(says);
            send(&terminal, signal);
            if args == ["--plain"] && signal == 2 {
                // Ctrl-C at the list leaves it, which is no failure.
                terminal.ends();
                terminal.is_given_back();
                continue;
            }
            ended_by(&mut terminal, signal, &format!("{args:?} {signal}"));
        }
    }
}

#[test]
fn notes_are_stopped_and_go_on() {
    let _turn = one_at_a_time();
    let mut terminal = Terminal::start(&["notes"], &[]);
    terminal.sees("loopscope notes");
    terminal.press("\u{1a}");
    terminal.is_given_back();
    waits("it is stopped", || terminal.state() == 'T');
    terminal.signal(Signal::CONT);
    terminal.until("frame", |screen| {
        screen.alternate_screen() && screen.contents().contains("loopscope notes")
    });
    terminal.press("q");
    assert!(terminal.ends().success());
    terminal.is_given_back();
    terminal.leaves_no_process();
}
