//! What holds a thread, by what the kernel says of it and by where it is.

use loopscope_trace::BlockKind;

use crate::outside::frames::Frame;
use crate::outside::syscalls::{Held, held};
use crate::outside::thread::{Look, is_socket};

/// How many of the innermost frames tell what is done.
const INNERMOST: usize = 8;

/// Files of the standard library and of others' libraries, by how their paths end, and what waits in them.
const PLACES: &[(&str, BlockKind)] = &[
    ("/library/std/src/process.rs", BlockKind::Process),
    ("/subprocess.py", BlockKind::Process),
    ("/multiprocessing/popen_fork.py", BlockKind::Process),
    ("/socket.py", BlockKind::Socket),
    ("/ssl.py", BlockKind::Socket),
    ("/http/client.py", BlockKind::Socket),
    ("/urllib3/connection.py", BlockKind::Socket),
];

/// Files whose functions spend their time in C code that keeps the interpreter's lock.
const NATIVE_FILES: &[&str] = &[
    "/re.py",
    "/re/__init__.py",
    "/json/__init__.py",
    "/json/encoder.py",
    "/json/decoder.py",
    "/hashlib.py",
    "/hmac.py",
    "/zipfile.py",
    "/gzip.py",
];

/// How a line calls such code.
const NATIVE_CALLS: &[&str] = &[
    "re.match(",
    "re.search(",
    "re.fullmatch(",
    "re.findall(",
    "re.sub(",
    "re.split(",
    ".fullmatch(",
    "json.dumps(",
    "json.loads(",
    "json.dump(",
    "json.load(",
    "hashlib.",
    "zlib.",
    "pickle.dumps(",
    "pickle.loads(",
    "sorted(",
    ".sort(",
];

/// What a look at a thread shows, as far as the kernel tells it. `computed` says whether it was on a processor for most of
/// the time since the look before.
pub(crate) fn seen(pid: u32, look: &Look, computed: bool) -> BlockKind {
    let Some(call) = look.call else {
        return if look.runs || computed {
            BlockKind::Cpu
        } else {
            BlockKind::Unknown
        };
    };
    match held(call.number, std::env::consts::ARCH) {
        Some(Held::Sleep) => BlockKind::Sleep,
        // Who computes waits for the interpreter's lock now and then, and writes something.
        Some(Held::Lock | Held::Stream) if computed => BlockKind::Cpu,
        Some(Held::Lock) => BlockKind::Lock,
        Some(Held::File) => BlockKind::File,
        Some(Held::Stream) if is_socket(pid, call.first) => BlockKind::Socket,
        Some(Held::Stream) => BlockKind::File,
        Some(Held::Socket) => BlockKind::Socket,
        Some(Held::Process) => BlockKind::Process,
        // `time.sleep` of older Pythons selects among no descriptors.
        Some(Held::Poll) if call.first == 0 => BlockKind::Sleep,
        Some(Held::Poll) => BlockKind::Socket,
        None if computed => BlockKind::Cpu,
        None => BlockKind::Unknown,
    }
}

/// What the place adds to that: a stream that is a child's, a computation that is C code. `line` is the innermost one.
pub(crate) fn refined(kind: BlockKind, frames: &[Frame], line: &str) -> BlockKind {
    let innermost = frames.iter().take(INNERMOST);
    match kind {
        BlockKind::Cpu => {
            let in_library = frames
                .first()
                .is_some_and(|frame| NATIVE_FILES.iter().any(|end| frame.file.ends_with(end)));
            let called = NATIVE_CALLS.iter().any(|call| line.contains(call));
            if in_library || called {
                BlockKind::Native
            } else {
                kind
            }
        }
        BlockKind::Socket | BlockKind::File | BlockKind::Unknown => {
            let place = |frame: &Frame| PLACES.iter().find(|(end, _)| frame.file.ends_with(end));
            let mut found = innermost.filter_map(place).map(|(_, kind)| *kind);
            found.next().unwrap_or(kind)
        }
        _ => kind,
    }
}
