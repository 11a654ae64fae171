//! The program that is watched: started in a terminal of its own or with our streams, and its end.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::outside::alive::Alive;
use crate::start::options::{Join, Options, WatchError};

/// How many bytes of what it wrote to its terminal are kept.
const KEPT: usize = 64 * 1024;

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// By itself, with this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

/// A program that was started.
pub(crate) struct Program {
    origin: Origin,
    terminal: Option<Terminal>,
    exit: Option<Exit>,
}

/// Where it comes from.
enum Origin {
    Started(Child),
    /// It ran already; its process, where that is known.
    Joined(Option<Alive>),
}

/// The terminal that it runs in.
struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    written: Arc<Mutex<VecDeque<u8>>>,
}

impl Program {
    /// Starts it with this environment besides ours.
    pub(crate) fn start(
        options: &Options,
        environment: Vec<(OsString, OsString)>,
    ) -> Result<Self, WatchError> {
        let first = options.command.first().ok_or(WatchError::NoCommand)?;
        let name = first.to_string_lossy().into_owned();
        if !can_be_found(first, options) {
            return Err(WatchError::NotFound(name));
        }
        let (child, terminal) = match options.terminal {
            Some(size) => {
                let (child, terminal) = in_terminal(options, environment, size)?;
                (child, Some(terminal))
            }
            None => (
                plainly(options, environment).map_err(|error| refused(&name, &error))?,
                None,
            ),
        };
        Ok(Self {
            origin: Origin::Started(child),
            terminal,
            exit: None,
        })
    }

    /// One that runs already: it is never ended.
    pub(crate) fn join(join: &Join) -> Result<Self, WatchError> {
        let alive = match join {
            Join::Process(pid) => Some(Alive::now(*pid).ok_or(WatchError::NoProcess(*pid))?),
            Join::Address(_) => None,
        };
        Ok(Self {
            origin: Origin::Joined(alive),
            terminal: None,
            exit: None,
        })
    }

    /// The number of its process; 0 where it is not known.
    pub(crate) fn pid(&self) -> u32 {
        match &self.origin {
            Origin::Started(child) => child.id(),
            Origin::Joined(alive) => alive.map_or(0, Alive::pid),
        }
    }

    /// How it ended, `None` while it runs.
    pub(crate) fn ended(&mut self) -> Option<Exit> {
        if self.exit.is_none() {
            self.exit = match &mut self.origin {
                Origin::Started(child) => match child.try_wait() {
                    Ok(status) => status.map(exit),
                    // Another wait took it: how it ended is not known.
                    Err(_) => Some(Exit::Code(0)),
                },
                Origin::Joined(None) => None,
                Origin::Joined(Some(alive)) => match alive.still() {
                    Ok(()) => None,
                    Err(status) => Some(Exit::Code(status.unwrap_or(0))),
                },
            };
        }
        self.exit
    }

    /// Hands a signal on to it, and, in a terminal of its own, to all that it started there. One that was joined gets none:
    /// the watch leaves it.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if self.exit.is_some() {
            return;
        }
        let Origin::Started(child) = &self.origin else {
            self.exit = Some(Exit::Code(0));
            return;
        };
        let pid = Pid::from_child(child);
        // Where it is gone already there is none to tell.
        let _ = if self.terminal.is_some() {
            kill_process_group(pid, signal)
        } else {
            kill_process(pid, signal)
        };
    }

    /// Gives its terminal another size.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        if let Some(terminal) = &self.terminal {
            let _ = terminal.master.resize(size((columns, rows)));
        }
    }

    /// What is typed in its terminal.
    pub(crate) fn input(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.terminal {
            Some(terminal) => terminal.writer.write_all(bytes),
            None => Err(io::Error::other("it has no terminal of its own")),
        }
    }

    /// The end of what it wrote to its terminal.
    pub(crate) fn written(&self) -> Vec<u8> {
        let Some(terminal) = &self.terminal else {
            return Vec::new();
        };
        let written = terminal
            .written
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        written.iter().copied().collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.signal(Signal::KILL);
            if let Origin::Started(child) = &mut self.origin {
                let _ = child.wait();
            }
        }
    }
}

fn exit(status: ExitStatus) -> Exit {
    match (status.code(), status.signal()) {
        (Some(code), _) => Exit::Code(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Code(0),
    }
}

fn refused(command: &str, error: &dyn std::fmt::Display) -> WatchError {
    WatchError::Start {
        command: command.to_owned(),
        cause: error.to_string(),
    }
}

/// Whether the first word of a command leads to a file: by its path, or in a folder of `PATH`.
fn can_be_found(first: &OsString, options: &Options) -> bool {
    let folder = options.folder.clone().unwrap_or_default();
    if first.to_string_lossy().contains('/') {
        return folder.join(first).is_file();
    }
    let own = options.environment.iter().find(|(name, _)| name == "PATH");
    let path = own
        .map(|(_, value)| value.clone())
        .or_else(|| std::env::var_os("PATH"));
    std::env::split_paths(&path.unwrap_or_default())
        .any(|base| folder.join(base).join(first).is_file())
}

fn plainly(options: &Options, environment: Vec<(OsString, OsString)>) -> io::Result<Child> {
    let mut words = options.command.iter();
    let mut command = Command::new(words.next().ok_or(io::ErrorKind::InvalidInput)?);
    command.args(words).envs(environment);
    if let Some(folder) = &options.folder {
        command.current_dir(folder);
    }
    command.spawn()
}

const fn size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

fn in_terminal(
    options: &Options,
    environment: Vec<(OsString, OsString)>,
    shape: (u16, u16),
) -> Result<(Child, Terminal), WatchError> {
    let system = |what, cause: String| WatchError::System { what, cause };
    let no_terminal = |error: &dyn std::fmt::Display| system("terminal", error.to_string());
    let pair = native_pty_system()
        .openpty(size(shape))
        .map_err(|error| no_terminal(&error))?;
    let mut command = CommandBuilder::from_argv(options.command.clone());
    for (name, value) in environment {
        command.env(name, value);
    }
    let here = std::env::current_dir().ok();
    if let Some(folder) = options.folder.clone().or(here) {
        command.cwd(folder);
    }
    let name = options
        .command
        .first()
        .map(|word| word.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let child: Box<dyn portable_pty::Child> = pair
        .slave
        .spawn_command(command)
        .map_err(|error| refused(&name, &error))?;
    drop(pair.slave);
    let Ok(child) = child.downcast::<Child>() else {
        return Err(system("terminal", "it is none of this system's".to_owned()));
    };
    let reader = pair
        .master
        .try_clone_reader()
        .map_err(|error| no_terminal(&error))?;
    let writer = pair
        .master
        .take_writer()
        .map_err(|error| no_terminal(&error))?;
    let written = Arc::default();
    let kept = Arc::clone(&written);
    thread::Builder::new()
        .name("loopscope-terminal".to_owned())
        .spawn(move || keep(reader, &kept))
        .map_err(|error| system("thread", error.to_string()))?;
    let terminal = Terminal {
        master: pair.master,
        writer,
        written,
    };
    Ok((*child, terminal))
}

/// Reads a terminal until it is closed, so that the program never waits for room in it, and keeps the end.
fn keep(mut reader: Box<dyn Read + Send>, written: &Mutex<VecDeque<u8>>) {
    let mut bytes = [0; 4096];
    loop {
        match reader.read(&mut bytes) {
            Ok(0) => return,
            Ok(count) => {
                let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
                written.extend(&bytes[..count]);
                let over = written.len().saturating_sub(KEPT);
                written.drain(..over);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}
