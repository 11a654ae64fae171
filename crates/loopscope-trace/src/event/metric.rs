//! Figures that the runtime counts about itself.

use serde::{Deserialize, Serialize};

/// What a figure is about. Lengths are nanoseconds of scenario time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Thousandths of the time since the last sample in which the workers were not parked.
    Busy,
    /// The time in which they were not parked, so far, of all workers together.
    BusyTime,
    /// Turns so far.
    Turns,
    /// The busy time since the last sample, by the turns in it.
    MeanTurn,
    /// Tasks spawned so far.
    Spawned,
    /// Tasks that have not ended.
    Alive,
    /// Ready tasks in the workers' own queues.
    ReadyHere,
    /// Ready tasks in the queue that all workers share.
    ReadyShared,
    /// Threads of the pool.
    PoolThreads,
    /// Threads of the pool that have nothing to do.
    PoolIdle,
    /// Jobs that wait for a thread.
    PoolQueue,
    /// How often a worker has gone to sleep so far.
    Parks,
    /// How often a task was made to give way because its budget was spent, so far.
    Forced,
    /// Turns so far of the lengths of this bucket.
    Bucket,
    /// The shortest turn of this bucket.
    BucketFrom,
    /// Turns of this function's tasks so far.
    FunctionTurns,
    /// Those of at least 50 microseconds.
    FunctionSlow,
    /// Their mean length.
    FunctionMean,
    /// The mean time from a wake to the turn.
    FunctionDelay,
}

impl Metric {
    /// All, in the order of the screen and the report.
    pub const ALL: [Self; 19] = [
        Self::Busy,
        Self::BusyTime,
        Self::Turns,
        Self::MeanTurn,
        Self::Spawned,
        Self::Alive,
        Self::ReadyHere,
        Self::ReadyShared,
        Self::PoolThreads,
        Self::PoolIdle,
        Self::PoolQueue,
        Self::Parks,
        Self::Forced,
        Self::Bucket,
        Self::BucketFrom,
        Self::FunctionTurns,
        Self::FunctionSlow,
        Self::FunctionMean,
        Self::FunctionDelay,
    ];

    /// Whether it is about a function, whose number stands beside it.
    pub const fn is_function(self) -> bool {
        matches!(
            self,
            Self::FunctionTurns | Self::FunctionSlow | Self::FunctionMean | Self::FunctionDelay
        )
    }

    /// Whether it is a length of time.
    pub const fn is_length(self) -> bool {
        matches!(
            self,
            Self::BusyTime
                | Self::MeanTurn
                | Self::BucketFrom
                | Self::FunctionMean
                | Self::FunctionDelay
        )
    }

    /// Whether a worker writes it only between turns, so that it stands still while the worker is
    /// blocked. The others are read from queues and counters that all threads write.
    pub const fn stands_still(self) -> bool {
        !matches!(
            self,
            Self::Spawned
                | Self::Alive
                | Self::ReadyShared
                | Self::PoolThreads
                | Self::PoolIdle
                | Self::PoolQueue
        )
    }
}
