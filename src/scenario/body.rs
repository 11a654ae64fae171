//! Bodies: every name in them resolves, and every step may stand where it stands.

use std::ops::Range as Span;

use super::decode::{Record, StepRecord, Value};
use super::diagnostic::Finder;
use super::program::Program;
use super::{Action, Step, Work, words};
use crate::trace::{self, FunctionId, StepId};

/// Where a body stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Function { plain: bool, route: bool },
    Repeat { plain: bool },
    Job,
}

impl Place {
    /// Why nothing can be awaited here, where that is so.
    fn plain(self) -> Option<&'static str> {
        match self {
            Self::Function { plain: true, .. } | Self::Repeat { plain: true } => {
                Some("a plain function has no loop to wait on: make it async, or use `block`")
            }
            Self::Job => Some("a pool job has no loop to wait on: use `block`"),
            _ => None,
        }
    }
}

/// A task that a body has spawned.
#[derive(Debug)]
pub(super) struct Spawned {
    name: String,
    span: Span<usize>,
    depth: usize,
    detached: bool,
    awaited: bool,
}

/// Reads the bodies of one function.
#[derive(Debug)]
pub(super) struct Bodies<'a, 'f, 's> {
    pub(super) program: &'a mut Program,
    pub(super) finder: &'f mut Finder<'s>,
    pub(super) function: FunctionId,
    /// All tasks of the function; those of a body that is over can no longer be awaited.
    pub(super) tasks: Vec<Spawned>,
}

