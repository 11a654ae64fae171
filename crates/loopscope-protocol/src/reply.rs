//! What the application tells: of scenarios, of runs, and of a user's own files.

use std::ffi::OsString;

use crate::console::ConsoleState;
use crate::export::{Exported, Offers};
use crate::menu::{MenuEntry, Progress};
use crate::notes::NotesKey;
use crate::problem::Problem;
use loopscope_timeline::{Sample, Spread, Timeline};
use loopscope_trace::{Batch, Nanos, Story, Tally, Trace};

/// What was opened by a name that may be of either.
#[derive(Clone, Debug, PartialEq)]
pub enum Half {
    /// A scenario that can be run.
    Scenario(Box<Story>),
    /// What was recorded.
    Recording(Box<Trace>),
}

/// When hands are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Round {
    /// Before the discussion.
    #[default]
    Before,
    /// After it.
    After,
}

impl Round {
    /// Its place among the tallies of a question.
    pub const fn place(self) -> usize {
        match self {
            Self::Before => 0,
            Self::After => 1,
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
        }
    }

    /// `before`, `after`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// Which of the things that are open at once is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Slot {
    /// The scenario or recording that is open alone.
    #[default]
    Only,
    /// The first of the two that are compared.
    Left,
    /// The second of the two that are compared.
    Right,
}

impl Slot {
    /// The two that are compared.
    pub const PAIR: [Self; 2] = [Self::Left, Self::Right];

    /// Its place in the pair; `None` for what is open alone.
    pub const fn side(self) -> Option<usize> {
        match self {
            Self::Only => None,
            Self::Left => Some(0),
            Self::Right => Some(1),
        }
    }
}

/// What is known at the start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hello {
    /// All scenarios in learning order.
    pub rows: Vec<MenuEntry>,
    /// What is known from earlier runs of the program.
    pub progress: Progress,
    /// Runs compute their time.
    pub virtual_time: bool,
    /// How tokio-console's listener stands.
    pub console: ConsoleState,
}

/// A recording that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// What it holds.
    pub trace: Trace,
    /// Where it breaks off, in words; `None` where it is whole.
    pub cut: Option<String>,
}

/// What became of everything that was still to be completed.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// What went wrong with the progress, where that was not told before.
    pub progress: Option<String>,
    /// Whether the last recording is whole.
    pub recording: Result<(), Problem>,
}

/// One thing that the application tells: the answer to a request, or what happened by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// What is known at the start.
    Hello(Box<Hello>),
    /// The rows of the menu, and where the cursor is to go.
    Listed(Vec<MenuEntry>, Option<String>),
    /// A scenario was opened, or could not be.
    Opened(Result<Box<Story>, Problem>),
    /// A scenario or a recording was opened, or could not be.
    OpenedEither(Result<Box<Half>, Problem>),
    /// Two were opened, or could not be.
    Paired(Result<Box<[Half; 2]>, Problem>),
    /// A recording was read, or could not be.
    Recorded(Result<Box<Recorded>, Problem>),
    /// The opened scenario's story with other values of its knobs.
    Turned(Result<Box<Story>, Problem>),
    /// The file of what is open was read again.
    Reloaded(Result<Reloaded, Problem>),
    /// A run began, or could not; it stands before the run's first batch.
    Started {
        /// What is run.
        slot: Slot,
        /// The number that the run was given.
        run: u32,
        /// Its story, or why there is none.
        result: Result<Box<Story>, Problem>,
    },
    /// What a run handed on.
    Batch {
        /// The number that the run was given.
        run: u32,
        /// The events.
        batch: Batch,
    },
    /// What was told of a run has become too long: this takes its place, and what is handed on from now on belongs to it.
    Windowed {
        /// The number that the run was given.
        run: u32,
        /// From here on it tells all that happened; before it, only how what was alive then had come to stand.
        from: Nanos,
        /// All of it so far.
        timeline: Box<Timeline>,
    },
    /// A run is over, and its recording is in its place; it stands behind the run's last batch.
    Ended {
        /// The number that the run was given.
        run: u32,
        /// What went wrong with its recording.
        recording: Result<(), Problem>,
        /// How a program that was watched has ended, as a shell tells it: 128 and more for a signal.
        exit: Option<i32>,
    },
    /// Runs of the opened scenario have been counted.
    Counted {
        /// The number that was given with the request.
        run: u32,
        /// What they came to so far.
        spread: Box<Spread>,
        /// No more will come.
        over: bool,
    },
    /// One of the runs with other values of a knob is over.
    Swept {
        /// The number that was given with the request.
        run: u32,
        /// What it came to; `None` where it did not come to its own end.
        point: Option<Sample>,
    },
    /// Whether one more request went out.
    Sent(bool),
    /// How tokio-console's listener stands now.
    Console(ConsoleState),
    /// How it stands after it was to be opened.
    ConsoleOpened(ConsoleState),
    /// A key that was pressed beside the presenter's notes.
    NotesKey(NotesKey),
    /// What to start for editing a scenario.
    Edit(Result<Editing, Problem>),
    /// What can be exported.
    Offered(Result<Offers, Problem>),
    /// What is open as a program, or why it cannot be one.
    Program(Result<String, Problem>),
    /// A file was written, or not.
    Exported(Result<Exported, Problem>),
    /// The file of what is open has changed.
    FileChanged,
    /// The file of what is open cannot be watched, for this reason.
    FileUnwatched(String),
    /// Something that happened by itself, in one sentence.
    Notice(String),
    /// Votes were counted for the opened scenario, wherever that was done.
    Votes {
        /// The question, by its place in the story.
        question: usize,
        /// Before the discussion or after it.
        round: Round,
        /// Votes for each option.
        tally: Tally,
    },
    /// Nothing more will come.
    Closed(Box<Closed>),
}

/// What an editor is started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editing {
    /// The words of the command; the file is the last one.
    pub command: Vec<OsString>,
    /// The id of the scenario that is edited, as the menu has it.
    pub id: String,
}

/// What reading a file again came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Reloaded {
    /// It says what it said.
    Same,
    /// It says something else, and is right.
    New(Box<Story>),
}
