//! Tasks by name: each is awaited once, in the body that spawned it, or left running on purpose.

use std::ops::Range as Span;

use super::body::Bodies;
use super::decode::Record;
use super::{Action, words};
use crate::trace::FunctionId;

/// A task that a body has spawned.
#[derive(Debug)]
pub(super) struct Spawned {
    pub(super) name: String,
    pub(super) span: Span<usize>,
    /// Its body is over: nothing can await it any more.
    pub(super) gone: bool,
    pub(super) detached: bool,
    pub(super) awaited: bool,
}

impl Bodies<'_, '_, '_> {
    /// A function that becomes a task, and so must be async.
    pub(super) fn coroutine(&mut self, name: &str, span: Span<usize>) -> Option<FunctionId> {
        let id = self.program.function(name, span.clone(), self.finder)?;
        if !self.program.is_async(id) {
            let message = format!("`{name}` is plain: it cannot be a task on the loop");
            let help = "use `spawn_blocking`, or make the function async";
            self.finder.help("plain", span, message, help);
        }
        Some(id)
    }

    pub(super) fn spawn(&mut self, record: &Record) -> Option<Action> {
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
                gone: false,
                detached,
                awaited: false,
            });
        }
        let name = match named {
            Some(name) => name.to_owned(),
            None => self.nameless(function, record.at("spawn")),
        };
        let function = self.coroutine(function, record.at("spawn"))?;
        Some(Action::Spawn {
            call: super::body::call(function),
            name,
            on: None,
        })
    }

    /// A name that no other task of the function has: `as` gives identifiers only.
    fn nameless(&mut self, function: &str, span: Span<usize>) -> String {
        let name = format!("{function}-{}", self.tasks.len() + 1);
        self.tasks.push(Spawned {
            name: name.clone(),
            span,
            gone: true,
            detached: true,
            awaited: false,
        });
        name
    }

    pub(super) fn await_task(&mut self, record: &Record, scope: usize) -> Option<Action> {
        let name = record.text("await")?;
        let span = record.at("await");
        let place = self.tasks.iter().rposition(|task| task.name == name);
        let (message, help) = match place.map(|at| (at, &self.tasks[at])) {
            Some((at, task)) if at >= scope && !task.gone => {
                if task.detached {
                    let message = format!("the task `{name}` is detached");
                    (message, "remove detach = true".to_owned())
                } else if task.awaited {
                    let message = format!("the task `{name}` has been awaited already");
                    (message, "remove one of the two".to_owned())
                } else {
                    self.tasks[at].awaited = true;
                    return Some(Action::Await {
                        name: name.to_owned(),
                        into: None,
                    });
                }
            }
            Some(_) => (
                format!("the task `{name}` was spawned in another body"),
                "await a task in the body that spawns it".to_owned(),
            ),
            None => {
                let mut names: Vec<&str> = self
                    .tasks
                    .iter()
                    .filter(|task| !task.gone)
                    .map(|task| task.name.as_str())
                    .collect();
                names.dedup();
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
}
