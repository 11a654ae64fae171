//! Steps that leave a function, with a result or an error, and the one that catches that.

use crate::scenario::decode::record::{Record, Value};
use crate::scenario::model::step::Action;
use crate::scenario::resolve::bodies::{Bodies, Executor, Place};

impl Bodies<'_, '_, '_> {
    /// An error, which leaves the function unless a `try` around it catches it.
    pub(crate) fn raise(&mut self, record: &Record, place: Place) -> Option<Action> {
        if place.round {
            let message = "`raise` in a repeat ends it in its first round".to_owned();
            let help = "put `raise` into an `if`, or after the repeat";
            self.help("unreachable", record.span.clone(), message, help);
        }
        self.leaving = true;
        self.text(record.template("raise")?, place)
            .map(Action::Raise)
    }

    /// A body, and what is done where an error leaves it. What the body has made is not known where the error
    /// came, nor, in Rust, outside of it.
    pub(crate) fn attempt(&mut self, record: &Record, place: Place) -> Option<Action> {
        let known = self.known.clone();
        let body = self.body(record.steps("try").unwrap_or_default(), place.branch());
        let body_leaves = self.leaving;
        self.known.clone_from(&known);
        let into = self.into(record);
        let records = record.steps("except").unwrap_or_default();
        let otherwise = self.body(records, place.branch());
        self.known = known;
        self.leaving &= body_leaves;
        Some(Action::Try {
            body,
            into,
            otherwise,
        })
    }

    /// `respond` and `return` end a function.
    pub(crate) fn leave(&mut self, key: &str, record: &Record, place: Place) -> Option<Action> {
        let span = record.span.clone();
        match place.executor {
            Executor::Job | Executor::Process | Executor::InPlace => {
                let what = match place.executor {
                    Executor::Job => ("a pool job", "spawn_blocking"),
                    Executor::Process => ("a child process", "process"),
                    _ => ("what is done in place", "block_in_place"),
                };
                let message = format!("{} cannot `{key}`", what.0);
                let help = format!("put `{key}` after the `{}`", what.1);
                self.help("plain", span, message, help);
            }
            _ if place.round => {
                let message = format!("`{key}` in a repeat ends it in its first round");
                let help = format!("put `{key}` after the repeat");
                self.help("unreachable", span, message, help);
            }
            _ if key == "respond" && !place.route => {
                let message = "no request reaches this function".to_owned();
                let help = "give the function a route, or leave `respond` out";
                self.help("no-route", span, message, help);
            }
            _ => {}
        }
        self.leaving = true;
        match record.get(key)? {
            Value::Flag(_) => Some(Action::Return(None)),
            Value::Template(template) if key == "respond" => {
                self.text(template, place).map(Action::Respond)
            }
            Value::Template(template) => self
                .result(template, place)
                .map(|text| Action::Return(Some(text))),
            _ => None,
        }
    }
}
