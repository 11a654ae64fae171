//! How a run is started: its pace, its extras, and why it may not start.

use std::io;
use std::path::PathBuf;

use loopscope_trace::{Flavor, Story};

/// At what pace, and with which random choices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Scenario seconds in a wall second.
    pub speed: f64,
    /// Seeds tokio's own random choices.
    pub seed: u64,
}

/// What is asked of a run besides its pace; by default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Keep the runtime alive after the story's end, until [`Run::stop`](crate::engine::Run::stop):
    /// the batch with the end is handed on at once, and nothing after it.
    pub hold: bool,
    /// Let tokio-metrics count too, and record its samples. It costs more than our recorder.
    pub metrics: bool,
    /// Bytes that a run may take, about; [`MEMORY`] unless told. One that needs more is ended.
    pub memory: Option<u64>,
    /// Started for each child process; without it a scenario that has some cannot start.
    pub program: Option<Program>,
    /// Where time is computed: at some steps and moments, chosen by this seed, a thread lets others go on first that can
    /// go on at the same moment. Two runs differ by it only where nothing decides an order.
    pub delays: Option<u64>,
}

/// Bytes that a run may take unless told: a gigabyte.
pub const MEMORY: u64 = 1024 * 1024 * 1024;

impl Extras {
    pub(crate) fn memory(&self) -> u64 {
        self.memory.unwrap_or(MEMORY)
    }
}

/// The program that serves as a child process: it calls [`serve`](crate::engine::serve) when its
/// first argument is [`COMMAND`](crate::engine::COMMAND).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program(pub PathBuf);

/// Why a run could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The operating system refused a thread or a runtime.
    #[error("the runtime could not be started: {0}{cure}", cure = cure(.0))]
    Runtime(#[from] io::Error),
    /// The operating system refused a child process, or it did not get ready.
    #[error("a child process could not be started: {reason}: {cure}")]
    Child {
        /// What went wrong.
        reason: String,
        /// What helps.
        cure: &'static str,
    },
    /// The pace is no pace.
    #[error("the speed must be a number above zero, not {0}")]
    Speed(f64),
}

/// What helps where the system has refused a thread.
fn cure(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::WouldBlock => {
            ": raise the limit on processes and threads (`ulimit -u`), or ask for fewer"
        }
        _ => "",
    }
}

/// Whether time can be computed for this story: on loops of one thread each, in one process, and
/// where tokio's hooks are there.
pub fn can_be_computed(story: &Story) -> bool {
    cfg!(tokio_unstable)
        && story.runtime.flavor == Flavor::CurrentThread
        && story.runtime.processes <= 1
        && story.steps.iter().all(|step| step.key != "process")
}
