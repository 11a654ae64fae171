//! The real binary on a pseudo-terminal, with a home of its own.
#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    reason = "shared by several test binaries, which stop at the first surprise"
)]

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// Two slow cores, shared: nothing here is a measurement.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A program on a terminal.
pub struct Terminal {
    pub master: Box<dyn MasterPty + Send>,
    pub child: Box<dyn Child + Send + Sync>,
    pub keys: Box<dyn Write + Send>,
    pub screen: Arc<Mutex<vt100::Parser>>,
    pub bytes: Arc<Mutex<Vec<u8>>>,
    /// The terminal's modes before the program.
    modes: String,
    /// The number of the program, which leads the session of all that it starts.
    leader: u32,
    /// The home that is gone with the terminal, where it has one of its own.
    _home: Option<tempfile::TempDir>,
}

/// Where a program finds its folders in `home`, so that no test touches those of whoever runs it.
pub fn folders(home: &Path) -> [(&'static str, PathBuf); 5] {
    [
        ("HOME", home.to_owned()),
        ("XDG_CONFIG_HOME", home.join("config")),
        ("XDG_DATA_HOME", home.join("data")),
        ("XDG_STATE_HOME", home.join("state")),
        ("XDG_RUNTIME_DIR", home.to_owned()),
    ]
}

pub fn size(rows: u16, cols: u16) -> PtySize {
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

/// Every mode that the terminal's driver has: echo, signals, lines.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

/// Waits until it holds.
pub fn waits(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

impl Terminal {
    /// Starts it at 80x24 with an empty home of its own.
    pub fn start(args: &[&str], environment: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = Self::at_home(home.path(), args, environment);
        terminal._home = Some(home);
        terminal
    }

    /// Starts it at 80x24 with this home.
    pub fn at_home(home: &Path, args: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_loopscope"));
        command.args(args);
        Self::spawn(home, command, environment)
    }

    /// Starts a command, ours or one that starts ours, at 80x24 with this home.
    pub fn spawn(home: &Path, mut command: CommandBuilder, environment: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size(24, 80)).unwrap();
        // What is written into the current folder is gone with the home.
        command.cwd(home);
        command.env("TERM", "xterm-256color");
        // A backtrace of the one who runs the tests would push the message off the screen.
        command.env("RUST_BACKTRACE", "0");
        command.env_remove("NO_COLOR");
        command.env_remove("COLORFGBG");
        for (name, folder) in folders(home) {
            command.env(name, folder);
        }
        for (name, value) in environment {
            command.env(name, value);
        }
        let modes = modes(&*pair.master);
        let child = pair.slave.spawn_command(command).unwrap();
        let leader = child.process_id().unwrap();
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
            modes,
            leader,
            _home: None,
        }
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn contents(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    pub fn sees(&self, words: &str) {
        self.until(&format!("{words:?} on the screen"), |screen| {
            screen.contents().contains(words)
        });
    }

    pub fn until(&self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) {
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

    pub fn resize(&self, rows: u16, columns: u16) {
        self.master.resize(size(rows, columns)).unwrap();
        let mut screen = self.screen.lock().unwrap();
        screen.screen_mut().set_size(cells(rows), cells(columns));
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.process_id().unwrap()).unwrap()).unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// The state letter of the process: `T` while it is stopped.
    pub fn state(&self) -> char {
        let path = format!("/proc/{}/stat", self.pid().as_raw_nonzero());
        let line = std::fs::read_to_string(path).unwrap_or_default();
        let after = line.rsplit(") ").next().unwrap_or("");
        after.chars().next().unwrap_or('?')
    }

    pub fn ends(&mut self) -> ExitStatus {
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
    pub fn is_given_back(&self) {
        self.until("terminal given back", |screen| {
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
        waits("the terminal's modes as they were", || {
            modes(&*self.master) == self.modes
        });
    }

    /// No process that it has started, or that these have, is left.
    pub fn leaves_no_process(&self) {
        waits("no process of its session", || self.session().is_empty());
    }

    /// The processes of its session, each with its state letter.
    pub fn session(&self) -> Vec<(String, char)> {
        let leader = self.leader.to_string();
        let mut found = Vec::new();
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            let after = stat.rsplit(") ").next().unwrap_or("");
            let fields: Vec<&str> = after.split(' ').collect();
            if fields.get(3) == Some(&&*leader) {
                let name = entry.file_name().to_string_lossy().into_owned();
                found.push((name, fields[0].chars().next().unwrap_or('?')));
            }
        }
        found
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
