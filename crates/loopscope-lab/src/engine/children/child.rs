//! One child process, as its parent sees it: start, send, kill, wait.

use std::io::BufReader;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{ChildStdout, Command, ExitStatus, Stdio};
use std::{io, process};

use parking_lot::Mutex;

use crate::engine::children::protocol;
use crate::engine::children::protocol::{Hello, ToChild, ToParent};
use crate::engine::options::Program;
use loopscope_trace::ProcessId;

/// The hidden command under which this program is its own child process.
pub const COMMAND: &str = "worker";

/// A child process.
#[derive(Debug)]
pub(crate) struct Child {
    pub(crate) id: ProcessId,
    pub(crate) name: String,
    pub(crate) pid: u32,
    control: Mutex<UnixStream>,
    process: Mutex<process::Child>,
}

/// The end from which a child's frames are read.
pub(crate) type Reader = BufReader<ChildStdout>;

impl Child {
    /// Starts a child and greets it. A copy of a server inherits `listener`.
    pub(crate) fn start(
        program: &Program,
        id: ProcessId,
        name: String,
        hello: &Hello,
        listener: Option<BorrowedFd<'_>>,
    ) -> io::Result<(Self, Reader)> {
        let (control, theirs) = UnixStream::pair()?;
        let stderr = match listener {
            Some(listener) => Stdio::from(listener.try_clone_to_owned()?),
            None => Stdio::null(),
        };
        let mut process = Command::new(&program.0)
            .arg0("loopscope")
            .arg(COMMAND)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            // The one stream that is left without `unsafe`; a child complains to no one.
            .stderr(stderr)
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
        // Fails only where the child is dead already, and then its reader says so.
        let _ = child.send(&ToChild::Hello(Box::new(hello.clone())));
        Ok((child, BufReader::new(out)))
    }

    /// Sends a frame; fails where the child is gone.
    pub(crate) fn send(&self, frame: &ToChild) -> io::Result<()> {
        protocol::write(&mut *self.control.lock(), frame)
    }

    /// Ends its input, at which it ends itself at once.
    pub(crate) fn close_input(&self) {
        let _ = self.control.lock().shutdown(std::net::Shutdown::Both);
    }

    /// Kills it: SIGKILL, which it cannot refuse.
    pub(crate) fn kill(&self) {
        let _ = self.process.lock().kill();
    }

    /// Waits for its end, which must be near: its output has ended. The exit code, or below zero
    /// the signal.
    pub(crate) fn wait(&self) -> i32 {
        let mut process = self.process.lock();
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
pub(crate) fn read(reader: &mut Reader) -> Option<ToParent> {
    protocol::read(reader).ok().flatten()
}
