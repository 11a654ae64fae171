//! What can be asked of the application.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use loopscope_trace::{Answers, Language};

use crate::export::Export;
use crate::menu::Remember;
use crate::notes::Page;
use crate::reply::{Reply, Slot};

/// A program of the user's own that is to be watched, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// The program and its arguments.
    pub words: Vec<OsString>,
    /// The program that is joined instead of starting one.
    pub attach: Option<Target>,
    /// For how long it is watched; until its end unless told.
    pub length: Option<Duration>,
    /// A turn that lasts longer is a block.
    pub threshold: Duration,
    /// Whether what it prints is kept.
    pub output: bool,
    /// Whether query strings are kept.
    pub arguments: bool,
    /// How much of it is kept at least: what is older is let go.
    pub keep: Duration,
    /// Columns and rows of a terminal of its own; without one it has the streams of this program.
    pub terminal: Option<(u16, u16)>,
    /// What it is sent over loopback as soon as it listens.
    pub requests: Vec<Visit>,
    /// Whether it is asked to end once all of these are answered.
    pub until_answered: bool,
}

/// A program that runs already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Its process, which is looked at from outside.
    Process(u32),
    /// The socket in the file system at which it waits for its watcher.
    Path(PathBuf),
    /// The port on loopback at which it waits.
    Port(SocketAddr),
}

/// Requests that a watched program is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// `GET`.
    pub method: String,
    /// The path and what stands behind it: `/ping?name=a`.
    pub path: String,
    /// How many at the same moment.
    pub times: u32,
}

/// One thing that is asked. None of them makes the asker wait: what comes of it is a
/// [`Reply`].
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// What is known at the start: [`Reply::Hello`].
    Hello,
    /// The rows of the menu, read anew; the cursor goes to this id where one is given.
    List(Option<String>),
    /// Open a scenario: an id, a number, or a path. A run that goes on is stopped, but a program that is watched goes on.
    Open(String),
    /// Open a scenario or a recording, whichever it is: [`Reply::OpenedEither`]. What runs is stopped.
    OpenEither(String),
    /// Open two scenarios or recordings that are to be compared. What runs is stopped.
    OpenPair([String; 2]),
    /// Open a recording, by its path: to run it is to play it again.
    OpenRecording(PathBuf),
    /// Open a program of the user's own, to be watched: [`Reply::Opened`]. What runs is stopped.
    Watch(Command),
    /// A signal for the program that is watched.
    Signal(i32),
    /// Columns and rows of the terminal of the program that is watched, from now on.
    Resize(u16, u16),
    /// The story of the opened scenario with these values of its knobs; nothing runs.
    Turn(Vec<(String, i64)>),
    /// Read the file of the opened scenario again.
    Reload,
    /// Run what is open; a run of the same slot that goes on is stopped first.
    Run {
        /// What is run.
        slot: Slot,
        /// Comes back with all that belongs to the run.
        number: u32,
        /// Names and values of knobs; the file's own where one is not named.
        knobs: Vec<(String, i64)>,
        /// What was said before it, for its recording.
        answers: Answers,
    },
    /// Run the opened scenario several times, one run after the other, and count what they came to.
    RunMany {
        /// Comes back with each count.
        number: u32,
        /// How often.
        times: u32,
        /// Names and values of knobs.
        knobs: Vec<(String, i64)>,
        /// Runs are hurried where they really take their time: one wants to see how they differ.
        hurry: bool,
    },
    /// Run the opened scenario once with each of these values of its knobs.
    RunEach {
        /// Comes back with each run's figures.
        number: u32,
        /// For each run the names and values of its knobs.
        knobs: Vec<Vec<(String, i64)>>,
    },
    /// Send one more real request into the run: [`Reply::Sent`].
    SendRequest,
    /// What people have said has changed: for the recording of the newest run.
    KeepAnswers(Answers),
    /// Stop all that runs, also what is starting.
    Stop,
    /// The pace of runs from now on, in scenario seconds in a wall second; their own where `None`.
    Pace(Option<f64>),
    /// Whether runs from now on compute their time.
    VirtualTime(bool),
    /// The language whose rules runs from now on are played by, where a scenario is told in it.
    Language(Language),
    /// Whether tokio-metrics counts in the runs from now on.
    Metrics(bool),
    /// Open tokio-console's listener, for the runs from now on.
    Console,
    /// Offer the presenter's notes to other terminals from now on.
    OfferNotes,
    /// The presenter's notes have changed; asked at most ten times a second.
    ShowNotes(Box<Page>),
    /// Keep something beyond the end of the program. Where that fails, one sentence says so.
    Remember(Remember),
    /// What to start for editing a scenario: this id, or what is open.
    Edit(Option<String>),
    /// What to start for editing a line of a file: [`Reply::Edit`].
    EditAt {
        /// The file.
        path: String,
        /// The line, counted from 1.
        line: u32,
    },
    /// Open the program again that was watched before the scenario that is open, and has gone on; nothing is told.
    Return,
    /// The editor that was started has ended: a copy in which nothing was changed goes again.
    EditorEnded,
    /// What a scenario can be exported to: this id, or what is open.
    Offers(Option<String>),
    /// Write a new file.
    Export(Export),
    /// The text of what is open as a program: [`Reply::Program`].
    Program {
        /// What it is written in.
        language: Language,
        /// Names and values of knobs; the file's own where one is not named, or those of the recording.
        knobs: Vec<(String, i64)>,
    },
    /// End: what runs is stopped, recordings are completed, and [`Reply::Closed`] is
    /// the last reply.
    Close,
}

/// One asker's two ends. Replies come in the order in which they were sent; an asker that drops its
/// ends has left.
#[derive(Debug)]
pub struct Client {
    /// Where it asks.
    pub requests: Sender<Request>,
    /// Where it is told.
    pub replies: Receiver<Reply>,
}
