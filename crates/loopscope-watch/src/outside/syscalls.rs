//! Which system calls hold a thread, and by what.
// table

/// What a system call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Time.
    Sleep,
    /// A lock of threads, or the interpreter's own.
    Lock,
    /// A file that is opened, read, written or synchronized.
    File,
    /// A file, a pipe or a socket: what the call reads or writes tells.
    Stream,
    /// A socket.
    Socket,
    /// A child process.
    Process,
    /// The first of several descriptors, or a time.
    Poll,
}

/// A system call: what it waits for, its number on x86-64 and on aarch64 (-1: there is none).
type Row = (Held, i32, i32);

const ROWS: &[Row] = &[
    (Held::Sleep, 35, 101),   // nanosleep
    (Held::Sleep, 230, 115),  // clock_nanosleep
    (Held::Sleep, 34, -1),    // pause
    (Held::Lock, 202, 98),    // futex
    (Held::Lock, 449, 449),   // futex_waitv
    (Held::Lock, 73, 32),     // flock
    (Held::File, 2, -1),      // open
    (Held::File, 257, 56),    // openat
    (Held::File, 437, 437),   // openat2
    (Held::File, 17, 67),     // pread64
    (Held::File, 18, 68),     // pwrite64
    (Held::File, 74, 82),     // fsync
    (Held::File, 75, 83),     // fdatasync
    (Held::File, 217, 61),    // getdents64
    (Held::File, 4, -1),      // stat
    (Held::File, 5, 80),      // fstat
    (Held::File, 6, -1),      // lstat
    (Held::File, 262, 79),    // newfstatat
    (Held::File, 40, 71),     // sendfile
    (Held::File, 326, 285),   // copy_file_range
    (Held::File, 87, -1),     // unlink
    (Held::File, 263, 35),    // unlinkat
    (Held::File, 82, -1),     // rename
    (Held::File, 316, 276),   // renameat2
    (Held::Stream, 0, 63),    // read
    (Held::Stream, 1, 64),    // write
    (Held::Stream, 19, 65),   // readv
    (Held::Stream, 20, 66),   // writev
    (Held::Socket, 42, 203),  // connect
    (Held::Socket, 43, 202),  // accept
    (Held::Socket, 288, 242), // accept4
    (Held::Socket, 44, 206),  // sendto
    (Held::Socket, 45, 207),  // recvfrom
    (Held::Socket, 46, 211),  // sendmsg
    (Held::Socket, 47, 212),  // recvmsg
    (Held::Socket, 299, 243), // recvmmsg
    (Held::Socket, 307, 269), // sendmmsg
    (Held::Process, 61, 260), // wait4
    (Held::Process, 247, 95), // waitid
    (Held::Poll, 7, -1),      // poll
    (Held::Poll, 271, 73),    // ppoll
    (Held::Poll, 23, -1),     // select
    (Held::Poll, 270, 72),    // pselect6
    (Held::Poll, 232, -1),    // epoll_wait
    (Held::Poll, 281, 22),    // epoll_pwait
    (Held::Poll, 441, 441),   // epoll_pwait2
];

/// What the system call of this number waits for, on a machine of this architecture (as `std::env::consts::ARCH` names it).
pub fn held(number: i64, architecture: &str) -> Option<Held> {
    let number = i32::try_from(number).ok().filter(|&number| number >= 0)?;
    let found = ROWS.iter().find(|(_, x86, arm)| match architecture {
        "x86_64" => *x86 == number,
        "aarch64" => *arm == number,
        _ => false,
    });
    found.map(|(held, ..)| *held)
}
