//! Holds lines against the law of a trace: time never goes back, and every id has been introduced.

use crate::event::kind::{Event, EventKind};
use crate::event::visit::{StoryRow, Use, Visitor};
use crate::ids::{FileId, JobId, Nanos, ProcessId, RequestId, TaskId, TextId, ThreadId};
use crate::recording::limits;
use crate::story::late::LateRow;
use crate::story::story::Story;

/// Why bytes are not a recording.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A line is not what it should be.
    #[error("line {line}: {what}; {cure}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What is wrong.
        what: String,
        /// What to do about it.
        cure: String,
    },
    /// The bytes could not be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// What is wrong with a line, and what to do about it.
pub(crate) type Fault = (String, &'static str);

/// `Ok` where `count` of `what` is not more than `most`.
pub(crate) fn within(
    what: &str,
    count: usize,
    most: usize,
    cure: &'static str,
) -> Result<(), Fault> {
    if count <= most {
        return Ok(());
    }
    Err((format!("more than {most} {what}"), cure))
}

/// The message of a JSON error without its line, which would be counted within the one line.
pub(crate) fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(end) => message[..end].to_owned(),
        None => message,
    }
}

/// How far time has come, and how many of each sort have been introduced.
#[derive(Debug, Default)]
pub(crate) struct Checker {
    upto: Nanos,
    tasks: Ids,
    jobs: Ids,
    requests: Ids,
    threads: Ids,
    processes: Ids,
    texts: u32,
    /// Rows of the story.
    functions: usize,
    steps: usize,
    clients: usize,
    variables: usize,
    channels: usize,
    locks: usize,
    events: usize,
    pools: usize,
    locals: usize,
    files: usize,
    /// Call stacks so far, and the places in them.
    stacks: usize,
    places: usize,
    /// Bytes of the source files.
    source: usize,
    /// How many ids may be missing, because events were lost.
    lost: u32,
    /// The first fault of the event that is being checked.
    fault: Option<Fault>,
}

/// How many things of one sort there are.
#[derive(Clone, Copy, Debug, Default)]
struct Ids(u32);

pub(crate) type Checked = Result<(), Fault>;

const INTRODUCE: &str = "introduce it in an earlier line";
const STORY: &str = "add it to the story";
const DENSE: &str = "number things from 0 in the order of their first lines";

impl Checker {
    pub(crate) fn new(story: &Story) -> Self {
        Self {
            functions: story.functions.len(),
            steps: story.steps.len(),
            clients: story.clients.len(),
            variables: story.variables.len(),
            channels: story.channels.len(),
            locks: story.locks.len(),
            events: story.events.len(),
            pools: story.pools.len(),
            locals: story.locals.len(),
            files: story.files.len(),
            ..Self::default()
        }
    }

    /// One more text.
    pub(crate) fn text(&mut self) {
        self.texts = self.texts.saturating_add(1);
    }

    /// One more row of the story, or of the stacks.
    pub(crate) fn late(&mut self, row: &LateRow) -> Checked {
        const LESS: &str = "leave some out";
        let file = |file: Option<FileId>| match file {
            Some(file) => known("file", file.0, self.files, INTRODUCE),
            None => Ok(()),
        };
        match row {
            LateRow::File(row) => {
                let bytes = row.lines.iter().map(String::len).sum::<usize>();
                self.files += 1;
                self.source += bytes;
                within("source files", self.files, limits::STORY_LIST, LESS)?;
                within("bytes of source", self.source, limits::TEXT_BYTES, LESS)
            }
            LateRow::Function(row) => {
                file(row.file)?;
                self.functions += 1;
                within("functions", self.functions, limits::STORY_LIST, LESS)
            }
            LateRow::Step(row) => {
                file(row.file)?;
                known("function", row.function.0, self.functions, INTRODUCE)?;
                self.steps += 1;
                within("steps", self.steps, limits::STORY_LONG_LIST, LESS)
            }
            LateRow::Pool(_) => {
                self.pools += 1;
                within("pools", self.pools, limits::STORY_LIST, LESS)
            }
            LateRow::Runtime(_) => Ok(()),
            LateRow::Stack(places) => {
                for place in places {
                    known("step", place.0, self.steps, INTRODUCE)?;
                }
                self.stacks += 1;
                self.places += places.len();
                within("stacks", self.stacks, limits::STORY_LONG_LIST, LESS)?;
                within("places of stacks", self.places, limits::PLACES, LESS)
            }
        }
    }

