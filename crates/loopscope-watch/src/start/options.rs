//! What is watched and how, and why a program could not be started.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io;
use std::iter;
use std::path::PathBuf;
use std::time::Duration;

use crate::stream::socket::Address;

/// A program that runs already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Join {
    /// Its process.
    Process(u32),
    /// Where it waits for its watcher.
    Address(Address),
}

/// What is watched, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The program, where it runs already and is not started; the watch ends without it.
    pub join: Option<Join>,
    /// The program and its arguments.
    pub command: Vec<OsString>,
    /// The folder in which it is started; the current one unless told.
    pub folder: Option<PathBuf>,
    /// The Python files that listen inside it, each with its path: `inject/sitecustomize.py` is what begins, and the
    /// folder `inject` stands on its `PYTHONPATH`.
    pub python: Vec<(String, Cow<'static, [u8]>)>,
    /// What is set in its environment besides.
    pub environment: Vec<(OsString, OsString)>,
    /// Columns and rows of a terminal of its own. Without one it has the streams of this program.
    pub terminal: Option<(u16, u16)>,
    /// A turn that lasts longer is a block.
    pub threshold: Duration,
    /// For how long it is watched; until its end unless told.
    pub length: Option<Duration>,
    /// Whether what it prints is part of the trace.
    pub output: bool,
    /// Whether query strings and arguments are part of the trace.
    pub arguments: bool,
}

impl Options {
    /// Watches `command` in the current folder, with the streams of this program and the usual threshold of 50 ms.
    pub fn new(command: Vec<OsString>) -> Self {
        Self {
            join: None,
            command,
            folder: None,
            python: Vec::new(),
            environment: Vec::new(),
            terminal: None,
            threshold: Duration::from_millis(50),
            length: None,
            output: true,
            arguments: true,
        }
    }

    /// Joins a program that runs already.
    pub fn joining(join: Join) -> Self {
        Self {
            join: Some(join),
            ..Self::new(Vec::new())
        }
    }

    /// The command, its words parted by spaces, the program without its folders; of a program that runs already its
    /// number or address.
    pub fn title(&self) -> String {
        match &self.join {
            Some(Join::Process(pid)) => return format!("process {pid}"),
            Some(Join::Address(address)) => return address.to_string(),
            None => {}
        }
        let mut words = self.command.iter().map(|word| word.to_string_lossy());
        let program = words.next().unwrap_or_default();
        let name = program.rsplit('/').next().unwrap_or(&program).to_owned();
        let words: Vec<String> = iter::once(name).chain(words.map(Cow::into_owned)).collect();
        words.join(" ")
    }
}

/// Why a program is not watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// No command was given.
    #[error("there is no command to watch; write it behind `--`: `watch -- uvicorn app:app`")]
    NoCommand,
    /// The command does not lead to a program.
    #[error(
        "`{0}` is no program that can be found; check its name, or activate its environment first"
    )]
    NotFound(String),
    /// No such process runs.
    #[error("no process {0} runs here; `ps` tells which do")]
    NoProcess(u32),
    /// The operating system refused to start it.
    #[error(
        "`{command}` cannot be started: {cause}; check that you may run it, and the folder it runs in"
    )]
    Start {
        /// The first word of the command.
        command: String,
        /// What the operating system said.
        cause: String,
    },
    /// No private folder could be made.
    #[error(
        "no private folder can be made for the watch: {0}; make room in the folder for temporary files"
    )]
    Folder(#[source] io::Error),
    /// The process that is to be joined runs nothing that can be seen from outside.
    #[error(
        "process {0} holds no tokio: only tokio programs are joined while they run; an asyncio program is watched from its start, \
         with `loopscope watch -- COMMAND`"
    )]
    NoTokio(u32),
    /// The process that is to be joined cannot be looked into.
    #[error("{0}")]
    Attach(#[from] loopscope_stack::StackError),
    /// A terminal or a thread was refused.
    #[error("the system has no {what} left: {cause}; end other programs, or raise its limits")]
    System {
        /// `terminal` or `thread`.
        what: &'static str,
        /// What the operating system said.
        cause: String,
    },
    /// What should be a watch's folder is none.
    #[error(
        "{folder} holds no ring of a watched program: {cause}; name the folder that was given to `loopscope.install`"
    )]
    NoRing {
        /// The folder.
        folder: String,
        /// What is wrong with it.
        cause: String,
    },
}