impl Bodies<'_, '_, '_> {
    pub(super) fn body(&mut self, records: &[StepRecord], place: Place) -> Vec<Step> {
        let first_task = self.tasks.len();
        let mut steps = Vec::new();
        let mut left: Option<&StepRecord> = None;
        for record in records {
            if let Some(last) = left.take() {
                let message = format!("nothing after `{}` is reached", last.row.key);
                let help = format!("make `{}` the last step", last.row.key);
                self.finder
                    .help("unreachable", record.record.span.clone(), message, help);
            }
            if matches!(record.row.key, "respond" | "return") {
                left = Some(record);
            }
            if let Some(step) = self.step(record, place, first_task) {
                steps.push(step);
            }
        }
        for task in self.tasks.iter_mut().skip(first_task) {
            if !task.awaited && !task.detached {
                let message = format!("the task `{}` is never awaited", task.name);
                let help = format!(
                    "add {{ await = \"{}\" }}, or detach = true to leave it running",
                    task.name
                );
                self.finder
                    .help("never-awaited", task.span.clone(), message, help);
            }
            // Out of reach from here on, but its name stays taken.
            task.awaited = true;
            task.depth = usize::MAX;
        }
        steps
    }

    fn step(&mut self, record: &StepRecord, place: Place, scope: usize) -> Option<Step> {
        let span = record.record.span.clone();
        let id = StepId::from(self.program.steps.len());
        self.program.steps.push(trace::Step {
            function: self.function,
            key: record.row.key.to_owned(),
            line: trace::Line {
                toml: u32::try_from(self.finder.line(span.start)).unwrap_or(u32::MAX),
                ..trace::Line::default()
            },
            ..trace::Step::default()
        });
        self.program.spans.push(span.clone());
        if let (true, Some(why)) = (record.row.awaits, place.plain()) {
            let message = format!("`{}` cannot stand here", record.row.key);
            self.finder.help("plain", span, message, why);
        }
        self.action(record, place, scope)
            .map(|action| Step { id, action })
    }

    // table
    fn action(&mut self, step: &StepRecord, place: Place, scope: usize) -> Option<Action> {
        let record = &step.record;
        let key = step.row.key;
        let text = || record.text(key).map(str::to_owned);
        let action = match key {
            "print" => Action::Print(text()?),
            "sleep" => Action::Sleep(record.length(key)?),
            "block" => Action::Block(record.length(key)?),
            "cpu" => Action::Cpu(record.length(key)?),
            "yield" => Action::Yield,
            "spawn_blocking" => self.spawn_blocking(record)?,
            "spawn" => self.spawn(record)?,
            "await" => self.await_task(record, scope)?,
            "call" => self.call(record, place)?,
            "gather" => self.gather(record),
            "repeat" => self.repeat(record, place)?,
            "respond" => {
                self.leaves(key, record, place);
                Action::Respond(text()?)
            }
            "return" => {
                self.leaves(key, record, place);
                Action::Return
            }
            _ => return None,
        };
        Some(action)
    }

    fn spawn_blocking(&mut self, record: &Record) -> Option<Action> {
        let work = match record.get("spawn_blocking")? {
            Value::Steps(steps) => Work::Inline(self.body(steps, Place::Job)),
            Value::Text(name) => {
                let span = record.at("spawn_blocking");
                let id = self.program.function(name, span.clone(), self.finder)?;
                if self.program.is_async(id) {
                    let message = format!("`{name}` is async: a pool thread cannot run it");
                    let help = "give the function async = false, or `call` it";
                    self.finder.help("plain", span, message, help);
                }
                Work::Function(id)
            }
            _ => return None,
        };
        Some(Action::SpawnBlocking {
            work,
            detach: record.flag("detach").unwrap_or(false),
        })
    }

    /// A function that becomes a task, and so must be async.
    fn coroutine(&mut self, name: &str, span: Span<usize>) -> Option<FunctionId> {
        let id = self.program.function(name, span.clone(), self.finder)?;
        if !self.program.is_async(id) {
            let message = format!("`{name}` is plain: it cannot be a task on the loop");
            let help = "use `spawn_blocking`, or make the function async";
            self.finder.help("plain", span, message, help);
        }
        Some(id)
    }

    fn spawn(&mut self, record: &Record) -> Option<Action> {
        let function = record.text("spawn")?;
        let detached = record.flag("detach").unwrap_or(false);
        let named = record.text("as");
        if named.is_none() && !detached {
            let message = format!("the task of `{function}` has no name to await it by");
            let help = "add as = \"name\", or detach = true to leave it running";
            self.finder
                .help("never-awaited", record.span.clone(), message, help);
        }
        if let Some(name) = named {
            if self.tasks.iter().any(|task| task.name == name) {
                let message = format!("there is a task `{name}` in this function already");
                let help = "give it another name";
                self.finder
                    .help("duplicate", record.at("as"), message, help);
            }
            self.tasks.push(Spawned {
                name: name.to_owned(),
                span: record.at("as"),
                depth: 0,
                detached,
                awaited: false,
            });
        }
        let name = match named {
            Some(name) => name.to_owned(),
            None => self.nameless(function, record.at("spawn")),
        };
        let function = self.coroutine(function, record.at("spawn"))?;
        Some(Action::Spawn { function, name })
    }

    /// A name that no other task of the function has: `as` gives identifiers only.
    fn nameless(&mut self, function: &str, span: Span<usize>) -> String {
        let name = format!("{function}-{}", self.tasks.len() + 1);
        self.tasks.push(Spawned {
            name: name.clone(),
            span,
            depth: usize::MAX,
            detached: true,
            awaited: false,
        });
        name
    }

    fn await_task(&mut self, record: &Record, scope: usize) -> Option<Action> {
        let name = record.text("await")?;
        let span = record.at("await");
        let place = self.tasks.iter().rposition(|task| task.name == name);
        let (message, help) = match place.map(|at| (at, &self.tasks[at])) {
            Some((at, task)) if at >= scope && task.depth == 0 => {
                if task.detached {
                    let message = format!("the task `{name}` is detached");
                    (message, "remove detach = true".to_owned())
                } else if task.awaited {
                    let message = format!("the task `{name}` has been awaited already");
                    (message, "remove one of the two".to_owned())
                } else {
                    self.tasks[at].awaited = true;
                    return Some(Action::Await(name.to_owned()));
                }
            }
            Some(_) => (
                format!("the task `{name}` was spawned in another body"),
                "await a task in the body that spawns it".to_owned(),
            ),
            None => {
                let names: Vec<&str> = self.tasks.iter().map(|task| task.name.as_str()).collect();
                let none = "spawn it first: { spawn = \"work\", as = \"job\" }";
                (
                    format!("there is no task `{}`", words::short(name)),
                    words::suggest(name, &names, "the tasks so far", none),
                )
            }
        };
        self.finder.help("unknown-task", span, message, help);
        None
    }

    fn call(&mut self, record: &Record, place: Place) -> Option<Action> {
        let name = record.text("call")?;
        let span = record.at("call");
        let id = self.program.function(name, span.clone(), self.finder)?;
        if let (true, Some(why)) = (self.program.is_async(id), place.plain()) {
            let message = format!("`{name}` is async and cannot be called here");
            self.finder.help("plain", span, message, why);
        }
        Some(Action::Call(id))
    }

    fn gather(&mut self, record: &Record) -> Action {
        let names = record.lines("gather").unwrap_or_default();
        if names.is_empty() && record.get("gather").is_some() {
            let message = "`gather` has nothing to wait for".to_owned();
            let help = "name at least one async function";
            self.finder
                .help("bad-value", record.at("gather"), message, help);
        }
        let functions = names
            .iter()
            .filter_map(|(name, span)| self.coroutine(name, span.clone()));
        Action::Gather(functions.collect())
    }

    fn repeat(&mut self, record: &Record, place: Place) -> Option<Action> {
        let inner = match place {
            Place::Job => Place::Job,
            place => Place::Repeat {
                plain: place.plain().is_some(),
            },
        };
        let body = self.body(record.steps("do").unwrap_or_default(), inner);
        let times = u32::try_from(record.number("repeat")?).ok()?;
        Some(Action::Repeat { times, body })
    }

    /// `respond` and `return` end a function, so they stand in its own body only.
    fn leaves(&mut self, key: &str, record: &Record, place: Place) {
        let span = record.span.clone();
        match place {
            Place::Function { route: false, .. } if key == "respond" => {
                let message = "no request reaches this function".to_owned();
                let help = "give the function a route, or leave `respond` out";
                self.finder.help("no-route", span, message, help);
            }
            Place::Function { .. } => {}
            Place::Repeat { .. } => {
                let message = format!("`{key}` in a repeat ends it in its first round");
                let help = format!("put `{key}` after the repeat");
                self.finder.help("unreachable", span, message, help);
            }
            Place::Job => {
                let message = format!("a pool job cannot `{key}`");
                let help = format!("put `{key}` after the `spawn_blocking`");
                self.finder.help("plain", span, message, help);
            }
        }
    }
}
