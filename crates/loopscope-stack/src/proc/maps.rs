//! What is mapped into a process: `/proc/PID/maps`.

/// A stretch of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Its first address.
    pub from: u64,
    /// The address behind its last one.
    pub to: u64,
    /// Where it begins in the file.
    pub offset: u64,
    /// Whether it can be executed.
    pub executable: bool,
    /// The inode of the file; 0 where there is none.
    pub inode: u64,
    /// The file's path, or a name in brackets such as `[vdso]`; empty where it has neither. A file that was removed
    /// since has ` (deleted)` behind it.
    pub path: String,
}

/// The mappings in a text of `/proc/PID/maps`; lines of another shape are left out.
///
/// ```
/// let text = "55d0c0a00000-55d0c0a42000 r-xp 00001000 fe:01 77   /srv/my app\n";
/// let mappings = loopscope_stack::proc::maps::parse(text);
/// assert_eq!((mappings[0].path.as_str(), mappings[0].offset), ("/srv/my app", 0x1000));
/// ```
pub fn parse(text: &str) -> Vec<Mapping> {
    text.lines().filter_map(mapping).collect()
}

fn mapping(line: &str) -> Option<Mapping> {
    let mut rest = line;
    let mut word = || {
        rest = rest.trim_start();
        let (word, behind) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = behind;
        word
    };
    let (range, flags, offset) = (word(), word(), word());
    let (_device, inode) = (word(), word());
    let (from, to) = range.split_once('-')?;
    let hex = |text: &str| u64::from_str_radix(text, 16).ok();
    Some(Mapping {
        from: hex(from)?,
        to: hex(to)?,
        offset: hex(offset)?,
        executable: flags.as_bytes().get(2) == Some(&b'x'),
        inode: inode.parse().ok()?,
        path: rest.trim_start().to_owned(),
    })
}
