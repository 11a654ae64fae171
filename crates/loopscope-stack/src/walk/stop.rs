//! Stops a thread that runs, for as long as it takes to read its registers and the top of its stack.
//!
//! The thread is seized and not attached: nothing is sent to it, and it goes on by itself as soon as the thread that
//! seized it ends, however it ends. `PTRACE_O_EXITKILL` is never set.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;

use crate::arch::{Registers, registers};

/// How long a thread that does not stop is waited for: on a busy machine it stops once it is its turn to run. For how long
/// without a pause, and the pause.
const PATIENCE: Duration = Duration::from_millis(50);
const AT_ONCE: Duration = Duration::from_millis(1);
const PAUSE: Duration = Duration::from_micros(100);
/// What stands above the signal where a thread stopped because it was asked to.
const ASKED: i32 = libc::PTRACE_EVENT_STOP;

/// What was read of a thread while it was stopped.
pub(crate) struct Stopped {
    pub(crate) registers: Registers,
    /// From its stack pointer upwards.
    pub(crate) stack: Vec<u8>,
    /// For how long it was stopped, at most.
    pub(crate) length: Duration,
}

/// Threads that were seized and did not stop in time, or are about to end: let go as soon as they do.
#[derive(Debug, Default)]
pub(crate) struct Seized(Vec<Pid>);

impl Seized {
    /// Stops a thread, reads up to `most` bytes of its stack, and lets it go on; `None` where it has ended, may not be
    /// stopped, or does not stop in time.
    pub(crate) fn read(&mut self, tid: u32, memory: &File, most: usize) -> Option<Stopped> {
        self.let_go();
        let thread = Pid::from_raw(i32::try_from(tid).ok()?);
        if self.0.contains(&thread) {
            return None;
        }
        let from = Instant::now();
        ptrace::seize(thread, Options::empty()).ok()?;
        let signal = ptrace::interrupt(thread).ok().and_then(|()| wait(thread));
        let Some(signal) = signal else {
            self.0.push(thread);
            return None;
        };
        let mut stack = vec![0; most];
        let read = registers(thread).inspect(|registers| {
            let count = memory.read_at(&mut stack, registers.sp).unwrap_or(0);
            stack.truncate(count);
        });
        if !detach(thread, signal) {
            self.0.push(thread);
        }
        let length = from.elapsed();
        Some(Stopped {
            registers: read.ok()?,
            stack,
            length,
        })
    }

    /// Lets those go on that have stopped since, and those go that have ended.
    pub(crate) fn let_go(&mut self) {
        self.0.retain(|&thread| match stopped(thread) {
            Ok(Some(signal)) => !detach(thread, signal),
            Ok(None) => true,
            Err(_) => {
                forget(thread);
                false
            }
        });
    }
}

/// Waits until a thread has stopped, and for which signal: 0 where it was asked to. `None` where it does not, or has ended.
fn wait(thread: Pid) -> Option<i32> {
    let start = Instant::now();
    loop {
        match stopped(thread) {
            Ok(Some(signal)) => return Some(signal),
            Ok(None) if start.elapsed() < AT_ONCE => std::thread::yield_now(),
            Ok(None) if start.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// Takes note of the end of a thread that was seized: until then its process cannot end. How a child of ours ended is left
/// to who started it.
fn forget(thread: Pid) {
    let status = std::fs::read_to_string(format!("/proc/{thread}/status")).unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse::<i32>().ok()
    };
    let is_first = of("Tgid:") == Some(thread.as_raw());
    let is_ours = of("PPid:").is_some_and(|parent| parent.unsigned_abs() == std::process::id());
    if !(is_first && is_ours) {
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::__WALL;
        let _ = waitid(Id::Pid(thread), flags);
    }
}

/// The signal that a thread has stopped for, once it has; 0 where it was asked to. Only stops are waited for: how a child
/// ended is left to who started it.
fn stopped(thread: Pid) -> nix::Result<Option<i32>> {
    let flags = WaitPidFlag::WSTOPPED | WaitPidFlag::WNOHANG | WaitPidFlag::__WALL;
    match waitid(Id::Pid(thread), flags) {
        Ok(WaitStatus::StillAlive) => {
            // One that has ended never stops.
            let status = std::fs::read_to_string(format!("/proc/{thread}/stat"));
            let is_over = status.map_or(true, |stat| {
                let state = stat
                    .rsplit(") ")
                    .next()
                    .and_then(|rest| rest.chars().next());
                matches!(state, Some('Z' | 'X') | None)
            });
            if is_over { Err(Errno::ESRCH) } else { Ok(None) }
        }
        // Asked to stop it shows SIGTRAP; where all of its process is stopped, the signal that stopped it.
        Ok(WaitStatus::PtraceEvent(_, _, ASKED)) => Ok(Some(0)),
        Ok(WaitStatus::Stopped(_, signal) | WaitStatus::PtraceEvent(_, signal, _)) => {
            Ok(Some(signal as i32))
        }
        Ok(_) => Ok(Some(0)),
        // A real-time signal has no name: the thread has stopped for it all the same.
        Err(Errno::EINVAL) => Ok(Some(ptrace::getsiginfo(thread)?.si_signo)),
        Err(error) => Err(error),
    }
}

/// Lets a thread go on, with the signal that it stopped for. False where it was killed meanwhile: its end is to be waited for.
#[expect(
    unsafe_code,
    reason = "nix names no real-time signals, and a signal that a thread stopped for must reach it"
)]
fn detach(thread: Pid, signal: i32) -> bool {
    // SAFETY: PTRACE_DETACH reads no memory of ours: the address is not used, and the data is the number of a signal.
    let done = unsafe {
        libc::ptrace(
            libc::PTRACE_DETACH,
            thread.as_raw(),
            std::ptr::null_mut::<libc::c_void>(),
            signal as usize as *mut libc::c_void,
        )
    };
    done == 0
}
