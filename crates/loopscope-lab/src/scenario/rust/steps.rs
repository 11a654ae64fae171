//! One step after the other, in tokio's words.

use loopscope_trace::{ChannelId, VariableId};

use crate::scenario::listing::program::is_used;
use crate::scenario::listing::quoted::Said;
use crate::scenario::listing::tokens::escaped;
use crate::scenario::listing::types::Kind;
use crate::scenario::model::expression::{Expression, Length, Part, Text};
use crate::scenario::model::step::{self, Action, Step};
use crate::scenario::rust::words::{Leaves, Writer, kept, named};

impl Writer<'_, '_> {
    // table
    #[expect(clippy::too_many_lines, reason = "one arm a step")]
    pub(crate) fn step(&mut self, step: &Step, level: usize) {
        match &step.action {
            Action::Print(text) => self.print(step, text, level),
            Action::Sleep(length) => self.lasting(step, ("sleep(", ").await;"), length, level),
            Action::Block(length) => self.lasting(step, ("thread::sleep(", ");"), length, level),
            Action::Cpu(length) => self.lasting(step, ("compute(", ");"), length, level),
            Action::Yield => self.page.simple(step.id, level, "yield_now().await;"),
            Action::SpawnBlocking {
                work,
                pool,
                name,
                detach,
            } => self.spawn_blocking(step, work, *pool, name.as_deref(), *detach, level),
            Action::Process {
                work,
                limit,
                otherwise,
            } => self.process(step, work, limit.as_ref(), otherwise, level),
            Action::Spawn { call, name, on } => {
                let kept = kept(Some(name).filter(|name| is_used(self.function, name)));
                let place = on.map_or_else(String::new, |id| {
                    format!("{}.", self.program.side_loop(id).to_uppercase())
                });
                let args = [self.invoked(call)];
                self.page
                    .calling(step.id, level, &format!("{kept}{place}spawn("), &args, ");");
            }
            Action::Await { name, into } => {
                // A coroutine hands its result over; a task tells also whether it failed.
                let in_place = step::any(
                    &self.function.body,
                    |action| matches!(action, Action::Create { name: Some(made), .. } if made == name),
                );
                let end = if in_place || into.is_none() {
                    ";"
                } else {
                    ".unwrap();"
                };
                let words = format!("{}{}.await{end}", kept(into.as_ref()), named(name));
                self.page.simple(step.id, level, &words);
            }
            Action::Call { call, into } => {
                let end = match self.program.is_async(call.function) {
                    true => ").await;",
                    false => ");",
                };
                let name = named(self.program.name(call.function));
                let open = format!("{}{name}(", kept(into.as_ref()));
                let args = self.arguments(call);
                self.page.calling(step.id, level, &open, &args, end);
            }
            Action::Create { call, name } => {
                // The underscore tells the compiler that it is never awaited.
                let idle = |name: &&String| !is_used(self.function, name);
                let name = match name.as_ref().filter(idle) {
                    Some(name) => kept(Some(&format!("_{name}"))),
                    None => kept(name.as_ref()),
                };
                let open = format!("{name}{}(", named(self.program.name(call.function)));
                let args = self.arguments(call);
                self.page.calling(step.id, level, &open, &args, ");");
            }
            Action::Gather { calls, into } => self.gather(step, calls, into, level),
            Action::Join { calls, into } => self.join(step, calls, into, level),
            Action::AsCompleted { calls, into, body } => {
                self.as_completed(step, calls, into.as_ref(), body, level);
            }
            Action::Select(bodies) => self.select(step, bodies, level),
            Action::Timeout {
                limit,
                body,
                otherwise,
            } => self.timeout(step, limit, body, otherwise, level),
            Action::Lock { lock, body } => self.lock(step, *lock, body, level),
            Action::Read { variable, into } => {
                let value = self.value(&Expression::Variable(*variable));
                self.page
                    .simple(step.id, level, &format!("let {} = {value};", named(into)));
            }
            Action::Write { variable, value } => self.write(step, *variable, value, level),
            Action::Send { channel, value } => {
                let open = format!("{}.send(", self.channel(*channel));
                let wanted = self.program.types.channels.get(channel.index());
                let args = [self.given(value, wanted.copied().unwrap_or_default())];
                self.page.calling(step.id, level, &open, &args, ");");
            }
            Action::Receive { channel, into } => {
                let name = self.channel(*channel);
                let words = format!("{}{name}.recv().await;", kept(into.as_ref()));
                self.page.simple(step.id, level, &words);
            }
            Action::BlockOn {
                call,
                on,
                into,
                limit,
                otherwise,
            } => {
                let limit = limit.as_ref().map(|limit| (limit, otherwise.as_slice()));
                self.block_on(step, call, *on, into.as_ref(), limit, level);
            }
            Action::Background(call) => {
                let invoked = self.invoked(call);
                match self.program.is_async(call.function) {
                    true => self
                        .page
                        .calling(step.id, level, "after.spawn(", &[invoked], ");"),
                    false => {
                        let work = [self.closure(call)];
                        self.page
                            .calling(step.id, level, "after.spawn_blocking(", &work, ");");
                    }
                }
            }
            Action::Chunk(text) => self.chunk(step, text, level),
            Action::ReadFile(bytes) => self.read_file(step, *bytes, level),
            Action::Abort(name) => {
                self.page
                    .simple(step.id, level, &format!("{}.abort();", named(name)))
            }
            Action::BlockInPlace(body) => {
                self.page.simple(step.id, level, "block_in_place(|| {");
                self.body(body, level + 1);
                self.page.line(level, "});");
            }
            Action::If {
                condition,
                then,
                otherwise,
            } => self.choice(step, condition, then, otherwise, level),
            Action::Repeat { times, until, body } => {
                self.repeat(step, *times, until.as_ref(), body, level);
            }
            Action::Stop { polite } => {
                let signal = if *polite { "SIGTERM" } else { "SIGINT" };
                self.page
                    .simple(step.id, level, &format!("stop(\"{signal}\");"));
            }
            Action::Respond(text) => self.leave(step, Some(text), level),
            Action::Return(text) => self.leave(step, text.as_ref(), level),
        }
    }

