//! Why a process cannot be looked into, and what helps.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;

use nix::libc;

/// Why a process cannot be looked into.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum StackError {
    /// No process has the number.
    #[error("no process has the number {0}: it has ended, or runs in another container")]
    Gone(u32),
    /// It belongs to another user.
    #[error(
        "process {pid} belongs to another user ({user}): run loopscope as that user, or as root"
    )]
    OtherUser {
        /// The process.
        pid: u32,
        /// The number of its user.
        user: u32,
    },
    /// The kernel lets a process look into its own descendants only.
    #[error(
        "the kernel lets only those look into process {pid} who have started it (kernel.yama.ptrace_scope is {scope}): \
         start the program with `loopscope watch -- COMMAND`, or run loopscope as root{more}"
    )]
    Scope {
        /// The process.
        pid: u32,
        /// The value of the setting.
        scope: u32,
        /// What helps besides.
        more: &'static str,
    },
    /// It runs in a container, or has rights of its own.
    #[error(
        "process {0} may not be looked into: it has rights that you have not, or does not let itself be read \
         (a container, `setcap`, PR_SET_DUMPABLE); run loopscope in the same container, with SYS_PTRACE (`docker run --cap-add=SYS_PTRACE`), or as root"
    )]
    Refused(u32),
    /// The machine is none whose stacks are known.
    #[error("threads can be looked into on Linux only, on x86-64 and aarch64")]
    System,
}

/// Why the memory of a process cannot be opened.
pub(crate) fn why(pid: u32, error: &io::Error) -> StackError {
    let Ok(folder) = fs::metadata(format!("/proc/{pid}")) else {
        return if cfg!(target_os = "linux") {
            StackError::Gone(pid)
        } else {
            StackError::System
        };
    };
    if !matches!(error.raw_os_error(), Some(libc::EACCES | libc::EPERM)) {
        return StackError::Gone(pid);
    }
    let own = fs::metadata("/proc/self").map_or(0, |own| own.uid());
    // A process that cannot be dumped belongs to root there; its true user stands in its status.
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let user = user(&status).unwrap_or_else(|| folder.uid());
    if own != 0 && user != own {
        return StackError::OtherUser { pid, user };
    }
    let scope = fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").unwrap_or_default();
    match scope.trim().parse().unwrap_or(0) {
        scope @ 1 => StackError::Scope {
            pid,
            scope,
            more: "; `sudo sysctl kernel.yama.ptrace_scope=0` allows it for all programs until the next start",
        },
        scope @ 2.. => StackError::Scope {
            pid,
            scope,
            more: "",
        },
        _ => StackError::Refused(pid),
    }
}

/// The user whose rights a process has, of a text of `/proc/PID/status`.
pub fn user(status: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}
