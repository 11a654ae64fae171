//! What an executable holds, by texts among its constants.

use std::fs::File;

use memchr::memmem;
use object::read::{ObjectSection, ReadCache};
use object::{Object, SectionKind};

/// What stands in every executable with tokio's runtime: the path of a source file of it, or how its threads are called
/// unless the program names them. Both are there also where it has no symbols.
const SIGNS: &[&[u8]] = &[b"tokio-rt-worker", b"/src/runtime/scheduler/"];
/// The largest section that is searched, in bytes.
const LARGEST: u64 = 256 << 20;

/// Whether the executable of a process holds tokio's runtime. False where it cannot be read.
pub fn is_tokio(pid: u32) -> bool {
    holds(pid, SIGNS)
}

/// Whether one of these texts stands among the constants of the executable of a process. False where it cannot be read.
pub fn holds(pid: u32, texts: &[&[u8]]) -> bool {
    let Ok(file) = File::open(format!("/proc/{pid}/exe")) else {
        return false;
    };
    let cache = ReadCache::new(file);
    let Ok(file) = object::File::parse(&cache) else {
        return false;
    };
    let constant = |kind| {
        matches!(
            kind,
            SectionKind::ReadOnlyData | SectionKind::ReadOnlyString
        )
    };
    file.sections()
        .filter(|section| constant(section.kind()) && section.size() < LARGEST)
        .filter_map(|section| section.data().ok())
        .any(|data| texts.iter().any(|text| memmem::find(data, text).is_some()))
}
