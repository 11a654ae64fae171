//! One child process, as its parent sees it: start, send, kill, wait; and the frames between the two, a JSON
//! line each.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;
use std::{io, process};

use loopscope_trace::{Batch, JobId, ProcessId, RuntimeShape, StepId};
use parking_lot::Mutex;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::engine::options::Program;
use crate::scenario::model::expression::Value;

/// Locals by their names.
pub(crate) type Locals = BTreeMap<String, Value>;

/// What a child process is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// A whole copy of the server, on an inherited listener.
    Server,
    /// Works off the jobs that it is given.
    Jobs,
}

/// The first frame: all that a child needs to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// The version of this very program; another one may mean something else by a frame.
    pub(crate) version: String,
    pub(crate) role: Role,
    pub(crate) source: String,
    pub(crate) id: String,
    pub(crate) number: String,
    pub(crate) knobs: Vec<(String, i64)>,
    pub(crate) runtime: RuntimeShape,
    pub(crate) speed: f64,
    pub(crate) seed: u64,
    /// The folder of the files that variables lie in, where there are some.
    pub(crate) store: Option<PathBuf>,
}

/// From the parent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToChild {
    Hello(Box<Hello>),
    /// The run began when CLOCK_MONOTONIC said this.
    Begin {
        origin: Duration,
    },
    /// Do this.
    Work(ProcessJob),
}

/// The work of a `process` step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ProcessJob {
    /// The number under which its parent has queued it.
    pub(crate) job: JobId,
    pub(crate) step: StepId,
    pub(crate) name: String,
    /// What its body sees, or its function's arguments: copied, as between all processes.
    pub(crate) locals: Locals,
}

/// From a child.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ToParent {
    /// It can begin.
    Ready,
    /// It cannot; the system's number of the error where it was the system.
    Failed { reason: String, errno: Option<i32> },
    /// What happened, up to then; and how much of the story is not over there.
    Batch { batch: Batch, open: usize },
    /// The job is over.
    Done { job: JobId },
}

/// Writes one frame, whole.
pub(crate) fn write(out: &mut impl Write, frame: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(frame)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

/// Reads one frame; `None` at the end.
pub(crate) fn read<T: DeserializeOwned>(from: &mut impl BufRead) -> io::Result<Option<T>> {
    let mut line = Vec::new();
    if from.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&line)?))
}

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
            // The one stream that is left without `unsafe`; nothing reads what a child complains about.
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
        write(&mut *self.control.lock(), frame)
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
