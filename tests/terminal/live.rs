//! What the screen promises while a loop is blocked and every core is busy, on the real binary.
//!
//! The bounds are three times the aims: two slow cores may be shared, and this build is not optimized.
//! On a machine that others need besides they are told and not failed.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::alone::{measured, one_at_a_time};
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

/// Longer than anything takes that does not hang.
const PATIENCE: Duration = Duration::from_secs(30);
/// Aims, and by how much a busy machine may miss them.
const SLACK: u32 = 3;
const FRAMES_PER_SECOND: u32 = 20;
const ANSWER: Duration = Duration::from_millis(100);
const SHOWN: Duration = Duration::from_millis(50);
/// How many runs are started, and how many keys are pressed in each block.
const RUNS: usize = 6;
const KEYS: usize = 8;

/// A terminal that notes when each piece of output came.
struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    /// Pieces of output are kept apart by pauses; each is at least one frame.
    frames: Vec<Instant>,
    _master: Box<dyn portable_pty::MasterPty + Send>,
    /// So that nothing is kept in the home of whoever runs this.
    _home: tempfile::TempDir,
}

impl Terminal {
    fn start() -> Self {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_loopscope"));
        command.args(["run", "blocking-sleep"]);
        command.env("TERM", "xterm-256color");
        let home = tempfile::tempdir().unwrap();
        command.env("HOME", home.path());
        command.env("XDG_STATE_HOME", home.path());
        command.env("XDG_CONFIG_HOME", home.path());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender
                    .send((Instant::now(), buffer[..count].to_vec()))
                    .is_err()
                {
                    break;
                }
            }
        });
        Self {
            child,
            keys: pair.master.take_writer().unwrap(),
            output,
            screen: vt100::Parser::default(),
            frames: Vec::new(),
            _home: home,
            _master: pair.master,
        }
    }

    fn press(&mut self, keys: &str) -> Instant {
        let now = Instant::now();
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        now
    }

    /// Takes in output until `holds`; gives the moment at which the piece came that made it so.
    fn until(&mut self, what: &str, holds: impl Fn(&str) -> bool) -> Instant {
        let start = Instant::now();
        let contents = self.screen.screen().contents();
        if holds(&contents) {
            return start;
        }
        while let Ok((at, bytes)) = self.output.recv_timeout(PATIENCE) {
            self.take(at, &bytes);
            if holds(&self.screen.screen().contents()) {
                return at;
            }
            assert!(start.elapsed() < PATIENCE, "no {what}:\n{}", self.text());
        }
        panic!("no {what}:\n{}", self.text());
    }

    /// Takes in all output of so much time.
    fn watch(&mut self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok((at, bytes)) => self.take(at, &bytes),
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => panic!("it ended:\n{}", self.text()),
            }
        }
    }

    fn take(&mut self, at: Instant, bytes: &[u8]) {
        // A frame may come in several pieces, right after one another.
        let apart = |last: &Instant| at.duration_since(*last) > Duration::from_millis(4);
        if self.frames.last().is_none_or(apart) {
            self.frames.push(at);
        }
        self.screen.process(bytes);
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As many threads as this machine has cores compute for as long as this lives.
struct Burners(&'static AtomicBool);

impl Burners {
    fn start() -> Self {
        static STOP: AtomicBool = AtomicBool::new(false);
        STOP.store(false, Ordering::Relaxed);
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..cores.min(8) {
            std::thread::spawn(|| {
                let mut figure = 1_u64;
                while !STOP.load(Ordering::Relaxed) {
                    for _ in 0..10_000 {
                        figure = std::hint::black_box(figure.wrapping_mul(31).rotate_left(7));
                    }
                }
            });
        }
        Self(&STOP)
    }
}

impl Drop for Burners {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What 95 of 100 do not exceed; with few values, all but the greatest.
fn usual(values: &mut [Duration]) -> Duration {
    values.sort();
    let least = values.len().saturating_sub(2);
    values[(values.len() * 95 / 100).min(least)]
}

#[test]
fn the_screen_lives_while_the_loop_is_blocked_and_the_cores_are_busy() {
    let _turn = one_at_a_time();
    measured(lives);
}

/// Six runs, each with keys while its loop is blocked; what took too long.
fn lives() -> Result<(), String> {
    let burners = Burners::start();
    let mut terminal = Terminal::start();
    terminal.until("question", |text| text.contains("In which order"));
    let (mut shown, mut answers, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        // The key starts the run, and the run starts with the block.
        let pressed = terminal.press(if run == 0 { "\r" } else { "r" });
        let at = terminal.until("block", |text| {
            text.contains("║ ▓ A") && text.contains("live   0.")
        });
        shown.push(at.duration_since(pressed));

        terminal.frames.clear();
        let second = Duration::from_secs(1);
        terminal.watch(second);
        rates.push(u32::try_from(terminal.frames.len()).unwrap());

        for _ in 0..KEYS {
            let rust = terminal.text().contains("code  Rust");
            let pressed = terminal.press("c");
            let wanted = if rust { "code  Python" } else { "code  Rust" };
            let at = terminal.until(wanted, |text| text.contains(wanted));
            answers.push(at.duration_since(pressed));
        }
        if !terminal.text().contains("║ ▓ A") {
            return Err(format!("the block is over already:\n{}", terminal.text()));
        }
    }
    terminal.press("\u{3}");
    drop(burners);

    rates.sort_unstable();
    let rate = rates[rates.len() / 2];
    let (shown, answers) = (usual(&mut shown), usual(&mut answers));
    println!("{rate} frames a second, a key after {answers:?}, a block after {shown:?}");
    // The key that starts the run has to be answered first.
    let most = (ANSWER * SLACK, (SHOWN + ANSWER) * SLACK);
    if rate >= FRAMES_PER_SECOND / SLACK && answers <= most.0 && shown <= most.1 {
        return Ok(());
    }
    Err(format!(
        "{rate} frames a second, a key after {answers:?}, a block after {shown:?}"
    ))
}
