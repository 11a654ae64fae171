//! Dense ids, each the index of a thing in the order of its first appearance, and scenario time.
//!
//! *In:* numbers. *Out:* a type a sort of thing, so that no two can be mixed up. *Absent:* what they
//! are the ids of.

use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

macro_rules! dense_id {
    ($(#[$doc:meta] $name:ident;)*) => {$(
        #[$doc]
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// Stands for "none" in the fixed records, where an `Option` would cost eight bytes.
            pub const NONE: Self = Self(u32::MAX);

            /// The place in a list that holds one entry an id.
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// [`Self::NONE`], as a function for serde.
            pub const fn none() -> Self {
                Self::NONE
            }

            /// Whether it is [`Self::NONE`].
            pub const fn is_none(&self) -> bool {
                self.0 == u32::MAX
            }

            /// `None` for [`Self::NONE`].
            pub const fn get(self) -> Option<Self> {
                if self.0 == u32::MAX { None } else { Some(self) }
            }
        }

        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                // More than four thousand million of anything is beyond every limit of a scenario.
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )*};
}

dense_id! {
    /// A tokio task, renumbered from 0 in order of its spawn.
    TaskId;
    /// A piece of work for the pool, numbered in order of its queueing.
    JobId;
    /// A client's request, numbered in order of its sending.
    RequestId;
    /// An operating-system thread that took part in the run.
    ThreadId;
    /// A step of the scenario, numbered in the order of the file, nested ones included.
    StepId;
    /// A function of the scenario, numbered in the order of the file.
    FunctionId;
    /// A client of the scenario, numbered in the order of the file.
    ClientId;
    /// A variable of the scenario, numbered in the order of the file.
    VariableId;
    /// A local or parameter of a function, numbered in the order of the file.
    LocalId;
    /// A channel of the scenario, numbered in the order of the file.
    ChannelId;
    /// A lock of the scenario, numbered in the order of the file.
    LockId;
    /// An event of the scenario, numbered in the order of the file.
    NamedEventId;
    /// A pool of the scenario besides the default one, numbered in the order of the file.
    PoolId;
    /// A loop of the scenario besides the first one, numbered in the order of the file.
    LoopId;
    /// A child process, numbered from 0 in order of its start.
    ProcessId;
    /// A source file of a program that is watched, numbered in the order in which it was first named.
    FileId;
    /// A call stack in the side table [`crate::Trace::stacks`].
    StackId;
    /// A string in the side table [`crate::Trace::texts`].
    TextId;
}

/// Nanoseconds of scenario time: a moment since the start of the run, or a length.
///
/// At speed 20 one second of scenario time is 50 ms of wall time.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Nanos(pub u64);

impl Nanos {
    /// The start of the run.
    pub const ZERO: Self = Self(0);
    /// Later than every moment.
    pub const MAX: Self = Self(u64::MAX);

    /// Whole milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// Whole seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000_000_000))
    }

    /// Seconds as the report writes them; negative and non-finite figures become zero.
    pub fn from_secs_f64(seconds: f64) -> Self {
        Self((seconds * 1e9).round().clamp(0.0, u64::MAX as f64) as u64)
    }

    /// Seconds as the report writes them.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// The length between `earlier` and this moment, zero if it is not earlier.
    pub const fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }

    /// Wall time of this scenario length at `speed` (scenario seconds in a wall second).
    pub fn wall(self, speed: f64) -> Duration {
        Duration::from_nanos((self.0 as f64 / speed).round() as u64)
    }

    /// `3.40`, hundredths of a second, cut and never rounded up, so that a total never
    /// shows before it has been reached.
    pub fn hundredths(self) -> String {
        format!(
            "{}.{:02}",
            self.0 / 1_000_000_000,
            self.0 / 10_000_000 % 100
        )
    }

    /// `3.402`, thousandths of a second.
    pub fn thousandths(self) -> String {
        format!(
            "{}.{:03}",
            self.0 / 1_000_000_000,
            self.0 / 1_000_000 % 1_000
        )
    }
}

impl Add for Nanos {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Nanos {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Nanos {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.since(other)
    }
}

impl From<Duration> for Nanos {
    fn from(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))
    }
}
