//! A process that is looked into: its memory, its files, its threads.

use std::collections::HashMap;
use std::fs::File;
use std::time::{Duration, Instant};

use crate::image::modules::Modules;
use crate::meaning::name::krate;
use crate::meaning::owner::{Owner, owner, root};
use crate::meaning::ticks::{Snapshot, Ticks};
use crate::meaning::work::{Doing, Frame, Role, Work, work};
use crate::proc::rights::{StackError, why};
use crate::proc::thread::Call;
use crate::walk::frames::{Walk, walk};
use crate::walk::stop::Seized;

/// How many frames on the stack of the main thread are looked at for the program's own package.
const OUTERMOST: usize = 12;

/// A process that is looked into. Dropping it leaves nothing behind in the process.
pub struct Process {
    pid: u32,
    memory: File,
    modules: Modules,
    seized: Seized,
    /// Whose the source files are that were met so far: to find a vendored package takes a look at folders.
    owners: HashMap<String, Owner>,
    /// The folder of the package that `main` is of, where it was fetched and is no checkout of the user's.
    package: Option<String>,
    /// The crate that `main` is of.
    program: String,
}

/// What a look at a thread shows.
#[derive(Clone, Debug)]
pub struct Look {
    /// The calls, the innermost first, inlined ones too.
    pub frames: Vec<Frame>,
    /// What they say.
    pub work: Work,
    /// Whether they lead to the thread's beginning.
    pub whole: bool,
    /// For how long the thread was stopped; `None` where it slept.
    pub stopped: Option<Duration>,
    /// How long it took.
    pub took: Duration,
    /// What tokio's loop keeps, for [`Ticks::learn`]; `None` where it runs none.
    pub snapshot: Option<Snapshot>,
}

impl Process {
    /// Opens a process.
    ///
    /// # Errors
    /// Where it has ended, or the rights to look into it are missing.
    pub fn open(pid: u32) -> Result<Self, StackError> {
        let path = format!("/proc/{pid}/mem");
        let memory = File::open(path).map_err(|error| why(pid, &error))?;
        let modules = Modules::read(pid, &memory).map_err(|error| why(pid, &error))?;
        let mut process = Self {
            pid,
            memory,
            modules,
            seized: Seized::default(),
            owners: HashMap::new(),
            package: None,
            program: String::new(),
        };
        process.find_own();
        Ok(process)
    }

    /// Its number.
    pub const fn pid(&self) -> u32 {
        self.pid
    }

    /// The folder of the package that `main` is of, where it lies among those of libraries.
    pub fn package(&self) -> Option<&str> {
        self.package.as_deref()
    }

    /// Whether it has symbols, and whether it has lines.
    pub fn is_named(&self) -> (bool, bool) {
        self.modules.is_named()
    }

    /// Looks at a thread that does this: without a stop where it sleeps, with a short one where it runs. `None` where it
    /// has ended, or could not be stopped.
    pub fn look(&mut self, tid: u32, call: Call) -> Option<Look> {
        let began = Instant::now();
        let walked = walk(tid, call, &self.memory, &mut self.modules, &mut self.seized)?;
        let frames = self.frames(&walked);
        let work = work(&frames);
        let snapshot = self.snapshot(&walked, &frames, work);
        Some(Look {
            frames,
            work,
            whole: walked.whole,
            stopped: walked.stopped,
            took: began.elapsed(),
            snapshot,
        })
    }

    /// Whether a thread has gone on to another poll since this was asked before: [`Ticks::moved`].
    pub fn moved(&self, ticks: &mut Ticks, slept: bool) -> Option<bool> {
        ticks.moved(&self.memory, slept)
    }

    /// Lets threads go on that could not be stopped in time and have stopped since.
    pub fn let_go(&mut self) {
        self.seized.let_go();
    }

