//! Calls: the function is there, of the right kind, and gets as many arguments as it takes.

use crate::scenario::decode::record::{CallText, Record};
use crate::scenario::model::expression::{Call, Expression};
use crate::scenario::model::step::Action;
use crate::scenario::resolve::bodies::{Bodies, Place};
use crate::scenario::text::words;

impl Bodies<'_, '_, '_> {
    /// A call of any function.
    pub(crate) fn any_call(&mut self, call: &CallText, place: Place) -> Option<Call> {
        let span = call.span.clone();
        let function = self.program.function(&call.name, span, self.finder);
        let arguments: Vec<Option<Expression>> = call
            .arguments
            .iter()
            .map(|(tree, _)| self.expression(tree, place))
            .collect();
        let function = function?;
        self.program.counts(function, call, self.finder);
        Some(Call {
            function,
            arguments: arguments.into_iter().collect::<Option<_>>()?,
        })
    }

    /// A call of a function that becomes a task or is polled, and so must be async.
    pub(crate) fn coroutine(&mut self, call: &CallText, place: Place) -> Option<Call> {
        let found = self.any_call(call, place)?;
        if !self.program.is_async(found.function) {
            let message = format!("`{}` is plain: it cannot be a task on the loop", call.name);
            let help = "use `spawn_blocking`, or make the function async";
            self.help("plain", call.span.clone(), message, help);
        }
        Some(found)
    }

    /// A call of a function for a thread or a child process, and so a plain one.
    pub(crate) fn plain_call(&mut self, call: &CallText, place: Place) -> Option<Call> {
        let found = self.any_call(call, place)?;
        if self.program.is_async(found.function) {
            let message = format!("`{}` is async: no loop could run it there", call.name);
            let help = "give the function async = false, or `call` it";
            self.help("plain", call.span.clone(), message, help);
        }
        Some(found)
    }

    pub(crate) fn call(&mut self, record: &Record, place: Place) -> Option<Action> {
        let text = record.call("call")?;
        let call = self.any_call(text, place);
        let into = self.into(record);
        let call = call?;
        if let (true, Some(why)) = (self.program.is_async(call.function), place.plain()) {
            let message = format!("`{}` is async and cannot be called here", text.name);
            self.help("plain", text.span.clone(), message, why);
        }
        Some(Action::Call { call, into })
    }

    /// The calls of a list; nothing where the list is empty or one of them is wrong.
    pub(crate) fn coroutines(
        &mut self,
        key: &str,
        record: &Record,
        place: Place,
    ) -> Option<Vec<Call>> {
        let texts = record.calls(key);
        if texts.is_empty() && record.get(key).is_some() {
            let message = format!("`{key}` has nothing to wait for");
            let help = "name at least one async function";
            self.help("bad-value", record.at(key), message, help);
        }
        let calls: Vec<Option<Call>> = texts
            .iter()
            .map(|call| self.coroutine(call, place))
            .collect();
        calls.into_iter().collect()
    }

    pub(crate) fn together(&mut self, key: &str, record: &Record, place: Place) -> Option<Action> {
        let calls = self.coroutines(key, record, place);
        let keeps_errors = record.flag("return_exceptions").unwrap_or_default();
        let names = record.lines("into").unwrap_or_default().to_vec();
        let many = record.calls(key).len();
        if record.get("into").is_some() && names.len() != many {
            let message = format!(
                "`into` has {}, but {} end",
                words::count(names.len() as u64, "name"),
                words::count(many as u64, "function"),
            );
            let help = "give each result a name of its own, in the order of the calls";
            self.help("bad-value", record.at("into"), message, help);
        }
        let mut into: Vec<String> = Vec::new();
        for (name, span) in names {
            if into.contains(&name) {
                let message = format!("two results go into `{name}`");
                self.help("duplicate", span, message, "give one of them another name");
                continue;
            }
            self.local(&name, span);
            into.push(name);
        }
        let calls = calls?;
        Some(if key == "join" {
            Action::Join { calls, into }
        } else {
            Action::Gather {
                calls,
                into,
                keeps_errors,
            }
        })
    }

    pub(crate) fn block_on(&mut self, record: &Record, place: Place) -> Option<Action> {
        let call = record
            .call("block_on")
            .and_then(|call| self.coroutine(call, place));
        let on = self.on(record);
        let limit = self.length(record, "limit", place);
        let (otherwise, left) = self.otherwise(record, place);
        let before = self.known.clone();
        let into = self.into(record);
        if limit.is_some() && !left {
            // Where the time ran out there is no result.
            self.known = before;
        }
        Some(Action::BlockOn {
            call: call?,
            on,
            into,
            limit,
            otherwise,
        })
    }
}
