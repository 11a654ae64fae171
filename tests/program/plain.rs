//! The whole path as lines, with the real binary: through pipes, on a dumb terminal, with Ctrl-C.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use loopscope::tui::terminal::signals::is_ignored;
use rustix::process::{Pid, Signal, kill_process};

fn command(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command.args(args).env("HOME", home);
    for name in ["XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(name, home.join(name));
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Types all lines at once and gives what came of it.
fn talk(args: &[&str], typed: &str) -> (Option<i32>, String, String) {
    let home = tempfile::tempdir().unwrap();
    let mut child = command(home.path(), args).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(typed.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// Each of the parts, in this order.
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let place = rest.find(part);
        assert!(place.is_some(), "no {part:?} in:\n{rest}\nof:\n{text}");
        rest = &rest[place.unwrap() + part.len()..];
    }
}

/// Nothing that a screen reader stumbles over.
fn is_plain(text: &str) {
    let steers = |sign: char| (sign.is_control() && sign != '\n') || ('─'..='╿').contains(&sign);
    assert!(!text.contains(steers), "{text:?}");
}

const FAST: [&str; 3] = ["--plain", "--clock", "virtual"];

#[test]
fn from_the_menu_to_the_reply_and_the_next_one() {
    let (code, out, errors) = talk(&FAST, "2\n1\n1\nv\nq\n");
    assert_eq!((code, errors.as_str()), (Some(0), ""), "{out}");
    is_plain(&out);
    in_order(
        &out,
        &[
            "a. the loop: 12 scenarios, 1 to 12\n",
            "c. cpu, processes: 11 scenarios, 25 to 33, 78 to 79\n",
            "Menu> ",
            "Scenario 2, blocking-sleep: time.sleep() inside async def\n",
            "5     time.sleep(5)\n",
            "0.02s: B, from tab 2, asks for /ping\n",
            "Prediction: ",
            "Your prediction> ",
            "0.00s: A prints Hello.\n",
            "0.10s: Found, blocked loop: A held the loop",
            "5.00s: B is let in.\n",
            "The run is over",
            "The result.\n",
            "What to change: ",
            "Question: ",
            "Your reason> ",
            "You said 1, ",
            "The answer is ",
            "Next is 3, awaited-sleep",
            "What next> ",
            "Scenario 3, awaited-sleep",
        ],
    );
}

#[test]
fn the_end_of_input_ends_it_quietly_wherever_one_is() {
    for typed in ["", "a\n", "2\n", "2\n\n", "2\nhands 1 2 3", "7\n\n\n"] {
        let (code, out, errors) = talk(&FAST, typed);
        assert_eq!((code, errors.as_str()), (Some(0), ""), "{typed:?}: {out}");
        assert!(out.ends_with("> \n"), "{typed:?}: {out:?}");
        is_plain(&out);
    }
}

#[test]
fn whatever_is_typed_it_goes_on() {
    let typed = "\u{1b}[A\n\u{7}\n\u{0}\n;DROP\n99\n/\n/\u{202e}\n2\n0\n9\n1 2 3\n=\nrequests=\n=5\nhands\nfirst\nfirst 9\nc\nc\nk\nall\nshort\nwords\nm\nq\n";
    let (code, out, errors) = talk(&FAST, typed);
    assert_eq!((code, errors.as_str()), (Some(0), ""), "{out}");
    is_plain(&out);
    let long = "x".repeat(100_000);
    let (code, out, _) = talk(&FAST, &format!("{long}\nq\n"));
    assert_eq!(code, Some(0));
    is_plain(&out);
}

#[test]
fn one_scenario_is_asked_for_by_name() {
    let args = [
        "run",
        "gather-order",
        "--plain",
        "--ask",
        "--clock",
        "virtual",
    ];
    let (code, out, errors) = talk(&args, "\n");
    assert_eq!((code, errors.as_str()), (Some(0), ""), "{out}");
    in_order(
        &out,
        &["Scenario 7, gather-order", "The run is over", "The result."],
    );
    assert!(!out.contains("Menu> "), "{out}");
}

#[test]
fn a_wrong_file_is_told_with_its_mistakes_and_the_menu_stays() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("wrong.toml");
    std::fs::write(&file, "titel = 5\n").unwrap();
    let (code, out, _) = talk(&FAST, &format!("{}\nq\n", file.display()));
    assert_eq!(code, Some(0));
    in_order(
        &out,
        &[
            "wrong.toml has",
            "Line 1, column 1: ",
            "What to do: ",
            "Menu> ",
        ],
    );
    assert!(!out.contains("-->") && !out.contains("^^"), "{out}");
    let (_, out, _) = talk(&FAST, "nowhere.toml\nq\n");
    in_order(&out, &["nowhere.toml cannot be read", "Menu> "]);
}

#[test]
fn knobs_and_every_event_are_there_for_who_wants_them() {
    let (code, out, _) = talk(&FAST, "19\nrequests=3\nall\n\nq\n");
    assert_eq!(code, Some(0));
    in_order(
        &out,
        &[
            "Knob requests is 100",
            "requests is 3 from the next run on.",
            "every event is a line",
            "asks for /sync",
            "The result.",
        ],
    );
    assert_eq!(out.matches(" asks for /sync").count(), 3, "{out}");
}

#[test]
fn flags_that_mean_nothing_together_are_refused_in_a_sentence() {
    for (args, part) in [
        (&["--plain", "run", "2"][..], "before a command"),
        (&["--speed", "2", "list"], "before a command"),
        (&["run", "2", "--ask"], "--plain"),
    ] {
        let (code, _, errors) = talk(args, "");
        assert_eq!(code, Some(2), "{errors}");
        assert!(errors.contains(part), "{errors}");
    }
}

/// A dialogue that is still going on.
struct Going {
    child: Child,
    typed: ChildStdin,
    out: BufReader<ChildStdout>,
    home: tempfile::TempDir,
}

impl Going {
    fn start(args: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut child = command(home.path(), args).spawn().unwrap();
        Self {
            typed: child.stdin.take().unwrap(),
            out: BufReader::new(child.stdout.take().unwrap()),
            child,
            home,
        }
    }

    fn types(&mut self, line: &str) {
        self.typed.write_all(line.as_bytes()).unwrap();
        self.typed.flush().unwrap();
    }

    fn hears(&mut self, words: &str) {
        let mut line = String::new();
        let mut all = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(
                self.out.read_line(&mut line).unwrap(),
                0,
                "no {words:?} in {all}"
            );
            all.push_str(&line);
        }
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    fn ends(mut self) -> Option<i32> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30) {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(self.home.path().is_dir());
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.child.kill().unwrap();
        panic!("it does not end");
    }
}

