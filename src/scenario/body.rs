//! Bodies: every name in them resolves, and every step may stand where it stands.

use super::decode::{Record, StepRecord, Value};
use super::diagnostic::Finder;
use super::program::Program;
use super::tasks::Spawned;
use super::{Action, Call, Length, Step, Text, Work};
use crate::trace::{self, FunctionId, StepId};

/// A call without arguments.
pub(super) const fn call(function: FunctionId) -> Call {
    Call {
        function,
        arguments: Vec::new(),
    }
}

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
            if !task.awaited && !task.detached && !task.gone {
                let message = format!("the task `{}` is never awaited", task.name);
                let help = format!(
                    "add {{ await = \"{}\" }}, or detach = true to leave it running",
                    task.name
                );
                self.finder
                    .help("never-awaited", task.span.clone(), message, help);
            }
            // Out of reach from here on, but its name stays taken.
            task.gone = true;
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
            "print" => Action::Print(Text::plain(&text()?)),
            "sleep" => Action::Sleep(Length::Fixed(record.length(key)?)),
            "block" => Action::Block(Length::Fixed(record.length(key)?)),
            "cpu" => Action::Cpu(Length::Fixed(record.length(key)?)),
            "yield" => Action::Yield,
            "spawn_blocking" => self.spawn_blocking(record)?,
            "spawn" => self.spawn(record)?,
            "await" => self.await_task(record, scope)?,
            "call" => self.call(record, place)?,
            "gather" => self.gather(record),
            "repeat" => self.repeat(record, place)?,
            "respond" => {
                self.leaves(key, record, place);
                Action::Respond(Text::plain(&text()?))
            }
            "return" => {
                self.leaves(key, record, place);
                Action::Return(None)
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
                Work::Function(call(id))
            }
            _ => return None,
        };
        Some(Action::SpawnBlocking {
            work,
            pool: None,
            name: None,
            detach: record.flag("detach").unwrap_or(false),
        })
    }

    fn call(&mut self, record: &Record, place: Place) -> Option<Action> {
        let name = record.text("call")?;
        let span = record.at("call");
        let id = self.program.function(name, span.clone(), self.finder)?;
        if let (true, Some(why)) = (self.program.is_async(id), place.plain()) {
            let message = format!("`{name}` is async and cannot be called here");
            self.finder.help("plain", span, message, why);
        }
        Some(Action::Call {
            call: call(id),
            into: None,
        })
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
        Action::Gather {
            calls: functions.map(call).collect(),
            into: Vec::new(),
        }
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
        Some(Action::Repeat {
            times,
            until: None,
            body,
        })
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
