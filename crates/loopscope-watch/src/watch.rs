//! A watch: a program is started, listened to, and brought to its end.

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{fmt, io};

use loopscope_stack::{Process, is_tokio};
use loopscope_trace::{Batch, Story};
use rustix::process::Signal;

use crate::going::{ENDED, Shared, listen, lock};
use crate::listen::{Listener, story};
use crate::start::environment::environment;
use crate::start::folder::PrivateFolder;
use crate::start::options::{Join, Options, WatchError};
use crate::start::program::{Exit, Program};
use crate::stream::streams::Streams;

/// The folder among the Python files that is put on `PYTHONPATH`: its `sitecustomize` begins.
const INJECT: &str = "inject";
/// How long a program may take to end once its watch is dropped.
const DROPPED: Duration = Duration::from_millis(500);

/// A program that is watched; dropping it ends the program.
pub struct Watch {
    options: Options,
    batches: Receiver<Batch>,
    shared: Arc<Mutex<Shared>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Watch {
    /// Starts a program and listens to it.
    ///
    /// # Errors
    /// Where it cannot be found or started, or the system refuses what a watch needs.
    pub fn start(options: Options) -> Result<Self, WatchError> {
        if let Some(Join::Process(pid)) = options.join {
            // Whether the rights are there is known before anything is shown.
            drop(Process::open(pid)?);
            if !is_tokio(pid) {
                return Err(WatchError::NoTokio(pid));
            }
        }
        let folder = PrivateFolder::new(&options.python).map_err(WatchError::Folder)?;
        let socket = folder.socket();
        let streams = match &options.join {
            Some(Join::Address(address)) => Streams::connect(address.clone()),
            _ => Streams::listen(&socket).map_err(WatchError::Folder)?,
        };
        let inject = folder.python().join(INJECT);
        let set = environment(&options, &inject, &folder.rings(), &socket);
        let program = match &options.join {
            Some(join) => Program::join(join)?,
            None => Program::start(&options, set)?,
        };
        let shared = Arc::new(Mutex::new(Shared {
            program,
            stopping: None,
            asked_again: false,
            pids: Vec::new(),
            heard: false,
            notes: Vec::new(),
            noted: false,
            exit: None,
        }));
        let (sender, batches) = mpsc::channel();
        let listener =
            Listener::new(folder.rings(), options.threshold, options.output).with(streams);
        let ours = Arc::clone(&shared);
        let asked = options.clone();
        let thread = thread::Builder::new()
            .name("loopscope-watch".to_owned())
            .spawn(move || listen(listener, &ours, &sender, (folder, asked)))
            .map_err(|error| WatchError::System {
                what: "thread",
                cause: error.to_string(),
            })?;
        Ok(Self {
            options,
            batches,
            shared,
            thread: Some(thread),
        })
    }

    /// What is known beforehand: the command and the threshold. All else comes as rows of the batches.
    pub fn story(&self) -> Story {
        story(&self.options.title(), self.options.threshold)
    }

    /// What happens, in order: a batch every few milliseconds, also when nothing happened, so that `upto` goes on.
    /// Closed after the end of the program.
    pub const fn batches(&self) -> &Receiver<Batch> {
        &self.batches
    }

    /// Asks the program to end, as Ctrl-C does; one that does not is ended. Returns at once.
    pub fn stop(&self) {
        let mut shared = lock(&self.shared);
        if shared.stopping.is_none() {
            shared.stopping = Some((Instant::now(), ENDED));
            shared.program.signal(Signal::INT);
        }
    }

    /// Ends the program and starts it again: its batches are those of a new run, with a new story.
    ///
    /// # Errors
    /// As those of [`Self::start`].
    pub fn restart(&mut self) -> Result<(), WatchError> {
        self.end();
        *self = Self::start(self.options.clone())?;
        Ok(())
    }

    /// Hands a signal on to the program; a number that has no name is not sent.
    pub fn signal(&self, number: i32) {
        if let Some(signal) = Signal::from_named_raw(number) {
            lock(&self.shared).program.signal(signal);
        }
    }

    /// Gives its terminal another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        lock(&self.shared).program.resize(columns, rows);
    }

    /// What is typed in its terminal.
    ///
    /// # Errors
    /// Where it has none of its own, or reads no more.
    pub fn input(&self, bytes: &[u8]) -> io::Result<()> {
        lock(&self.shared).program.input(bytes)
    }

    /// The end of what it wrote to its own terminal, 64 KiB at most.
    pub fn written(&self) -> Vec<u8> {
        lock(&self.shared).program.written()
    }

    /// The number of the process that was started.
    pub fn pid(&self) -> u32 {
        lock(&self.shared).program.pid()
    }

    /// The numbers of the processes that tell what they do, the one that was started among them.
    pub fn pids(&self) -> Vec<u32> {
        lock(&self.shared).pids.clone()
    }

    /// What there is to say about the programs that were found, since this was asked before.
    pub fn notes(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.shared).notes)
    }

    /// Whether there was anything to say about them.
    pub fn noted(&self) -> bool {
        lock(&self.shared).noted
    }

    /// Whether any process of it has begun to tell what it does.
    pub fn heard(&self) -> bool {
        lock(&self.shared).heard
    }

    /// How the program ended; `None` while it runs.
    pub fn exit(&self) -> Option<Exit> {
        lock(&self.shared).exit
    }

    /// Ends it and waits for that.
    fn end(&mut self) {
        {
            let mut shared = lock(&self.shared);
            let since = shared
                .stopping
                .map_or_else(Instant::now, |(since, _)| since);
            shared.stopping = Some((since, DROPPED));
            shared.program.signal(Signal::INT);
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.end();
    }
}
