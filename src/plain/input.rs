//! Lines from stdin, and the signals that come instead of one.

use std::io::{BufRead, IsTerminal, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;
use std::{io, thread};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

use crate::app::signals;

/// How often signals are looked at.
pub(crate) const GLANCE: Duration = Duration::from_millis(20);

/// The longest line; the rest of a longer one counts as another.
const LONGEST: u64 = 4096;

/// The most lines that may be typed ahead.
const AHEAD: usize = 16;

/// What came instead of silence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// A line, without its end.
    Line(String),
    /// The input has ended.
    End,
    /// A signal.
    Signal(i32),
}

/// The lines that are typed.
#[derive(Debug)]
pub(crate) struct Input {
    lines: Receiver<String>,
    /// Whether what is typed is seen by itself, end of line included.
    pub(crate) echoes: bool,
}

impl Input {
    /// Begins to read. Reading cannot be interrupted, so it has a thread that the end of the
    /// process takes along.
    pub(crate) fn open() -> Self {
        let (typed, lines) = sync_channel(AHEAD);
        // Without the thread no line can come, and the dialogue ends as at the end of input.
        drop(
            thread::Builder::new()
                .name("stdin".to_owned())
                .spawn(move || {
                    while let Some(line) = read() {
                        if typed.send(line).is_err() {
                            return;
                        }
                    }
                }),
        );
        Self {
            lines,
            echoes: io::stdin().is_terminal(),
        }
    }

    /// Waits for a line or a signal.
    pub(crate) fn next(&self, signals: &Signals) -> Came {
        loop {
            match self.lines.recv_timeout(GLANCE) {
                Ok(line) => return Came::Line(line),
                Err(RecvTimeoutError::Disconnected) => return Came::End,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Some(signal) = signals.take() {
                return Came::Signal(signal);
            }
        }
    }
}

fn read() -> Option<String> {
    let mut bytes = Vec::new();
    let read = io::stdin()
        .lock()
        .take(LONGEST)
        .read_until(b'\n', &mut bytes);
    match read {
        Ok(count) if count > 0 => Some(String::from_utf8_lossy(&bytes).trim_end().to_owned()),
        _ => None,
    }
}

/// Signals of a dialogue: Ctrl-C stops a run first, the others end the program.
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: Arc<AtomicBool>,
    end: signals::Signals,
}

impl Signals {
    /// Begins to listen. Where the system refuses, a signal ends the process as ever.
    pub(crate) fn listen() -> Self {
        let interrupt = Arc::new(AtomicBool::new(false));
        drop(flag::register(SIGINT, Arc::clone(&interrupt)));
        let end = signals::Signals::but_interrupt();
        Self { interrupt, end }
    }

    /// The signal that has come since the last call, if one has.
    pub(crate) fn take(&self) -> Option<i32> {
        let interrupted = || {
            let came = self.interrupt.swap(false, Ordering::Relaxed);
            came.then_some(SIGINT)
        };
        self.end.seen().or_else(interrupted)
    }
}