    fn lasting(&mut self, step: &Step, (open, close): (&str, &str), length: &Length, level: usize) {
        let args = [self.length(length)];
        self.page.calling(step.id, level, open, &args, close);
    }

    fn print(&mut self, step: &Step, text: &Text, level: usize) {
        let (said, values) = self.format(text);
        if !values.is_empty() {
            let mut args = vec![format!("\"{}\"", said.text)];
            args.extend(values);
            return self.page.calling(step.id, level, "println!(", &args, ");");
        }
        self.page.saying(step.id, level, "println!(", &said, ");");
    }

    fn write(&mut self, step: &Step, variable: VariableId, value: &Expression, level: usize) {
        let name = self.program.variable(variable).to_uppercase();
        let kind = self.program.types.variables.get(variable.index());
        match kind.copied().unwrap_or_default() {
            Kind::Integer => {
                let args = [self.value(value), "Relaxed".to_owned()];
                self.page
                    .calling(step.id, level, &format!("{name}.store("), &args, ");");
            }
            Kind::Text => {
                // Only looked at, so that a local can be used again.
                let mark = if matches!(value, Expression::Local(_)) {
                    "&"
                } else {
                    ""
                };
                let args = [format!("{mark}{}", self.value(value))];
                self.page
                    .calling(step.id, level, &format!("{name}.set("), &args, ");");
            }
        }
    }

    fn chunk(&mut self, step: &Step, text: &Text, level: usize) {
        let (said, values) = self.format(text);
        if let Some(words) = text.words() {
            let args = [format!("\"{}\"", escaped(words))];
            return self.page.calling(step.id, level, "body.send(", &args, ");");
        }
        let values: String = values.iter().map(|value| format!(", {value}")).collect();
        let args = [format!("format!(\"{}\"{values})", said.text)];
        self.page.calling(step.id, level, "body.send(", &args, ");");
    }

    fn read_file(&mut self, step: &Step, bytes: u64, level: usize) {
        let args = [format!("upload({bytes})")];
        if bytes > 1_000_000 {
            self.page.calling(
                step.id,
                level,
                "let data = tokio::fs::read(",
                &args,
                ").await;",
            );
        } else {
            self.page
                .calling(step.id, level, "let data = fs::read(", &args, ");");
        }
    }

    /// Leaves the function, or the block that stands for it, with a result where there is one. The
    /// last line of a function needs no `return`.
    fn leave(&mut self, step: &Step, text: Option<&Text>, level: usize) {
        let last = self
            .function
            .body
            .last()
            .is_some_and(|last| last.id == step.id);
        let (open, close) = match (self.leaves, last) {
            (Leaves::Block, _) => ("return Some(", ");"),
            (Leaves::Plainly, true) if text.is_some() => ("", ""),
            (Leaves::Plainly, _) => ("return ", ";"),
        };
        let Some(text) = text else {
            let words = match self.leaves {
                Leaves::Block => "return Some(());",
                Leaves::Plainly => "return;",
            };
            return self.page.simple(step.id, level, words);
        };
        if let Some(words) = text.words() {
            let said = Said {
                text: escaped(words),
                format: false,
            };
            let close = format!(".into(){close}");
            return self.page.saying(step.id, level, open, &said, &close);
        }
        if let [Part::Value(value)] = text.0.as_slice() {
            let wanted = self.result().unwrap_or_default();
            let value = self.given(value, wanted);
            return self
                .page
                .simple(step.id, level, &format!("{open}{value}{close}"));
        }
        let (said, values) = self.format(text);
        let values: String = values.iter().map(|value| format!(", {value}")).collect();
        let (open, close) = (format!("{open}format!("), format!("{values}){close}"));
        self.page.saying(step.id, level, &open, &said, &close);
    }

    pub(crate) fn channel(&self, id: ChannelId) -> String {
        let channel = self.program.channel(id);
        channel.map_or_else(String::new, |channel| channel.name.to_uppercase())
    }
}
