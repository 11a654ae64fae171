//! Listens to all processes of a watch: look by look, what happened in them becomes the next part of one trace.

use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;

use loopscope_stack::StackError;
use loopscope_trace::{Batch, Clock, EndReason, Nanos, Story, Watched};
use rustix::time::{ClockId, clock_gettime};

use crate::merge::pending::Pending;
use crate::merge::side::Side;
use crate::native::found::Finder;
use crate::native::side::Side as Native;
use crate::stream::streams::Streams;
use crate::teller::Teller;
use crate::translate::translator::Translator;

/// What a thread began this long before a look is seen at it.
const MARGIN: u64 = 1_000_000;
/// How often it is tried to open the ring of a process.
const TRIES: u32 = 50;

/// Listens to the processes whose rings are in one folder, and to those that come to a socket.
pub struct Listener {
    folder: PathBuf,
    threshold: u64,
    /// The rings that were found, by their process: the file, and how often it could not be read.
    found: HashMap<u32, (u64, u32)>,
    streams: Streams,
    tellers: Vec<Teller>,
    /// Where programs that tell nothing by themselves are looked for.
    finder: Finder,
    /// What there is to say about them.
    notes: Vec<String>,
    pending: Pending,
    translator: Translator,
    /// The moment of the look before: what began since may be over without a sign of it yet.
    looked: u64,
    upto: u64,
}

/// Now, in nanoseconds of the monotonic clock, as the watched processes count.
pub fn now() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    u64::try_from(now.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(now.tv_nsec).unwrap_or(0)
}

/// The story of a watched program, before anything is known of it.
pub fn story(command: &str, threshold: Duration) -> Story {
    Story {
        title: command.to_owned(),
        clock: Clock::Real,
        watched: Some(Watched {
            command: command.to_owned(),
            threshold: Nanos::from(threshold),
            ..Watched::default()
        }),
        ..Story::default()
    }
}

impl Listener {
    /// Listens to what is, and comes, in this folder. `output`: whether what is printed is part of the trace.
    pub fn new(folder: PathBuf, threshold: Duration, output: bool) -> Self {
        Self {
            folder,
            threshold: Nanos::from(threshold).0,
            found: HashMap::new(),
            streams: Streams::default(),
            tellers: Vec::new(),
            finder: Finder::default(),
            notes: Vec::new(),
            pending: Pending::default(),
            translator: Translator::new(output),
            looked: 0,
            upto: 0,
        }
    }

    /// Listens as well to programs that tell by these streams.
    pub(crate) fn with(mut self, streams: Streams) -> Self {
        self.streams = streams;
        self
    }

    /// Looks for tokio programs among the descendants of this process, too.
    pub fn look_below(&mut self, pid: u32) {
        self.finder = Finder::below(pid);
    }

    /// Looks at this tokio program, too.
    ///
    /// # Errors
    /// Where it has ended, or the rights to look into it are missing.
    pub fn join_native(&mut self, pid: u32, now: u64) -> Result<(), StackError> {
        let native = Native::join(pid, self.tellers.len(), self.threshold, now)?;
        self.notes.extend(native.lacks());
        if native.is_named() {
            self.add(Teller::Native(Box::new(native)));
        }
        Ok(())
    }

    /// What there is to say about the programs that were found, since this was asked before.
    pub fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// Whether a program that is looked at from outside does something, and should be looked at soon.
    pub fn is_busy(&self) -> bool {
        let busy = |teller: &Teller| matches!(teller, Teller::Native(native) if native.is_busy());
        self.tellers.iter().any(busy)
    }

    /// Joins the tokio programs that are new. Those that tell by themselves are not looked at, too.
    fn find(&mut self, now: u64) {
        for pid in self.finder.look(now) {
            let mut tellers = self.tellers.iter();
            if tellers.any(|teller| teller.is_alive() && teller.head().pid == pid) {
                continue;
            }
            // One that has ended since is none, and one that may not be looked into is told.
            match self.join_native(pid, now) {
                Ok(()) | Err(StackError::Gone(_)) => {}
                Err(error) => self.notes.push(error.to_string()),
            }
        }
    }

