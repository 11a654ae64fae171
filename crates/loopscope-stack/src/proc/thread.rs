//! What the kernel tells of a thread: how long it has run, and in which system call it waits.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// How long a thread has run, and how often: two that are equal say that it has not run in between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// For how long it has been on a processor, in nanoseconds.
    pub on: u64,
    /// For how long it has waited for one, in nanoseconds.
    pub waited: u64,
    /// How often it was put on one.
    pub times: u64,
}

/// What a thread does, as the kernel has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// It is on a processor, or ready for one.
    Runs,
    /// It waits in a system call of this number; -1 where it waits outside of one, as for a page of memory.
    Waits {
        /// The number of the call.
        number: i64,
        /// Its first argument: of many a file descriptor.
        first: u64,
        /// Its stack pointer.
        sp: u64,
        /// Its program counter.
        pc: u64,
    },
}

/// Reads `schedstat`: `12345 678 9`.
pub fn ran(text: &str) -> Option<Ran> {
    let mut words = text.split_ascii_whitespace().map(str::parse);
    Some(Ran {
        on: words.next()?.ok()?,
        waited: words.next()?.ok()?,
        times: words.next()?.ok()?,
    })
}

/// Reads `syscall`: `running`, or the number, six arguments, stack pointer and program counter; a thread that waits
/// outside of a call has -1 and the two pointers.
pub fn call(text: &str) -> Option<Call> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let hex = |word: &str| u64::from_str_radix(word.trim_start_matches("0x"), 16).ok();
    let [number, arguments @ .., sp, pc] = words.as_slice() else {
        return (words == ["running"]).then_some(Call::Runs);
    };
    Some(Call::Waits {
        number: number.parse().ok()?,
        first: arguments.first().map_or(Some(0), |first| hex(first))?,
        sp: hex(sp)?,
        pc: hex(pc)?,
    })
}

/// The files of a thread that are read at every look, kept open.
#[derive(Debug)]
pub struct Thread {
    schedstat: File,
    syscall: File,
    /// What it is called; the kernel keeps 15 letters.
    pub name: String,
}

impl Thread {
    /// The files of a thread; `None` where it has ended, or where the rights for them are missing.
    pub fn open(pid: u32, tid: u32) -> Option<Self> {
        let path = |name: &str| format!("/proc/{pid}/task/{tid}/{name}");
        Some(Self {
            schedstat: File::open(path("schedstat")).ok()?,
            syscall: File::open(path("syscall")).ok()?,
            name: fs::read_to_string(path("comm")).ok()?.trim_end().to_owned(),
        })
    }

    /// How long it has run so far; `None` where it has ended.
    pub fn ran(&self) -> Option<Ran> {
        ran(&read(&self.schedstat)?)
    }

    /// What it does; `None` where it has ended, or has become another user's.
    pub fn call(&self) -> Option<Call> {
        call(&read(&self.syscall)?)
    }
}

fn read(file: &File) -> Option<String> {
    let mut bytes = [0; 512];
    let count = file.read_at(&mut bytes, 0).ok()?;
    String::from_utf8(bytes[..count].to_vec()).ok()
}

/// The numbers of the threads that a process has, in order.
pub fn all(pid: u32) -> Vec<u32> {
    let entries = fs::read_dir(format!("/proc/{pid}/task"));
    let names = entries.into_iter().flatten().flatten();
    let mut all: Vec<u32> = names
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    all.sort_unstable();
    all
}
