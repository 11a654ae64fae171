//! The story: all that a screen or a report needs beside the events, as plain data.

use crate::ids::{ClientId, FunctionId, Nanos, StepId};
use crate::story::code::{Function, Language, Listing, SourceFile, Step};
use crate::story::expect::Expectation;
use crate::story::note::Note;
use crate::story::question::Question;
use crate::story::runtime::{
    Channel, Clock, Detail, Local, Lock, NamedEvent, NamedPool, RuntimeShape, Variable,
};
use serde::{Deserialize, Serialize};

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
    /// Locals and parameters, those of a function together, in file order; not told by older recordings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locals: Vec<Local>,
    /// Channels, in file order.
    pub channels: Vec<Channel>,
    /// Locks, in file order.
    pub locks: Vec<Lock>,
    /// Events that functions set or wait for, in the order of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<NamedEvent>,
    /// Pools besides the default one, in file order.
    pub pools: Vec<NamedPool>,
    /// Names of loops besides the first one, in file order.
    pub loops: Vec<String>,
    /// The functions, in file order.
    pub functions: Vec<Function>,
    /// All steps, nested ones after their parent, in file order.
    pub steps: Vec<Step>,
    /// The language whose rules of cancellation the run is played by; not told by older recordings.
    pub language: Option<Language>,
    /// The languages that it is told in, the one to show first in front.
    pub languages: Vec<Language>,
    /// The same program in each of the languages.
    pub listings: Vec<Listing>,
    /// The clients, in file order.
    pub clients: Vec<Client>,
    /// All requests that the clients will send, by time, ties in file order.
    pub planned: Vec<Planned>,
    /// What is put on the loop by no other task, by time, ties in file order; not told by older recordings.
    pub programs: Vec<Program>,
    /// Sentences for the class, said when the trace gets there.
    pub notes: Vec<Note>,
    /// What is asked before the run.
    pub questions: Vec<Question>,
    /// What the run must show.
    pub expect: Expectation,
    /// Set where it is no scenario but a program that is watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watched: Option<Watched>,
    /// The source files of a program that is watched, in the order in which they were first named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<SourceFile>,
}

/// A program that is watched and was not written for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Watched {
    /// The command that started it; the program without its folders.
    pub command: String,
    /// A turn that lasts longer counts as a block.
    pub threshold: Nanos,
    /// What runs it: `python 3.11, asyncio`; empty where that is not known.
    pub runtime: String,
}

impl Story {
    /// Whether all knobs stand where the file has them: only then is what the file says of its run
    /// (notes, what it shows, which answer is right) a claim about this run.
    pub fn is_as_written(&self) -> bool {
        self.knobs.iter().all(|knob| knob.value == knob.default)
    }

    /// The listing in `language`.
    pub fn listing(&self, language: Language) -> Option<&Listing> {
        let mut all = self.listings.iter();
        all.find(|listing| listing.language == language)
    }

    /// The language to show it in: the wished one where it is listed in it, else its first.
    pub fn shown_in(&self, wish: Language) -> Language {
        let first = self.listings.first().map(|listing| listing.language);
        self.listing(wish).map(|_| wish).or(first).unwrap_or(wish)
    }

    /// The language that a step is shown in: that of its source file, or of the listing.
    pub fn language_of(&self, step: &Step, wish: Language) -> Language {
        let file = step.file.and_then(|file| self.files.get(file.index()));
        file.map_or_else(|| self.shown_in(wish), |file| file.language)
    }

    /// The language whose rules it is played by: its first one unless told.
    pub fn played_in(&self) -> Language {
        let first = self.languages.first().copied();
        self.language.or(first).unwrap_or_default()
    }

    /// Whether the languages' rules may make a difference: a step cancels, and a step awaits what was started.
    pub fn depends_on_language(&self) -> bool {
        let has = |keys: &[&str]| self.steps.iter().any(|step| keys.contains(&&*step.key));
        has(&["timeout", "select", "abort", "stop"])
            && has(&["await", "gather", "as_completed", "spawn_blocking"])
    }

    /// The step behind `id`.
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.get(id.index())
    }

    /// The function that a step belongs to.
    pub fn function_of(&self, step: StepId) -> Option<&Function> {
        self.function(self.step(step)?.function)
    }

    /// With which method clients ask for a function: `POST` where it reads what they send.
    pub fn method(&self, id: FunctionId) -> &'static str {
        let mut own = self.steps.iter().filter(|step| step.function == id);
        let reads = own.any(|step| step.key == "read_file");
        if reads { "POST" } else { "GET" }
    }

    /// The source file that a step stands in, where the program is watched.
    pub fn file_of(&self, step: StepId) -> Option<&SourceFile> {
        self.files.get(self.step(step)?.file?.index())
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

/// A client.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Client {
    /// `tab 1`.
    pub name: String,
    /// How long after sending a request it gives it up.
    pub timeout: Option<Nanos>,
    /// How long after sending it disconnects, and waits for nothing any more.
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

/// A task that is put on the loop at a moment, by no other task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Program {
    /// When.
    pub at: Nanos,
    /// What it runs.
    pub function: FunctionId,
    /// Its end is the end of all: what is left of the other tasks is cancelled then. No program of a server is.
    pub is_main: bool,
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
