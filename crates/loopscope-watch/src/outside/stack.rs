//! Requests the call stack of a thread by a signal. faulthandler writes it in C, also while another thread holds CPython's lock.

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

/// The answers of a process to those who ask its threads.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Up to where they were read.
    read: u64,
    /// The thread that was asked last and has not answered in time.
    owing: Option<u32>,
}

impl Answers {
    /// The frames of a thread, the innermost first; empty where it does not answer in time. What it answers later is
    /// found the next time it is asked.
    pub(crate) fn ask(&mut self, thread: u32, signal: i32, answers: &File) -> Vec<Frame> {
        if self.owing.take() == Some(thread) {
            let late = self.rest(answers);
            if !late.is_empty() {
                return late;
            }
        }
        self.read = length(answers);
        if !send(thread, signal) {
            return Vec::new();
        }
        let start = Instant::now();
        let mut seen = self.read;
        loop {
            thread::sleep(PAUSE);
            let now = length(answers);
            let is_whole = now > self.read && now == seen;
            if is_whole || start.elapsed() > PATIENCE {
                break;
            }
            seen = now;
        }
        let frames = self.rest(answers);
        self.owing = frames.is_empty().then_some(thread);
        frames
    }

    /// What was answered since.
    fn rest(&mut self, answers: &File) -> Vec<Frame> {
        let mut bytes = vec![0; length(answers).saturating_sub(self.read).min(LONGEST) as usize];
        let count = answers.read_at(&mut bytes, self.read).unwrap_or(0);
        self.read += count as u64;
        frames::parse(&String::from_utf8_lossy(&bytes[..count]))
    }
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
