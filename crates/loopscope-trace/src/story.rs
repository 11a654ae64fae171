//! The story: everything about a scenario that a screen or an export needs, as plain data.
//!
//! `scenario` builds it, a recording begins with it, and a foreign producer may leave parts empty.

// table
use serde::{Deserialize, Serialize};

use super::id::{ClientId, FunctionId, StepId};
use super::time::Nanos;

/// What is run, by whom, at what pace, and what is asked about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Story {
    /// The file's stem without its number: `blocking-sleep`.
    pub id: String,
    /// The number in front of the file's name: `02`; empty for a file without one.
    pub number: String,
    /// One line.
    pub title: String,
    /// The question it answers; never its answer.
    pub asks: String,
    /// The answer, in one sentence; shown after the run only.
    pub shows: String,
    /// What to change in one's own code, in one sentence.
    pub remedy: Option<String>,
    /// The id of the scenario that shows the other half.
    pub contrast: Option<String>,
    /// The whole TOML text.
    pub source: String,
    /// Real threads, or computed time.
    pub clock: Clock,
    /// Scenario seconds in a wall second.
    pub speed: f64,
    /// Seeds tokio's own random choices.
    pub seed: u64,
    /// The run is stopped when it reaches this moment.
    pub limit: Nanos,
    /// Between two ticks of the heartbeat.
    pub heartbeat: Nanos,
    /// How much the recorder could see.
    pub detail: Detail,
    /// The server's shape.
    pub runtime: RuntimeShape,
    /// Numbers that may be turned, with the values of this run.
    pub knobs: Vec<Knob>,
    /// The highest speed at which it still tells the truth; none unless told.
    pub max_speed: Option<f64>,
    /// Where the real Python program does something else, and why, in one sentence.
    pub differs: Option<String>,
    /// What the functions share, in file order.
    pub variables: Vec<Variable>,
    /// Channels, in file order.
    pub channels: Vec<Channel>,
    /// Locks, in file order.
    pub locks: Vec<Lock>,
    /// Pools besides the default one, in file order.
    pub pools: Vec<NamedPool>,
    /// Names of loops besides the first one, in file order.
    pub loops: Vec<String>,
    /// The functions, in file order.
    pub functions: Vec<Function>,
    /// All steps, nested ones after their parent, in file order.
    pub steps: Vec<Step>,
    /// The languages that it is told in, the one to show first in front.
    pub languages: Vec<Language>,
    /// The same program in each of the languages.
    pub listings: Vec<Listing>,
    /// The clients, in file order.
    pub clients: Vec<Client>,
    /// All requests that the clients will send, by time, ties in file order.
    pub planned: Vec<Planned>,
    /// Sentences for the class, said when the trace gets there.
    pub notes: Vec<Note>,
    /// What is asked before the run.
    pub questions: Vec<Question>,
    /// What the run must show.
    pub expect: Expectation,
}

impl Story {
    /// Whether all knobs stand where the file has them: only then is what the file says of its run
    /// (notes, what it shows, which answer is right) a claim about this run.
    pub fn is_as_written(&self) -> bool {
        self.knobs.iter().all(|knob| knob.value == knob.default)
    }

    /// The listing in `language`.
    pub fn listing(&self, language: Language) -> Option<&Listing> {
        self.listings
            .iter()
            .find(|listing| listing.language == language)
    }

    /// The language to show it in: the wished one where it is listed in it, else its first.
    pub fn shown_in(&self, wish: Language) -> Language {
        let first = self.listings.first().map(|listing| listing.language);
        let wished = self.listing(wish).map(|_| wish);
        wished.or(first).unwrap_or(wish)
    }

    /// The step behind `id`.
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.get(id.index())
    }

    /// The function behind `id`.
    pub fn function(&self, id: FunctionId) -> Option<&Function> {
        self.functions.get(id.index())
    }

    /// Whether requests come from clients (else the story is a program of `[[start]]` tasks).
    pub fn is_server(&self) -> bool {
        !self.clients.is_empty()
    }
}

/// How time passes in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// It really happens.
    #[default]
    Real,
    /// Time is computed, nothing sleeps.
    Virtual,
}

/// How much the recorder could see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// tokio's hooks were there.
    #[default]
    Full,
    /// Built without `tokio_unstable`: wrappers only, no parks.
    Reduced,
}

/// Which runtime the server gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuntimeShape {
    /// One thread that polls, or several.
    pub flavor: Flavor,
    /// Threads that poll; 1 for `current_thread`.
    pub worker_threads: u32,
    /// The most threads that the pool may have.
    pub pool_threads: u32,
    /// Whole copies of the server.
    pub processes: u32,
    /// Whether CPython's lock is modelled.
    pub gil: bool,
    /// tokio's switch that hands the timers over when a worker blocks; `multi_thread` only.
    pub eager_driver_handoff: bool,
    /// How many child processes work off `process` steps; 0: as many as there are cores.
    pub process_pool: u32,
}

