//! What the kernel says of a thread: whether it computes, which system call it is in, how long it has computed.

use std::fs;

use loopscope_stack::proc::thread as kernel;

/// What a thread was doing when it was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The system call it waits in; `None` while it computes, or where the kernel does not tell.
    pub call: Option<Call>,
    /// It was on a processor, or ready for one.
    pub runs: bool,
    /// For how long it has been on a processor so far, in nanoseconds.
    pub computed: u64,
    /// Whether it has a handler for each of the signals 1 to 64.
    pub handles: u64,
}

/// A system call that a thread is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its number.
    pub number: i64,
    /// The first of its arguments: of many a file descriptor.
    pub first: u64,
}

/// Looks at a thread of a process.
pub(crate) fn look(pid: u32, thread: u32) -> Option<Look> {
    let read = |name: &str| fs::read_to_string(format!("/proc/{pid}/task/{thread}/{name}"));
    let status = read("status").ok()?;
    let call = read("syscall").unwrap_or_default();
    let computed = read("schedstat").unwrap_or_default();
    Some(parse(&status, &call, &computed))
}

/// What the files `status`, `syscall` and `schedstat` of a thread say.
pub fn parse(status: &str, call: &str, computed: &str) -> Look {
    let of = |name: &str| {
        let mut lines = status.lines();
        lines
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim)
    };
    let state = of("State").and_then(|state| state.chars().next());
    let call = match kernel::call(call) {
        // -1: it waits, and in no system call (a page that is read, for example).
        Some(kernel::Call::Waits { number, first, .. }) if number >= 0 => {
            Some(Call { number, first })
        }
        _ => None,
    };
    Look {
        call,
        runs: state == Some('R'),
        computed: kernel::ran(computed).unwrap_or_default().on,
        handles: of("SigCgt")
            .and_then(|mask| u64::from_str_radix(mask, 16).ok())
            .unwrap_or(0),
    }
}

/// Whether a file descriptor of a process is a socket.
pub(crate) fn is_socket(pid: u32, descriptor: u64) -> bool {
    let path = format!("/proc/{pid}/fd/{descriptor}");
    fs::read_link(path).is_ok_and(|to| to.to_string_lossy().starts_with("socket:"))
}