    fn frames(&mut self, walked: &Walk) -> Vec<Frame> {
        let mut frames = Vec::new();
        for frame in &walked.frames {
            for line in self.modules.lines(frame.address).iter() {
                let of_file = match self.owners.get(&line.file) {
                    Some(owner) => owner.clone(),
                    None => {
                        let owner = owner(&line.file);
                        self.owners.insert(line.file.clone(), owner.clone());
                        owner
                    }
                };
                frames.push(Frame {
                    owner: self.owner(of_file, &line.file, &line.function),
                    function: line.function.clone(),
                    file: line.file.clone(),
                    line: line.line,
                    sp: frame.sp,
                });
            }
        }
        frames
    }

    /// Whose a call is: by its file, and where it has none by its crate.
    fn owner(&self, of_file: Owner, file: &str, function: &str) -> Owner {
        match of_file {
            Owner::Unknown if function.is_empty() => Owner::Unknown,
            Owner::Unknown => match krate(function) {
                "std" | "core" | "alloc" => Owner::Std,
                name if name == self.program && function.contains("::") => Owner::User,
                name if function.contains("::") => Owner::Package(name.to_owned()),
                _ => Owner::Std,
            },
            Owner::Package(_) if self.is_own(file) => Owner::User,
            other => other,
        }
    }

    fn is_own(&self, file: &str) -> bool {
        self.package
            .as_deref()
            .is_some_and(|package| root(file) == Some(package))
    }

    /// Finds the package of the program's own `main`: that of a program that was installed lies where libraries lie.
    fn find_own(&mut self) {
        let exe = std::fs::read_link(format!("/proc/{}/exe", self.pid)).unwrap_or_default();
        let name = exe.file_name().unwrap_or_default().to_string_lossy();
        let name = name.trim_end_matches(" (deleted)");
        // What cargo builds tests and examples as has a number behind its name.
        let stem = name.rsplit_once('-').filter(|(_, hash)| {
            hash.len() == 16 && hash.bytes().all(|letter| letter.is_ascii_hexdigit())
        });
        self.program = stem.map_or(name, |(stem, _)| stem).replace('-', "_");
        let thread = crate::proc::thread::Thread::open(self.pid, self.pid);
        let call = thread.and_then(|thread| thread.call());
        let Some(look) = call.and_then(|call| self.look(self.pid, call)) else {
            return;
        };
        let outermost = look.frames.iter().rev().take(OUTERMOST);
        let mut of_main = outermost.filter(|frame| frame.function.contains("::main"));
        if let Some(main) = of_main.find(|frame| krate(&frame.function) != "std") {
            krate(&main.function).clone_into(&mut self.program);
            if main.owner != Owner::User {
                self.package = root(&main.file).map(str::to_owned);
            }
        }
    }

    /// What the frames of tokio's loop point to.
    fn snapshot(&self, walked: &Walk, frames: &[Frame], work: Work) -> Option<Snapshot> {
        let is_loop = matches!(work.role, Role::Worker | Role::CurrentThread);
        // In between its state is not where it is while it polls or sleeps.
        if !is_loop || !matches!(work.doing, Doing::Poll | Doing::Parked) {
            return None;
        }
        let at = frames.get(work.scheduler?)?.sp;
        let outer = walked.frames.iter().find(|frame| frame.sp > at)?.sp;
        let sp = walked.frames.first()?.sp;
        // The loop's own functions call each other: what they keep lies in the frames of all of them.
        let inner = frames[..work.scheduler?].iter().rev();
        let own = inner.take_while(|frame| frame.file.contains("/runtime/scheduler/"));
        let from = own.map(|frame| frame.sp).min().unwrap_or(at);
        Some(Snapshot::take(
            &self.memory,
            &walked.stack,
            sp,
            (from, outer),
        ))
    }
}

impl std::fmt::Debug for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Process")
            .field("pid", &self.pid)
            .field("package", &self.package)
            .field("program", &self.program)
            .finish_non_exhaustive()
    }
}
