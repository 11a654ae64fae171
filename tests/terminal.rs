//! The real binary on a pseudo-terminal: first frame, keys, sizes, signals, panics, Ctrl-Z.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// Two slow cores, shared: nothing here is a measurement.
const PATIENCE: Duration = Duration::from_secs(30);

struct Terminal {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
    bytes: Arc<Mutex<Vec<u8>>>,
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

impl Terminal {
    fn start(args: &[&str], environment: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size(24, 80)).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_loopscope"));
        command.args(args);
        command.env("TERM", "xterm-256color");
        // A backtrace of the one who runs the tests would push the message off the screen.
        command.env("RUST_BACKTRACE", "0");
        command.env_remove("NO_COLOR");
        command.env_remove("COLORFGBG");
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(24), cells(80), 0)));
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (seen, kept) = (Arc::clone(&screen), Arc::clone(&bytes));
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 {
                    break;
                }
                seen.lock().unwrap().process(&buffer[..count]);
                kept.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self {
            master: pair.master,
            child,
            keys,
            screen,
            bytes,
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn contents(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    fn sees(&self, words: &str) {
        self.until(&format!("{words:?} on the screen"), |screen| {
            screen.contents().contains(words)
        });
    }

    fn until(&self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) {
        let start = Instant::now();
        while !holds(self.screen.lock().unwrap().screen()) {
            assert!(
                start.elapsed() < PATIENCE,
                "no {what} in:\n{}",
                self.contents()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn resize(&self, rows: u16, columns: u16) {
        self.master.resize(size(rows, columns)).unwrap();
        let mut screen = self.screen.lock().unwrap();
        screen.screen_mut().set_size(cells(rows), cells(columns));
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.process_id().unwrap()).unwrap()).unwrap()
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// The state letter of the process: `T` while it is stopped.
    fn state(&self) -> char {
        let path = format!("/proc/{}/stat", self.pid().as_raw_nonzero());
        let line = std::fs::read_to_string(path).unwrap_or_default();
        let after = line.rsplit(") ").next().unwrap_or("");
        after.chars().next().unwrap_or('?')
    }

    fn ends(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "it does not end:\n{}",
                self.contents()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Nothing of what was switched on is left on.
    fn is_given_back(&self) {
        self.until("terminal given back", |screen| {
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn stage(environment: &[(&str, &str)]) -> Terminal {
    let terminal = Terminal::start(&["run", "blocking-sleep"], environment);
    terminal.sees("In which order");
    terminal
}

#[test]
fn from_the_menu_to_a_run_and_back() {
    let mut terminal = Terminal::start(&[], &[]);
    terminal.sees("02 blocking-sleep");
    terminal.press("\r");
    terminal.sees("your prediction");
    terminal.press("2\r");
    terminal.sees("live");
    terminal.press(" ");
    terminal.sees("paused: the run goes on");
    terminal.press("q");
    terminal.sees("space goes back to the run");
    terminal.press("q");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn every_size_is_survived() {
    let mut terminal = stage(&[]);
    terminal.press(" ");
    terminal.sees("live");
    for (rows, columns) in [(5, 20), (1, 1), (12, 40), (40, 120), (15, 60), (24, 80)] {
        terminal.resize(rows, columns);
        std::thread::sleep(Duration::from_millis(120));
    }
    terminal.resize(5, 20);
    terminal.sees("40x10");
    terminal.resize(24, 80);
    terminal.sees("keys");
    terminal.press("qq");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn a_window_without_a_size_is_survived() {
    let mut terminal = stage(&[]);
    terminal.master.resize(size(0, 0)).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    terminal.resize(24, 80);
    terminal.press("c");
    terminal.sees("Rust");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
}

#[test]
fn ctrl_c_quits_in_the_middle_of_a_block() {
    let mut terminal = stage(&[]);
    terminal.press(" ");
    terminal.sees("live");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn signals_end_it_cleanly() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut terminal = stage(&[]);
        terminal.signal(signal);
        let status = terminal.ends();
        let named = status.signal().is_some();
        assert!(
            named || status.exit_code() == code,
            "{signal:?}: {status:?}"
        );
        terminal.is_given_back();
    }
}

#[test]
fn a_panic_of_the_screen_gives_the_terminal_back_and_is_readable() {
    let mut terminal = stage(&[("LOOPSCOPE_PANIC", "ui")]);
    terminal.press("Z");
    assert_eq!(terminal.ends().exit_code(), 101);
    terminal.is_given_back();
    terminal.sees("wanted by LOOPSCOPE_PANIC");
}

#[test]
fn a_panic_of_another_thread_is_a_sentence() {
    let mut terminal = stage(&[("LOOPSCOPE_PANIC", "run")]);
    terminal.sees("pool-1 panicked");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn ctrl_z_goes_to_the_shell_and_back() {
    let mut terminal = stage(&[]);
    terminal.press("\u{1a}");
    terminal.is_given_back();
    let start = Instant::now();
    while terminal.state() != 'T' {
        assert!(start.elapsed() < PATIENCE, "it is not stopped");
        std::thread::sleep(Duration::from_millis(10));
    }
    terminal.signal(Signal::CONT);
    terminal.until("frame", |screen| {
        screen.alternate_screen() && screen.contents().contains("In which order")
    });
    terminal.press("q");
    terminal.sees("scenarios");
    terminal.press("q");
    assert!(terminal.ends().success());
}

#[test]
fn no_color_means_no_color_but_bold_stays() {
    let mut terminal = stage(&[("NO_COLOR", "1")]);
    terminal.press("\u{3}");
    terminal.ends();
    let bytes = terminal.bytes.lock().unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(
        !text.contains("38;5;") && !text.contains("48;5;"),
        "{text:?}"
    );
    assert!(text.contains("\u{1b}[1m"), "no bold in {text:?}");
}

#[test]
fn a_late_answer_about_the_background_is_no_keys() {
    let mut terminal = stage(&[]);
    // With a key taken from it, `q` or `b` would leave the question.
    terminal.press("\u{1b}]11;rgb:ffff/ffff/ffff\u{1b}\\");
    std::thread::sleep(Duration::from_millis(200));
    assert!(terminal.contents().contains("In which order"));
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
}

#[test]
fn a_port_in_use_is_said_on_the_screen_and_the_run_goes_on() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let flag = format!("--console={}", taken.local_addr().unwrap());
    let mut terminal = Terminal::start(&["run", "blocking-sleep", &flag], &[]);
    terminal.sees("In which order");
    terminal.press(" ");
    terminal.sees("in use");
    terminal.sees("tokio-console failed");
    terminal.sees("Hello");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn the_line_to_type_is_said_and_copied() {
    let flags = ["--console=127.0.0.1:0", "--hold"];
    let mut terminal = Terminal::start(&["run", "blocking-sleep", flags[0], flags[1]], &[]);
    terminal.sees("In which order");
    terminal.press(" ");
    terminal.sees("--retain-for none");
    terminal.press("y");
    terminal.sees("copied");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}
