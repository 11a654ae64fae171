//! Any keys at any size on a real terminal: the program lives until it is told to go, gives the
//! terminal back, and leaves a recording that can be read.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::alone::one_at_a_time;
use std::io::Write;
use std::process::Command;
use std::time::Duration;

use crate::common::terminal::{Terminal, folders};

/// All that a keyboard and a clicker send, but for Ctrl-C and Ctrl-Z.
const KEYS: &[&str] = &[
    " ",
    "\r",
    "\r",
    "\x1b",
    "\t",
    "\x1b[Z",
    "\x7f",
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[H",
    "\x1b[F",
    "\x1b[5~",
    "\x1b[6~",
    "\x1b[6~",
    "\x1b[3~",
    "\x0c",
    "1",
    "2",
    "3",
    "4",
    "5",
    "7",
    "0",
    "n",
    "N",
    ",",
    ".",
    "<",
    ">",
    "+",
    "-",
    "f",
    "(",
    ")",
    "g",
    "/",
    "u",
    "o",
    "s",
    "R",
    "S",
    "v",
    "V",
    "i",
    "w",
    "r",
    "k",
    "j",
    "K",
    "G",
    "p",
    "h",
    "c",
    "a",
    "b",
    "t",
    "m",
    "T",
    "E",
    "z",
    "J",
    "K",
    "y",
    "?",
    "e",
    "x",
    "d",
    "D",
    "l",
    "L",
    "j",
    "C",
    "q",
    "ä",
    "\u{1f600}",
    "\x1b[200~paste\x1b[201~",
    "\x1b[<0;30;9M",
    "\x1b[<64;9;9M",
];

const SIZES: &[(u16, u16)] = &[(24, 80), (40, 120), (15, 60), (10, 40), (3, 9), (60, 200)];

/// The same numbers for the same seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

fn play(seed: u64) {
    let home = tempfile::tempdir().unwrap();
    let target = home.path().join("run.jsonl");
    let record = target.to_str().unwrap();
    let args = [
        "run",
        "blocking-sleep",
        "--clock",
        "virtual",
        "--record",
        record,
    ];
    let environment = [("EDITOR", "true"), ("VISUAL", "true")];
    let mut terminal = Terminal::at_home(home.path(), &args, &environment);
    terminal.sees("In which order");
    terminal.press("2\r");
    let mut numbers = Numbers(seed);
    let mut pressed = String::new();
    for _ in 0..80 {
        if numbers.below(12) == 0 {
            let (rows, columns) = SIZES[numbers.below(SIZES.len())];
            terminal.resize(rows, columns);
        }
        let key = KEYS[numbers.below(KEYS.len())];
        pressed.push_str(&format!("{key:?} "));
        // It may have been told to go: `q` in the menu.
        if terminal.child.try_wait().unwrap().is_some() {
            break;
        }
        let _ = terminal.keys.write_all(key.as_bytes());
        let _ = terminal.keys.flush();
        std::thread::sleep(Duration::from_millis(8));
    }
    let _ = terminal.keys.write_all(b"\x03");
    let _ = terminal.keys.flush();
    let status = terminal.ends();
    assert!(
        status.success(),
        "{status:?} after {pressed}\n{}",
        terminal.contents()
    );
    terminal.is_given_back();
    if target.exists() {
        let replay = Command::new(env!("CARGO_BIN_EXE_loopscope"))
            .args(["replay", record, "--json"])
            .envs(folders(home.path()))
            .output()
            .unwrap();
        assert!(replay.status.success(), "{replay:?} after {pressed}");
    }
}

#[test]
fn any_keys_leave_the_terminal_whole() {
    let _turn = one_at_a_time();
    for seed in [3, 14, 159, 2_653, 58_979, 323_846] {
        play(seed);
    }
}
