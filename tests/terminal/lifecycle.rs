//! The real binary on a pseudo-terminal: first frame, keys, sizes, signals, panics, Ctrl-Z.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::alone::one_at_a_time;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::common::terminal::{PATIENCE, Terminal, size};
use rustix::process::Signal;

fn stage(environment: &[(&str, &str)]) -> Terminal {
    let terminal = Terminal::start(&["run", "blocking-sleep"], environment);
    terminal.sees("In which order");
    terminal
}

#[test]
fn from_the_menu_to_a_run_and_back() {
    let _turn = one_at_a_time();
    let mut terminal = Terminal::start(&[], &[]);
    terminal.sees("02 blocking-sleep");
    terminal.press("\r");
    terminal.sees("your prediction");
    terminal.press("2\r");
    terminal.sees("live");
    terminal.press(" ");
    terminal.sees("paused: the run goes on");
    terminal.press("q");
    terminal.sees("Esc goes back to the run");
    terminal.press("q");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn every_size_is_survived() {
    let _turn = one_at_a_time();
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
    let _turn = one_at_a_time();
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
    let _turn = one_at_a_time();
    let mut terminal = stage(&[]);
    terminal.press(" ");
    terminal.sees("live");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn signals_end_it_cleanly() {
    let _turn = one_at_a_time();
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
    let _turn = one_at_a_time();
    let mut terminal = stage(&[("LOOPSCOPE_PANIC", "ui")]);
    terminal.press("Z");
    assert_eq!(terminal.ends().exit_code(), 101);
    terminal.is_given_back();
    terminal.sees("wanted by LOOPSCOPE_PANIC");
}

#[test]
fn a_panic_of_another_thread_is_a_sentence() {
    let _turn = one_at_a_time();
    let mut terminal = stage(&[("LOOPSCOPE_PANIC", "run")]);
    terminal.sees("pool-1 panicked");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn ctrl_z_goes_to_the_shell_and_back() {
    let _turn = one_at_a_time();
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
    let _turn = one_at_a_time();
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
    let _turn = one_at_a_time();
    let mut terminal = stage(&[]);
    // With a key taken from it, `q` or `b` would leave the question.
    terminal.press("\u{1b}]11;rgb:ffff/ffff/ffff\u{1b}\\");
    std::thread::sleep(Duration::from_millis(200));
    assert!(terminal.contents().contains("In which order"));
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
}

#[test]
fn released_keys_are_none() {
    let _turn = one_at_a_time();
    let mut terminal = stage(&[]);
    // As a terminal tells it that speaks of releases: `q` would leave the question.
    terminal.press("\u{1b}[113;1:3u");
    std::thread::sleep(Duration::from_millis(200));
    assert!(terminal.contents().contains("In which order"));
    terminal.press("\u{1b}[113;1:1u");
    terminal.sees("02 blocking-sleep");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
}

/// The colors of the letters on the screen.
fn inks(terminal: &Terminal) -> BTreeSet<String> {
    let screen = terminal.screen.lock().unwrap();
    let places = (0..24).flat_map(|row| (0..80).map(move |column| (row, column)));
    places
        .filter_map(|(row, column)| screen.screen().cell(row, column))
        .filter(|cell| cell.has_contents())
        .map(|cell| format!("{:?}", cell.fgcolor()))
        .collect()
}

#[test]
fn the_last_number_of_colorfgbg_is_the_background() {
    let _turn = one_at_a_time();
    let [light, dark] = ["light", "dark"].map(|theme| {
        let args = ["run", "blocking-sleep", "--theme", theme];
        let terminal = Terminal::start(&args, &[]);
        terminal.sees("In which order");
        inks(&terminal)
    });
    assert_ne!(light, dark);
    for (value, expected) in [
        ("0;15", &light),
        ("0;default;7", &light),
        ("15;0", &dark),
        ("", &dark),
    ] {
        let terminal = stage(&[("COLORFGBG", value)]);
        assert_eq!(&inks(&terminal), expected, "{value:?}");
    }
}

#[test]
fn a_port_in_use_is_said_on_the_screen_and_the_run_goes_on() {
    let _turn = one_at_a_time();
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
    let _turn = one_at_a_time();
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

#[test]
fn a_knob_is_turned_and_the_run_is_a_point() {
    let _turn = one_at_a_time();
    let mut terminal = Terminal::start(&["run", "four-routes-sync", "--speed", "20"], &[]);
    terminal.sees("your prediction");
    terminal.press("K");
    terminal.sees("knobs of the next run");
    terminal.press("\x1b[B50\r");
    terminal.sees("\u{25cf} 50 threads");
    terminal.sees("hurried");
    terminal.press("S");
    terminal.sees("\u{25cf} 100 threads");
    terminal.sees("computed");
    terminal.press("q");
    terminal.sees("Esc goes back to the run");
    terminal.press("q");
    assert!(terminal.ends().success());
    terminal.is_given_back();
}

#[test]
fn the_cursor_stands_at_the_selected_row_and_the_shape_is_given_back() {
    let _turn = one_at_a_time();
    let mut terminal = Terminal::start(&[], &[]);
    terminal.sees("02 blocking-sleep");
    let follows = |terminal: &Terminal, what: &str, sign: &str| {
        terminal.until(what, |screen| {
            let (row, column) = screen.cursor_position();
            let under = screen.cell(row, column).map(vt100::Cell::contents);
            !screen.hide_cursor() && under == Some(sign)
        });
    };
    follows(&terminal, "cursor at the scenario", "\u{25ba}");
    terminal.press("\r");
    terminal.sees("your prediction");
    terminal.press("2");
    follows(&terminal, "cursor at the second answer", "\u{25ba}");
    terminal.press("\r");
    terminal.sees("live");
    terminal.until("no cursor", vt100::Screen::hide_cursor);
    terminal.press("\x1b[B");
    follows(&terminal, "cursor at the first lane", "A");
    terminal.press("\u{3}");
    assert!(terminal.ends().success());
    terminal.is_given_back();
    let bytes = terminal.bytes.lock().unwrap();
    let last = |sequence: &[u8]| bytes.windows(sequence.len()).rposition(|at| at == sequence);
    let (steady, usual) = (last(b"\x1b[4 q"), last(b"\x1b[0 q"));
    assert!(steady.is_some() && steady < usual, "{steady:?} {usual:?}");
}