    /// What became known since the last look, of the time up to a moment before `now`. `exit` is the process that was
    /// started, and how it ended, once it has: an exit code, or, below zero, a signal.
    pub fn look(&mut self, now: u64, exit: Option<(u32, i32)>) -> Batch {
        let floor = self.gather(now, exit.is_some());
        let known = self.looked.saturating_sub(MARGIN);
        self.looked = now;
        let upto = floor.map_or(self.upto, |floor| floor.min(known));
        self.hand_on(upto, exit);
        if let Some((count, since)) = self.pending.late() {
            self.translator.late(count, since, self.upto);
        }
        self.translator.take(self.upto)
    }

    /// All that is left; the watch is over.
    pub fn finish(&mut self, now: u64, exit: Option<(u32, i32)>, reason: EndReason) -> Batch {
        self.gather(now, true);
        self.hand_on(u64::MAX, exit);
        self.translator.settle(u64::MAX);
        self.translator.end(now, reason);
        self.translator.take(now)
    }

    /// The processes that were found and have not ended.
    pub fn running(&self) -> Vec<u32> {
        let running = self.tellers.iter().filter(|teller| teller.is_alive());
        running.map(|teller| teller.head().pid).collect()
    }

    /// Whether any process was found.
    pub fn found_any(&self) -> bool {
        !self.tellers.is_empty()
    }

    /// Looks at every process. Returns the moment from which on something may still come.
    fn gather(&mut self, now: u64, last: bool) -> Option<u64> {
        self.join();
        self.join_streams(now);
        self.find(now);
        let mut floor = Some(u64::MAX);
        let mut facts = Vec::new();
        for teller in &mut self.tellers {
            let was_alive = teller.is_alive();
            let own = teller.look(now, last, self.translator.sources(), &mut facts);
            floor = floor.zip(own).map(|(floor, own)| floor.min(own));
            if let Teller::Stream(_, true) = teller
                && was_alive
                && !teller.is_alive()
            {
                self.streams.lost();
            }
        }
        self.pending.add(&mut facts);
        floor
    }

    fn hand_on(&mut self, upto: u64, exit: Option<(u32, i32)>) {
        let facts = self.pending.release(upto);
        if upto != u64::MAX {
            self.upto = self.upto.max(upto);
        }
        for fact in facts {
            self.upto = self.upto.max(fact.at);
            let teller = &mut self.tellers[fact.process];
            let status = exit
                .filter(|(pid, _)| *pid == teller.head().pid)
                .map(|(_, status)| status);
            self.translator.fact(fact, teller.texts(), status);
        }
    }

    /// Opens the rings that are new in the folder.
    fn join(&mut self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return;
        };
        let mut rings: Vec<(u32, u64)> = entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name();
                let pid = name.to_str()?.strip_suffix(".ring")?.parse().ok()?;
                let file = std::fs::symlink_metadata(entry.path()).ok()?;
                file.is_file().then(|| (pid, file.ino()))
            })
            .collect();
        rings.sort_unstable();
        for (pid, file) in rings {
            let (known, tries) = self.found.entry(pid).or_insert((file, 0));
            // A process that became another program has a new ring.
            if *known != file {
                (*known, *tries) = (file, 0);
            }
            if *tries >= TRIES {
                continue;
            }
            *tries += 1;
            let number = self.tellers.len();
            if let Ok(side) = Side::join(&self.folder, pid, number, self.threshold) {
                *tries = TRIES;
                self.add(Teller::Ring(Box::new(side)));
            }
        }
    }

    /// Adds the programs that have come by streams.
    fn join_streams(&mut self, now: u64) {
        let number = self.tellers.len();
        for (stream, is_reached) in self.streams.join(now, number, self.threshold) {
            self.leave(stream.head.pid, now);
            self.add(Teller::Stream(Box::new(stream), is_reached));
        }
    }

    /// Looks no more at a process from outside: it tells by itself from now on.
    fn leave(&mut self, pid: u32, now: u64) {
        let mut facts = Vec::new();
        for teller in &mut self.tellers {
            if let Teller::Native(native) = teller
                && native.head().pid == pid
            {
                native.end(now, None, &mut facts);
            }
        }
        self.pending.add(&mut facts);
    }

    fn add(&mut self, teller: Teller) {
        self.translator.process(teller.head());
        self.pending.add(&mut vec![teller.joined()]);
        self.tellers.push(teller);
    }
}
