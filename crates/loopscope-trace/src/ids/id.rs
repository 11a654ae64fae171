//! Dense ids: the index of a thing in the order of its first appearance.

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
    /// A channel of the scenario, numbered in the order of the file.
    ChannelId;
    /// A lock of the scenario, numbered in the order of the file.
    LockId;
    /// A pool of the scenario besides the default one, numbered in the order of the file.
    PoolId;
    /// A loop of the scenario besides the first one, numbered in the order of the file.
    LoopId;
    /// A child process, numbered from 0 in order of its start.
    ProcessId;
    /// A string in the side table [`crate::Trace::texts`].
    TextId;
}
