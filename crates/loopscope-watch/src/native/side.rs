//! One tokio program of the watch: what is seen of its threads, as facts.

use std::collections::HashMap;
use std::fs;
use std::sync::Arc;

use loopscope_stack::proc::thread::all;
use loopscope_stack::{Process, StackError};

use crate::merge::fact::{Fact, What};
use crate::merge::seen::Seen;
use crate::native::state::Given;
use crate::native::thread::Thread;
use crate::outside::alive::Alive;
use crate::outside::backlog::Backlog;
use crate::ring::head::Head;
use crate::source::texts::Texts;

/// After how many looks it is looked up which threads there are, and whether the process still runs the same program.
const OFTEN: u32 = 4;
const SELDOM: u32 = 32;

/// No texts: what is seen from outside names none.
#[derive(Debug)]
pub(crate) struct NoTexts;

impl Texts for NoTexts {
    fn get(&mut self, _number: u64) -> Arc<str> {
        "?".into()
    }
}

/// A tokio program that is watched.
pub(crate) struct Side {
    /// Its number among all processes of the watch.
    number: usize,
    head: Head,
    texts: NoTexts,
    process: Process,
    alive: Alive,
    /// Its executable when it was found.
    program: Option<u64>,
    threads: HashMap<u32, (u16, Thread)>,
    /// The index of the next thread.
    next: u16,
    threshold: u64,
    backlog: Backlog,
    /// The number of the next fact.
    order: u64,
    looks: u32,
    /// When it was found.
    since: u64,
    done: bool,
}

impl Side {
    /// Joins a process that runs.
    pub(crate) fn join(
        pid: u32,
        number: usize,
        threshold: u64,
        now: u64,
    ) -> Result<Self, StackError> {
        let alive = Alive::now(pid).ok_or(StackError::Gone(pid))?;
        Ok(Self {
            number,
            head: Head::new(pid, 0, command(pid), folder(pid), now),
            texts: NoTexts,
            process: Process::open(pid)?,
            alive,
            program: program(pid),
            threads: HashMap::new(),
            next: 0,
            threshold,
            backlog: Backlog::default(),
            order: 0,
            looks: 0,
            since: now,
            done: false,
        })
    }

    /// Whose process it is.
    pub(crate) const fn head(&self) -> &Head {
        &self.head
    }

    /// The texts that its facts name: none.
    pub(crate) const fn texts(&mut self) -> &mut NoTexts {
        &mut self.texts
    }

    /// Whether it still runs, as far as is known.
    pub(crate) const fn is_alive(&self) -> bool {
        !self.done
    }

    /// What cannot be told of it, and what helps; `None` where nothing is missing.
    pub(crate) fn lacks(&self) -> Option<String> {
        const CURE: &str =
            "build it with debug = \"line-tables-only\" and strip = false in its profile";
        let name = fs::read_link(format!("/proc/{}/exe", self.head.pid)).unwrap_or_default();
        let name = name
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        match self.process.is_named() {
            (false, _) => Some(format!(
                "{name} is stripped: what its threads do cannot be told, and there are no lines: {CURE}"
            )),
            (true, false) => Some(format!("{name} has no lines, functions only: {CURE}")),
            (true, true) => None,
        }
    }

    /// Whether what its threads do can be told.
    pub(crate) fn is_named(&self) -> bool {
        self.process.is_named().0
    }

    /// Whether one of its threads does something, and should be looked at soon.
    pub(crate) fn is_busy(&self) -> bool {
        let mut threads = self.threads.values();
        !self.done && threads.any(|(_, thread)| !thread.is_free() && thread.is_of_tokio())
    }

    /// It was found.
    pub(crate) const fn joined(&self) -> Fact {
        Fact {
            at: self.since,
            process: self.number,
            order: 0,
            thread: 0,
            what: What::Joined,
        }
    }

