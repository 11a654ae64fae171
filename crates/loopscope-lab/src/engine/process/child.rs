//! A child process, seen from its parent: started, spoken to, killed, and mourned.

use std::io::{self, BufReader};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{self, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::frame::{self, Hello, ToChild, ToParent};
use loopscope_trace::ProcessId;

/// The hidden command under which this program is its own child process.
pub const COMMAND: &str = "worker";

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Says which program plays the child processes; this very one unless told. Only a program that is
/// not loopscope's own needs it. The first call counts.
pub fn use_program(path: PathBuf) {
    let _ = PROGRAM.set(path);
}

fn program() -> io::Result<PathBuf> {
    if let Some(path) = PROGRAM.get() {
        return Ok(path.clone());
    }
    let own = std::env::current_exe()?;
    // The file may have been replaced since; this link still leads to what runs.
    let link = PathBuf::from("/proc/self/exe");
    Ok(if own.exists() || !link.exists() {
        own
    } else {
        link
    })
}

/// A child process.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) id: ProcessId,
    pub(super) name: String,
    pub(super) pid: u32,
    control: Mutex<UnixStream>,
    process: Mutex<process::Child>,
}

/// The end from which a child's frames are read.
pub(super) type Ear = BufReader<ChildStdout>;

impl Child {
    /// Starts a child and greets it. A `listener` becomes its door.
    pub(super) fn start(
        id: ProcessId,
        name: String,
        hello: &Hello,
        listener: Option<BorrowedFd<'_>>,
    ) -> io::Result<(Self, Ear)> {
        let (control, theirs) = UnixStream::pair()?;
        let door = match listener {
            Some(listener) => Stdio::from(listener.try_clone_to_owned()?),
            None => Stdio::null(),
        };
        let mut process = Command::new(program()?)
            .arg0("loopscope")
            .arg(COMMAND)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            // The one stream that is left without `unsafe`; a child has nobody to complain to.
            .stderr(door)
            // A signal from the keyboard is for the parent, which ends its children in order.
            .process_group(0)
            .spawn()?;
        let out = process.stdout.take();
        let child = Self {
            id,
            name,
            pid: process.id(),
            control: Mutex::new(control),
            process: Mutex::new(process),
        };
        let Some(out) = out else {
            child.kill();
            return Err(io::Error::other("its output cannot be read"));
        };
        // Fails only where the child is dead already, and then its ear says so.
        let _ = child.tell(&ToChild::Hello(Box::new(hello.clone())));
        Ok((child, BufReader::new(out)))
    }

    /// Sends a frame; fails where the child is gone.
    pub(super) fn tell(&self, frame: &ToChild) -> io::Result<()> {
        frame::write(&mut *lock(&self.control), frame)
    }

    /// Ends its input, at which it ends itself at once.
    pub(super) fn let_go(&self) {
        let _ = lock(&self.control).shutdown(std::net::Shutdown::Both);
    }

    /// Kills it: SIGKILL, which it cannot refuse.
    pub(super) fn kill(&self) {
        let _ = lock(&self.process).kill();
    }

    /// Waits for its end, which must be near: its output has ended. The exit code, or below zero
    /// the signal.
    pub(super) fn bury(&self) -> i32 {
        let mut process = lock(&self.process);
        // Changes nothing where it is on its way out, and hastens one that only closed its output.
        let _ = process.kill();
        process.wait().map_or(-1, status)
    }
}

fn status(status: ExitStatus) -> i32 {
    let signal = status.signal().map(|signal| -signal);
    status.code().or(signal).unwrap_or(-1)
}

/// The next frame of a child; `None` where it has ended or does not speak like one of ours.
pub(super) fn listen(ear: &mut Ear) -> Option<ToParent> {
    frame::read(ear).ok().flatten()
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