#[test]
fn ctrl_c_stops_a_run_and_a_second_one_quits() {
    let mut going = Going::start(&["--plain"]);
    going.types("2\n\n");
    going.hears("A prints Hello");
    going.signal(Signal::INT);
    going.hears("Stopped by Ctrl-C.");
    going.hears("The result.");
    going.types("words\n");
    going.hears("heartbeat: ");
    going.signal(Signal::INT);
    assert_eq!(going.ends(), Some(130));
}

#[test]
fn other_signals_end_it_at_once() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        // Under `nohup` it is ignored, and stays so.
        if is_ignored(signal.as_raw()) {
            continue;
        }
        let mut going = Going::start(&["--plain"]);
        going.types("2\n\n");
        going.hears("A prints Hello");
        going.signal(signal);
        assert_eq!(going.ends(), Some(code));
    }
}

#[test]
fn a_reader_who_leaves_ends_it_quietly() {
    let mut going = Going::start(&["--plain", "--speed", "20"]);
    going.types("2\n\n");
    going.hears("A prints Hello");
    let Going {
        mut child,
        typed,
        out,
        home,
    } = going;
    drop(out);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut errors = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    assert_eq!(errors, "");
    drop((typed, home));
}

#[test]
fn a_dumb_terminal_gets_lines_by_itself() {
    let home = tempfile::tempdir().unwrap();
    for (args, first) in [
        (&["--clock", "virtual"][..], "Menu> "),
        (&["run", "2", "--clock", "virtual"], "Your prediction> "),
    ] {
        let pty = portable_pty::native_pty_system();
        let pair = pty.openpty(portable_pty::PtySize::default()).unwrap();
        let mut command = portable_pty::CommandBuilder::new(env!("CARGO_BIN_EXE_loopscope"));
        command.args(args);
        command.cwd(home.path());
        command.env("TERM", "dumb");
        command.env("HOME", home.path());
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut keys = pair.master.take_writer().unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let text = std::thread::spawn(move || {
            let mut text = Vec::new();
            // At its end a pseudo-terminal gives an error, not an empty read.
            drop(reader.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });
        keys.write_all(b"2\n1\nq\nq\n").unwrap();
        assert_eq!(child.wait().unwrap().exit_code(), 0);
        drop(keys);
        let text = text.join().unwrap();
        in_order(
            &text,
            &[
                "This terminal cannot draw (TERM=dumb)",
                first,
                "The result.",
            ],
        );
        is_plain(&text.replace('\r', ""));
    }
}
