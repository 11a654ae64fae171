//! Calls: the function is there, of the right kind, and gets as many arguments as it takes.

use super::body::Bodies;
use super::place::Place;
use super::record::Record;
use super::template::{CallText, Tree};
use super::{Action, Call, Expression, Value, words};
use loopscope_trace::FunctionId;

impl Bodies<'_, '_, '_> {
    /// A call of any function.
    pub(super) fn any_call(&mut self, call: &CallText, place: Place) -> Option<Call> {
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
    pub(super) fn coroutine(&mut self, call: &CallText, place: Place) -> Option<Call> {
        let found = self.any_call(call, place)?;
        if !self.program.is_async(found.function) {
            let message = format!("`{}` is plain: it cannot be a task on the loop", call.name);
            let help = "use `spawn_blocking`, or make the function async";
            self.finder.help("plain", call.span.clone(), message, help);
        }
        Some(found)
    }

    /// A call of a function for a thread or a child process, and so a plain one.
    pub(super) fn plain_call(&mut self, call: &CallText, place: Place) -> Option<Call> {
        let found = self.any_call(call, place)?;
        if self.program.is_async(found.function) {
            let message = format!("`{}` is async: no loop could run it there", call.name);
            let help = "give the function async = false, or `call` it";
            self.finder.help("plain", call.span.clone(), message, help);
        }
        Some(found)
    }

    pub(super) fn call(&mut self, record: &Record, place: Place) -> Option<Action> {
        let text = record.call("call")?;
        let call = self.any_call(text, place);
        let into = self.into(record);
        let call = call?;
        if let (true, Some(why)) = (self.program.is_async(call.function), place.plain()) {
            let message = format!("`{}` is async and cannot be called here", text.name);
            self.finder.help("plain", text.span.clone(), message, why);
        }
        Some(Action::Call { call, into })
    }

    /// The calls of a list; nothing where the list is empty or one of them is wrong.
    pub(super) fn coroutines(
        &mut self,
        key: &str,
        record: &Record,
        place: Place,
    ) -> Option<Vec<Call>> {
        let texts = record.calls(key);
        if texts.is_empty() && record.get(key).is_some() {
            let message = format!("`{key}` has nothing to wait for");
            let help = "name at least one async function";
            self.finder.help("bad-value", record.at(key), message, help);
        }
        let calls: Vec<Option<Call>> = texts
            .iter()
            .map(|call| self.coroutine(call, place))
            .collect();
        calls.into_iter().collect()
    }

    pub(super) fn together(&mut self, key: &str, record: &Record, place: Place) -> Option<Action> {
        let calls = self.coroutines(key, record, place);
        let names = record.lines("into").unwrap_or_default().to_vec();
        let many = record.calls(key).len();
        if record.get("into").is_some() && names.len() != many {
            let message = format!(
                "`into` has {}, but {} end",
                words::count(names.len() as u64, "name"),
                words::count(many as u64, "function"),
            );
            let help = "give each result a name of its own, in the order of the calls";
            self.finder
                .help("bad-value", record.at("into"), message, help);
        }
        let mut into: Vec<String> = Vec::new();
        for (name, span) in names {
            if into.contains(&name) {
                let message = format!("two results go into `{name}`");
                self.finder
                    .help("duplicate", span, message, "give one of them another name");
                continue;
            }
            self.local(&name, span);
            into.push(name);
        }
        let calls = calls?;
        Some(if key == "join" {
            Action::Join { calls, into }
        } else {
            Action::Gather { calls, into }
        })
    }

    pub(super) fn block_on(&mut self, record: &Record, place: Place) -> Option<Action> {
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

    pub(super) fn variable(&mut self, key: &str, record: &Record, place: Place) -> Option<Action> {
        let name = record.text(key);
        let variable = name.and_then(|name| {
            let names = &self.program.names;
            names.variable(name, record.at(key), self.finder)
        });
        if key == "read" {
            let into = self.into(record);
            return Some(Action::Read {
                variable: variable?,
                into: into?,
            });
        }
        let value = record
            .template("value")
            .and_then(|value| self.worth(value, place));
        Some(Action::Write {
            variable: variable?,
            value: value?,
        })
    }

    pub(super) fn channel(&mut self, key: &str, record: &Record, place: Place) -> Option<Action> {
        let name = record.text(key);
        let channel = name.and_then(|name| {
            let names = &self.program.names;
            names.channel(name, record.at(key), self.finder)
        });
        if key == "recv" {
            let into = self.into(record);
            return Some(Action::Receive {
                channel: channel?,
                into,
            });
        }
        let value = record
            .template("value")
            .and_then(|value| self.worth(value, place));
        Some(Action::Send {
            channel: channel?,
            value: value?,
        })
    }
}

impl super::program::Program {
    /// Says so where a call has too many arguments, or too few.
    pub(super) fn counts(
        &self,
        function: FunctionId,
        call: &CallText,
        finder: &mut super::diagnostic::Finder<'_>,
    ) {
        let Some(declared) = self.declared.get(function.index()) else {
            return;
        };
        let (takes, gets) = (declared.params.len(), call.arguments.len());
        if takes == gets {
            return;
        }
        let span = match call.arguments.get(takes) {
            Some((_, span)) => span.clone(),
            None => call.span.clone(),
        };
        let message = format!(
            "`{}` takes {}, not {gets}",
            call.name,
            words::count(takes as u64, "argument"),
        );
        let help = if takes == 0 {
            format!(
                "write \"{}\", or give the function params = [\"x\"]",
                call.name
            )
        } else {
            format!("write \"{}({})\"", call.name, declared.params.join(", "))
        };
        finder.help("arguments", span, message, help);
    }

    /// A call from outside of any function: its arguments are known from the file.
    pub(super) fn outer_call(
        &self,
        call: &CallText,
        finder: &mut super::diagnostic::Finder<'_>,
    ) -> Option<Call> {
        let function = self.function(&call.name, call.span.clone(), finder);
        let mut arguments = Vec::new();
        for (tree, _) in &call.arguments {
            match tree {
                Tree::Value(Value::Integer(number)) => arguments.push(Expression::Integer(*number)),
                Tree::Value(Value::Text(text)) => arguments.push(Expression::Text(text.clone())),
                tree => {
                    for (name, span) in tree.names() {
                        let message = format!("`{}` has no value here", words::short(name));
                        let help = "use a number, a 'string' or a knob";
                        finder.help("unknown-name", span.clone(), message, help);
                    }
                    arguments.push(Expression::Integer(0));
                }
            }
        }
        let function = function?;
        self.counts(function, call, finder);
        Some(Call {
            function,
            arguments,
        })
    }
}
