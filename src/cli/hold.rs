//! `--hold`: an ended run stays alive until somebody has seen enough of it.

use std::io::{self, BufRead, IsTerminal};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::failure::say;
use super::signals::Signals;
use loopscope_protocol::request::{Client, Request};

/// How often signals are looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// Waits for a line on stdin or for a signal, and then ends the run. Gives the signal. Where stdin
/// has ended already, nobody can press a key there, and only a signal counts.
pub(super) fn keep(client: &Client, signals: &Signals) -> Option<i32> {
    let keyboard = io::stdin().is_terminal();
    let how = if keyboard {
        "Enter or Ctrl-C"
    } else {
        "a line on stdin or SIGTERM"
    };
    say(format!(
        "loopscope: the run is over and its runtime is held; {how} ends it"
    ));
    let (pressed, presses) = channel();
    // Reading cannot be interrupted, so it has a thread that the end of the process takes along.
    let reader = thread::Builder::new()
        .name("stdin".to_owned())
        .spawn(move || {
            let mut line = String::new();
            if io::stdin()
                .lock()
                .read_line(&mut line)
                .is_ok_and(|read| read > 0)
            {
                let _ = pressed.send(());
            } else {
                // Kept, so that the end of stdin is not taken for a key.
                thread::park();
                drop(pressed);
            }
        });
    let ended = loop {
        match presses.recv_timeout(GLANCE) {
            Ok(()) => break None,
            Err(RecvTimeoutError::Disconnected) if reader.is_ok() => break None,
            Err(RecvTimeoutError::Disconnected) => thread::sleep(GLANCE),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(signal) = signals.seen() {
            break Some(signal);
        }
    };
    // Fails only where the run is gone with its application.
    let _ = client.requests.send(Request::Stop);
    ended
}
