//! Under which conditions a story is played: clock, runtime, and what its functions share.

use serde::{Deserialize, Serialize};

use crate::ids::FunctionId;

/// How time passes in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// It really happens.
    #[default]
    Real,
    /// Time is computed, nothing sleeps.
    Virtual,
}

/// How much the recorder could see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// tokio's hooks were there.
    #[default]
    Full,
    /// Built without `tokio_unstable`: wrappers only, no parks.
    Reduced,
}

/// Which runtime the server gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuntimeShape {
    /// One thread that polls, or several.
    pub flavor: Flavor,
    /// Threads that poll; 1 for `current_thread`.
    pub worker_threads: u32,
    /// The most threads that the pool may have.
    pub pool_threads: u32,
    /// Whole copies of the server.
    pub processes: u32,
    /// Whether CPython's lock is modelled.
    pub gil: bool,
    /// tokio's switch that hands the timers over when a worker blocks; `multi_thread` only.
    pub eager_driver_handoff: bool,
    /// How many child processes work off `process` steps; 0: as many as there are cores.
    pub process_pool: u32,
}

impl Default for RuntimeShape {
    fn default() -> Self {
        Self {
            flavor: Flavor::CurrentThread,
            worker_threads: 1,
            pool_threads: 40,
            processes: 1,
            gil: false,
            eager_driver_handoff: false,
            process_pool: 0,
        }
    }
}

/// tokio's two runtimes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flavor {
    /// One loop on one thread, as asyncio has it.
    #[default]
    CurrentThread,
    /// Several threads that steal work from each other.
    MultiThread,
}

/// Something that functions share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variable {
    /// Its name in both listings.
    pub name: String,
    /// Its value before the run.
    pub initial: String,
    /// It lies in a file, and all processes have the same one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub file: bool,
}

/// A local or a parameter of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Local {
    /// Whose.
    pub function: FunctionId,
    /// Its name in both listings.
    pub name: String,
}

/// A queue between functions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Channel {
    /// Its name in both listings.
    pub name: String,
    /// What it keeps.
    pub keep: Keep,
    /// The functions that can send to it, by themselves or by what they call or start; not told where a
    /// request can bring it about, and by older recordings.
    pub senders: Option<Vec<FunctionId>>,
    /// How many values have room in it; without one a send never waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// The functions that can take a value out of one that has a capacity, told like `senders`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receivers: Option<Vec<FunctionId>>,
}

/// What a channel keeps until it is received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Everything, in order.
    #[default]
    All,
    /// The newest value only: a slot.
    Newest,
    /// The newest so many, for each receiver: a broadcast.
    Each(u32),
}

/// A lock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lock {
    /// Its name in both listings.
    pub name: String,
    /// Who waits when it is taken.
    pub kind: LockKind,
    /// How many may have it at once.
    #[serde(skip_serializing_if = "Admits::is_one")]
    pub admits: Admits,
}

/// How many may have a lock at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admits {
    /// One: a lock.
    #[default]
    One,
    /// So many: a semaphore.
    Permits(u32),
    /// All who read, or one who writes: `RwLock`.
    Readers,
}

impl Admits {
    /// How many at most.
    pub const fn most(self) -> usize {
        match self {
            Self::One => 1,
            Self::Permits(permits) => permits as usize,
            Self::Readers => usize::MAX,
        }
    }

    fn is_one(&self) -> bool {
        *self == Self::One
    }
}

/// Who waits when a lock is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockKind {
    /// The task, at an await; first come, first served.
    #[default]
    Async,
    /// The thread.
    Std,
}

/// Something that tasks wait for until another one tells them, without a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NamedEvent {
    /// Its name in the listings.
    pub name: String,
    /// What it keeps for those who wait later.
    pub kind: NamedEventKind,
}

/// What an event keeps where it tells nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedEventKind {
    /// It stays set until it is cleared: `asyncio.Event`.
    #[default]
    Event,
    /// One permit, where one was to be woken: `tokio::sync::Notify`.
    Notify,
    /// Nothing: `asyncio.Condition`.
    Condition,
}

/// A pool besides the default one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NamedPool {
    /// Its name in both listings.
    pub name: String,
    /// How many threads it may have.
    pub threads: u32,
}
