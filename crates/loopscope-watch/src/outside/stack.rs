//! Asks a thread for its call stack: a signal, which faulthandler answers in C, whoever has the interpreter's lock.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};

use crate::outside::frames::{self, Frame};

/// The flag by which a pidfd is one of a thread (Linux 6.9): `PIDFD_THREAD`, the value of `O_EXCL`.
const OF_A_THREAD: u32 = 0o200;
/// How long an answer is waited for, and how long one is not finished while more comes.
const PATIENCE: Duration = Duration::from_millis(8);
const PAUSE: Duration = Duration::from_micros(300);
/// The longest answer that is read, in bytes.
const LONGEST: u64 = 256 * 1024;

/// The frames of a thread, the innermost first; empty where it did not answer in time. `from` is where its answers have
/// been read up to.
pub(crate) fn ask(thread: u32, signal: i32, answers: &File, from: &mut u64) -> Vec<Frame> {
    // What came too late to a question before is no answer to this one.
    *from = length(answers);
    if !send(thread, signal) {
        return Vec::new();
    }
    let start = Instant::now();
    let mut seen = *from;
    loop {
        thread::sleep(PAUSE);
        let now = length(answers);
        let is_whole = now > *from && now == seen;
        if is_whole || start.elapsed() > PATIENCE {
            break;
        }
        seen = now;
    }
    let mut bytes = vec![0; (length(answers) - *from).min(LONGEST) as usize];
    let count = answers.read_at(&mut bytes, *from).unwrap_or(0);
    *from += count as u64;
    frames::parse(&String::from_utf8_lossy(&bytes[..count]))
}

fn length(file: &File) -> u64 {
    file.metadata().map_or(0, |data| data.len())
}

/// Sends a signal to one thread. Where the kernel has no descriptors of threads, to its process by the thread's number:
/// Linux then prefers that thread.
fn send(thread: u32, signal: i32) -> bool {
    let Some(signal) = Signal::from_named_raw(signal) else {
        return false;
    };
    let Some(thread) = i32::try_from(thread).ok().and_then(Pid::from_raw) else {
        return false;
    };
    match pidfd_open(thread, PidfdFlags::from_bits_retain(OF_A_THREAD)) {
        Ok(thread) => pidfd_send_signal(thread, signal).is_ok(),
        Err(_) => kill_process(thread, signal).is_ok(),
    }
}