impl Default for RuntimeShape {
    fn default() -> Self {
        Self {
            flavor: Flavor::CurrentThread,
            worker_threads: 1,
            pool_threads: 40,
            processes: 1,
            gil: false,
            eager_driver_handoff: false,
            process_pool: 0,
        }
    }
}

/// tokio's two runtimes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flavor {
    /// One loop on one thread, as asyncio has it.
    #[default]
    CurrentThread,
    /// Several threads that steal work from each other.
    MultiThread,
}

/// A number that a student may turn before running again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knob {
    /// Stands as `{name}` in the scenario.
    pub name: String,
    /// The value of this run.
    pub value: i64,
    /// The file's own value.
    pub default: i64,
    /// Smallest value.
    pub min: i64,
    /// Largest value.
    pub max: i64,
}

/// Something that functions share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variable {
    /// Its name in both listings.
    pub name: String,
    /// Its value before the run.
    pub initial: String,
}

/// A queue between functions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Channel {
    /// Its name in both listings.
    pub name: String,
    /// What it keeps.
    pub keep: Keep,
}

/// What a channel keeps until somebody takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Everything, in order.
    #[default]
    All,
    /// The newest value only: a slot.
    Newest,
}

/// A lock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lock {
    /// Its name in both listings.
    pub name: String,
    /// Who waits when it is taken.
    pub kind: LockKind,
}

/// Who waits when a lock is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockKind {
    /// The task, at an await; first come, first served.
    #[default]
    Async,
    /// The thread.
    Std,
}

/// A pool besides the default one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NamedPool {
    /// Its name in both listings.
    pub name: String,
    /// How many threads it may have.
    pub threads: u32,
}

/// A function of the scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Function {
    /// Its name in both listings.
    pub name: String,
    /// Where clients reach it.
    pub route: Option<String>,
    /// `async def`, or a plain `def` that is dispatched to the pool.
    pub is_async: bool,
    /// What runs before it, for its sake, in this order.
    pub depends: Vec<FunctionId>,
}

/// A step: where it stands, and how it is written there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    /// The function that it belongs to.
    pub function: FunctionId,
    /// Its key in the scenario file: `block`.
    pub key: String,
    /// Its line in each text, counted from 1; 0 where it has none.
    pub line: Line,
    /// How it is written in Python, without indent: `time.sleep(5)`.
    pub python: String,
    /// How it is written in Rust, without indent.
    pub rust: String,
}

/// The line of a step in each text, counted from 1; 0 where it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// In the Python listing.
    pub python: u32,
    /// In the Rust listing.
    pub rust: u32,
    /// In the scenario file.
    pub toml: u32,
}

impl Step {
    /// The seconds that it names in its listing: 5 of `time.sleep(5)`, 0.2 of `millis(200)`.
    pub fn named_seconds(&self) -> Option<f64> {
        let text = if self.python.is_empty() {
            &self.rust
        } else {
            &self.python
        };
        let (before, rest) = text.rsplit_once('(')?;
        let end = rest.find(|sign: char| !sign.is_ascii_digit() && sign != '.');
        let figure: f64 = rest[..end.unwrap_or(rest.len())].parse().ok()?;
        let units = [("millis", 1e-3), ("micros", 1e-6), ("nanos", 1e-9)];
        let unit = units.iter().find(|(name, _)| before.ends_with(name));
        Some(figure * unit.map_or(1.0, |(_, unit)| *unit)).filter(|seconds| *seconds > 0.0)
    }
}

impl Line {
    /// The line in the listing of `language`.
    pub const fn of(self, language: Language) -> u32 {
        match language {
            Language::Python => self.python,
            Language::Rust => self.rust,
        }
    }
}

/// A language that a scenario is listed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// FastAPI or asyncio.
    #[default]
    Python,
    /// tokio.
    Rust,
}

/// The scenario as a program text; every line at most 32 columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Listing {
    /// The language.
    pub language: Language,
    /// Its lines, each a row of tokens (spaces included).
    pub lines: Vec<Vec<Token>>,
}

/// A piece of a line with one role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Token {
    /// What it is, for the theme.
    pub role: TokenRole,
    /// Its text.
    pub text: String,
}

/// What a token is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenRole {
    /// Names, operators, spaces.
    #[default]
    Plain,
    /// `async`, `def`, `await`, `fn` …
    Keyword,
    /// A called or defined function.
    Call,
    /// A string.
    Text,
    /// A number.
    Number,
    /// A comment.
    Comment,
}

/// A client.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Client {
    /// `tab 1`.
    pub name: String,
    /// It gives a request up so long after sending it.
    pub timeout: Option<Nanos>,
    /// It disconnects so long after sending, and waits for nothing any more.
    pub leaves: Option<Nanos>,
    /// Whether and when it prints the answers.
    pub prints: Option<Prints>,
}

