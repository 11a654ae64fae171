//! The frames between a parent and its child processes: a JSON line each.

use std::collections::BTreeMap;
use std::io;
use std::io::{BufRead, Write};
use std::time::Duration;

use loopscope_trace::{Batch, JobId, RuntimeShape, StepId};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

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
