//! The frames of a thread, by its registers and its memory.
//!
//! *In:* a thread that sleeps, or one that is stopped for a moment. *Out:* addresses, the innermost first. In order:
//! nowhere · stop · frames.

pub(crate) mod frames;
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
pub(crate) mod stop;
#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
#[path = "nowhere.rs"]
pub(crate) mod stop;
