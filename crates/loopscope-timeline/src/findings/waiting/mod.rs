//! Findings about what is awaited: locks, channels, timers, and each other.
//!
//! *In:* events, the world, the lanes. *Out:* findings. *Absent:* what outlasts its waiter or the program.
//!
//! In order: `lost_update` · `alive` · `needs` · `deadlock` · `unfair_lock` · `convoy` · `head_of_line` · `restarted_timer` · `futurelock` · `stalled_future` · `interval_burst` · `broadcast_lag` · `lost_wake_up` · `thread_unsafe`.

pub(crate) mod alive;
pub(crate) mod broadcast_lag;
pub(crate) mod convoy;
pub(crate) mod deadlock;
pub(crate) mod futurelock;
pub(crate) mod head_of_line;
pub(crate) mod interval_burst;
pub(crate) mod lost_update;
pub(crate) mod lost_wake_up;
pub(crate) mod needs;
pub(crate) mod restarted_timer;
pub(crate) mod stalled_future;
pub(crate) mod thread_unsafe;
pub(crate) mod unfair_lock;