    /// Adds what is seen at `now`. Returns the moment from which on something may still come. `last`: it is the last look;
    /// one that goes on is left as it is.
    pub(crate) fn look(&mut self, now: u64, last: bool, out: &mut Vec<Fact>) -> u64 {
        if self.done || last && !self.still(now, out) {
            return u64::MAX;
        }
        self.looks = self.looks.wrapping_add(1);
        if self.looks.is_multiple_of(SELDOM) && !self.still(now, out) {
            return u64::MAX;
        }
        if self.looks % OFTEN == 1 {
            self.find_threads(now);
        }
        self.process.let_go();
        let mut floor = u64::MAX;
        let mut is_held = false;
        let mut tids: Vec<u32> = self.threads.keys().copied().collect();
        tids.sort_unstable();
        for tid in tids {
            let Some((index, thread)) = self.threads.get_mut(&tid) else {
                continue;
            };
            let index = *index;
            let given = thread.look(&mut self.process, now, self.threshold);
            is_held |= thread.is_held(now, self.threshold);
            floor = floor.min(given.floor.unwrap_or(u64::MAX));
            if given.over {
                self.threads.remove(&tid);
            }
            self.tell(index, given, out);
        }
        // Its last thread has ended.
        if self.threads.is_empty() && !self.still(now, out) {
            return u64::MAX;
        }
        if let Some(waiting) = self.backlog.look(self.process.pid(), now, is_held) {
            let waiting = What::Waiting(waiting.to_vec());
            out.push(self.fact(now, 0, waiting));
        }
        floor
    }

    fn find_threads(&mut self, now: u64) {
        let pid = self.process.pid();
        for tid in all(pid) {
            if self.threads.contains_key(&tid) || self.next == u16::MAX {
                continue;
            }
            if let Some(thread) = Thread::open(pid, tid, now) {
                self.threads.insert(tid, (self.next, thread));
                self.next += 1;
            }
        }
    }

    fn tell(&mut self, index: u16, given: Given, out: &mut Vec<Fact>) {
        for (at, seen) in given.seen {
            // What it began before it was found is told from then on.
            let at = at.max(self.since);
            let fact = self.fact(at, index, What::Seen(seen));
            out.push(fact);
        }
        if let Some((at, sample)) = given.sample {
            let at = at.max(self.since);
            let fact = self.fact(at, index, What::Held(Box::new(sample)));
            out.push(fact);
        }
    }

    /// Whether it still runs what it ran when it was found; adds its end where it does not.
    fn still(&mut self, now: u64, out: &mut Vec<Fact>) -> bool {
        let status = match self.alive.still() {
            Ok(()) if program(self.head.pid) == self.program => return true,
            // It runs another program from now on.
            Ok(()) => None,
            Err(status) => status,
        };
        self.end(now, status, out);
        false
    }

    /// Adds its end, and that of all that goes on in it.
    pub(crate) fn end(&mut self, now: u64, status: Option<i32>, out: &mut Vec<Fact>) {
        if std::mem::replace(&mut self.done, true) {
            return;
        }
        let mut indexes: Vec<u16> = self.threads.drain().map(|(_, (index, _))| index).collect();
        indexes.sort_unstable();
        for index in indexes {
            let over = self.fact(now, index, What::Seen(Seen::Over));
            out.push(over);
        }
        out.push(self.fact(now, 0, What::Ended(status)));
    }

    const fn fact(&mut self, at: u64, thread: u16, what: What) -> Fact {
        self.order += 1;
        Fact {
            at,
            process: self.number,
            order: self.order,
            thread,
            what,
        }
    }
}

/// Which executable a process runs, by its inode.
fn program(pid: u32) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(fs::metadata(format!("/proc/{pid}/exe")).ok()?.ino())
}

/// The command of a process, word by word.
pub fn command(pid: u32) -> Vec<String> {
    let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = bytes
        .split(|byte| *byte == 0)
        .filter(|word| !word.is_empty());
    words
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect()
}

/// The folder that a process runs in.
fn folder(pid: u32) -> String {
    let folder = fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
    folder.to_string_lossy().into_owned()
}