/// When a client prints the answers that it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prints {
    /// Each as it comes.
    Answered,
    /// All in the order in which it asked, when the last is there.
    InOrder,
}

/// A request that a client will send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Planned {
    /// When.
    pub at: Nanos,
    /// By whom.
    pub client: ClientId,
    /// To which function.
    pub function: FunctionId,
    /// On the one connection that the client shares among such requests: one at a time.
    pub shared: bool,
}

/// A sentence that is said when the trace gets there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// When it is said.
    pub when: Anchor,
    /// The sentence.
    pub say: String,
}

/// A moment that only the trace can name. `nth` counts from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the sentence of a variant explains its fields")]
pub enum Anchor {
    /// The first event.
    Start,
    /// The end of the run.
    End,
    /// The nth insight of a kind: `first blocked-loop`.
    Insight { kind: String, nth: u32 },
    /// The nth line of output with this text, or the nth of all: `second output "bye"`.
    Output { text: Option<String>, nth: u32 },
    /// The nth request sent: `first request`.
    Sent { nth: u32 },
    /// The nth request let in: `second accepted`.
    Accepted { nth: u32 },
    /// The nth answer: `first answer`.
    Answered { nth: u32 },
    /// The nth job that had to queue for the pool: `first queued`.
    Queued { nth: u32 },
    /// The nth request whose client stopped waiting: `first given-up`.
    GivenUp { nth: u32 },
    /// The nth timeout that ran out: `first timeout`.
    TimedOut { nth: u32 },
    /// The nth write of a variable: `first write "id"`.
    Written { variable: String, nth: u32 },
    /// The nth piece of a streamed answer: `third chunk`.
    Chunk { nth: u32 },
    /// The nth line that a client printed: `first client-output "1"`.
    ClientOutput { text: Option<String>, nth: u32 },
    /// The nth task that was cancelled, or aborted job that never ran: `first cancelled`.
    Cancelled { nth: u32 },
    /// The nth value put into a channel: `first sent "jobs"`.
    ChannelSent { channel: String, nth: u32 },
    /// The nth value taken out of a channel: `first received "jobs"`.
    ChannelReceived { channel: String, nth: u32 },
    /// The nth child process that ended: `first child-ended`.
    ChildEnded { nth: u32 },
    /// The nth stop of the server: `first stop`.
    Stopping { nth: u32 },
}

/// What is asked before the run, or after it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    /// The question.
    pub ask: String,
    /// How it is answered.
    pub how: How,
    /// Whether it is asked after the run: why it came so.
    pub after: bool,
    /// Answers to choose from, 3 to 5, one of them right; where lines are put into order or a
    /// number is typed, those answers that have a reply of their own.
    pub options: Vec<Choice>,
    /// The lines to be put into order, as they stand at first.
    pub lines: Vec<String>,
    /// The number that is asked for.
    pub number: Quantity,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// One of the options is chosen.
    #[default]
    Choose,
    /// The lines of output are put into order.
    Order,
    /// A number is typed.
    Number,
}

/// A number that only the run can give.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// From the first request or start to the last end, in seconds of scenario time.
    #[default]
    Elapsed,
    /// How many lines are printed.
    Lines,
    /// The last value of a variable.
    Variable(String),
}

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choice {
    /// The answer's words.
    pub say: String,
    /// What to say to somebody who chose it.
    pub reply: Option<String>,
    /// Whether it is the right one.
    pub right: bool,
    /// The lines of output that it predicts, where it predicts lines.
    pub lines: Vec<String>,
    /// The number that it stands for, where a number is asked for.
    pub number: Option<f64>,
}

/// What the run must show; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expectation {
    /// The lines of output in order.
    pub output: Option<Vec<String>>,
    /// The lines of output in any order.
    pub output_any_order: Option<Vec<String>>,
    /// Lines that must be printed at a moment (scenario time).
    pub timeline: Vec<(Nanos, String)>,
    /// Scenario seconds.
    pub elapsed: Option<Range>,
    /// Insights that must be found.
    pub insights: Vec<String>,
    /// Insights that must not be found; `*` stands for all.
    pub no_insights: Vec<String>,
    /// Names under `peak` of the report, and their figures.
    pub peak: Vec<(String, Range)>,
    /// How many requests were answered.
    pub requests: Option<Range>,
    /// How many requests their clients gave up.
    pub given_up: Option<Range>,
    /// How many different answers the requests got.
    pub distinct: Option<Range>,
    /// The last values of variables that are numbers.
    pub variables: Vec<(String, Range)>,
    /// `finished` or `unfinished`.
    pub outcome: Option<String>,
    /// The least number of cores that it makes sense on.
    pub needs_cores: Option<u32>,
}

/// A figure that is expected: exact (both ends the same; a tolerance applies) or from–to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The least.
    pub from: f64,
    /// The most.
    pub to: f64,
}