    /// Time has come this far.
    pub(crate) fn upto(&mut self, at: Nanos) -> Checked {
        if at < self.upto {
            return Err((
                format!("time goes back from {} to {} ns", self.upto.0, at.0),
                "write lines in the order of their times",
            ));
        }
        if at.0 > limits::LATEST {
            return Err((
                format!("{} ns is later than the limit of {}", at.0, limits::LATEST),
                "count from the start of the run",
            ));
        }
        self.upto = at;
        Ok(())
    }

    /// How far the trace is complete.
    pub(crate) const fn end(&self) -> Nanos {
        self.upto
    }

    /// Holds an event against all before it.
    pub(crate) fn event(&mut self, event: &Event) -> Checked {
        self.upto(event.at)?;
        let mut kind = event.kind;
        if let EventKind::Dropped { count, .. } = kind {
            // Lost events may have introduced things, so that from now on ids may be missing.
            let lost = self.lost.saturating_add(count.into());
            self.lost = lost.min(limits::LOST_IDS);
        }
        kind.visit(self);
        self.fault.take().map_or(Ok(()), Err)
    }

    /// Keeps the first fault of an event.
    fn hold(&mut self, checked: Checked) {
        if self.fault.is_none() {
            self.fault = checked.err();
        }
    }
}

impl Visitor for Checker {
    fn task(&mut self, id: &mut TaskId, how: Use) {
        let checked = self.tasks.check("task", id.0, how, self.lost);
        self.hold(checked);
    }

    fn job(&mut self, id: &mut JobId, how: Use) {
        let checked = self.jobs.check("job", id.0, how, self.lost);
        self.hold(checked);
    }

    fn request(&mut self, id: &mut RequestId, how: Use) {
        let checked = self.requests.check("request", id.0, how, self.lost);
        self.hold(checked);
    }

    fn thread(&mut self, id: &mut ThreadId, how: Use) {
        let checked = self.threads.check("thread", id.0, how, self.lost);
        self.hold(checked);
    }

    fn process(&mut self, id: &mut ProcessId, how: Use) {
        let checked = self.processes.check("process", id.0, how, self.lost);
        self.hold(checked);
    }

    fn text(&mut self, id: &mut TextId) {
        let checked = known("text", id.0, self.texts as usize, INTRODUCE);
        self.hold(checked);
    }

    fn row(&mut self, row: StoryRow) {
        let (sort, id, rows, cure) = match row {
            StoryRow::Step(id) => ("step", id.0, self.steps, "add it to the story's steps"),
            StoryRow::Client(id) => {
                let cure = "add it to the story's clients";
                ("client", id.0, self.clients, cure)
            }
            StoryRow::Function(id) => {
                let cure = "add it to the story's functions, or leave it out";
                ("function", id.0, self.functions, cure)
            }
            StoryRow::Variable(id) => ("variable", id.0, self.variables, STORY),
            StoryRow::Channel(id) => ("channel", id.0, self.channels, STORY),
            StoryRow::Lock(id) => ("lock", id.0, self.locks, STORY),
            StoryRow::NamedEvent(id) => ("event", id.0, self.events, STORY),
            StoryRow::Pool(id) => ("pool", id.0, self.pools, STORY),
            StoryRow::Local(id) => ("local", id.0, self.locals, STORY),
            StoryRow::Stack(id) => ("stack", id.0, self.stacks, INTRODUCE),
        };
        self.hold(known(sort, id, rows, cure));
    }
}

impl Ids {
    fn check(&mut self, sort: &str, id: u32, how: Use, lost: u32) -> Checked {
        match how {
            Use::Introduces => self.introduce(sort, id, lost),
            Use::Names | Use::Ends => {
                known(sort, id, self.0.saturating_add(lost) as usize, INTRODUCE)
            }
        }
    }

    fn introduce(&mut self, sort: &str, id: u32, lost: u32) -> Checked {
        if id < self.0 {
            return Err((format!("{sort} {id} is introduced twice"), DENSE));
        }
        if id - self.0 > lost {
            return Err((
                format!("{sort} {id} is introduced before {sort} {}", self.0),
                DENSE,
            ));
        }
        if id >= limits::THINGS {
            return Err((
                format!("{sort} {id} is beyond the limit of {}", limits::THINGS),
                "record a shorter run",
            ));
        }
        self.0 = id.saturating_add(1);
        Ok(())
    }
}

fn known(sort: &str, id: u32, rows: usize, cure: &'static str) -> Checked {
    if (id as usize) < rows {
        Ok(())
    } else {
        Err((format!("{sort} {id} is not known"), cure))
    }
}
