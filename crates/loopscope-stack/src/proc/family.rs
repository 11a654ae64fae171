//! Which processes a process has started, and when each began.

use std::collections::HashMap;
use std::fs;

/// A process and who started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The process.
    pub pid: u32,
    /// The one that started it.
    pub parent: u32,
    /// It has ended, and nothing of it is left but how.
    pub is_over: bool,
}

/// Reads `/proc/PID/stat`. A name may hold spaces and parentheses.
pub fn parse(stat: &str) -> Option<Member> {
    let (pid, rest) = stat.split_once(" (")?;
    let (_, rest) = rest.rsplit_once(") ")?;
    let mut words = rest.split(' ');
    Some(Member {
        is_over: matches!(words.next()?, "Z" | "X"),
        parent: words.next()?.parse().ok()?,
        pid: pid.parse().ok()?,
    })
}

/// The process and all that it has started, and those in turn; those that run.
pub fn descendants(pid: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for number in numbers {
        let stat = fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
        if let Some(member) = parse(&stat).filter(|member| !member.is_over) {
            children.entry(member.parent).or_default().push(member.pid);
        }
    }
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        let mut own = children.remove(&parent).unwrap_or_default();
        own.sort_unstable();
        found.extend(own);
        next += 1;
    }
    found
}
