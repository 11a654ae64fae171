//! One step after the other, in asyncio's words.

use loopscope_trace::{ChannelId, Keep};
use unicode_width::UnicodeWidthStr;

use crate::scenario::model::expression::{Expression, Length, Text};
use crate::scenario::model::step::{Action, Step};
use crate::scenario::python::words::{Writer, kept, kept_all};

impl Writer<'_, '_> {
    // table
    #[expect(clippy::too_many_lines, reason = "one arm a step")]
    pub(crate) fn step(&mut self, step: &Step, level: usize) {
        match &step.action {
            Action::Print(text) => self.print(step, text, level),
            Action::Sleep(length) => self.lasting(step, "await asyncio.sleep(", length, level),
            Action::Block(length) => self.lasting(step, "time.sleep(", length, level),
            Action::Cpu(length) => self.lasting(step, "compute(", length, level),
            Action::Yield => self.page.simple(step.id, level, "await asyncio.sleep(0)"),
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
            Action::Spawn { call, name, on } => self.spawn(step, call, name, *on, level),
            Action::Await { name, into } => {
                let words = format!("{}await {}", kept(into.as_deref()), self.awaited(name));
                self.page.simple(step.id, level, &words);
            }
            Action::Call { call, into } => {
                let mut open = kept(into.as_deref());
                if self.program.is_async(call.function) {
                    open.push_str("await ");
                }
                open.push_str(&format!("{}(", self.program.name(call.function)));
                let args = self.arguments(call);
                self.page.calling(step.id, level, &open, &args, ")");
            }
            Action::Create { call, name } => {
                // Also where it is never awaited: without a name it would be dropped at once.
                let name = kept(name.as_deref());
                let open = format!("{name}{}(", self.program.name(call.function));
                let args = self.arguments(call);
                self.page.calling(step.id, level, &open, &args, ")");
            }
            Action::Gather { calls, into } | Action::Join { calls, into } => {
                let args: Vec<_> = calls.iter().map(|call| self.invoked(call)).collect();
                let open = format!("{}await asyncio.gather(", kept_all(into));
                self.page.calling(step.id, level, &open, &args, ")");
            }
            Action::AsCompleted { calls, into, body } => {
                self.as_completed(step, calls, into.as_deref(), body, level);
            }
            Action::Select(bodies) => self.select(step, bodies, level),
            Action::Timeout {
                limit,
                body,
                otherwise,
            } => self.timeout(step, limit, body, otherwise, level),
            Action::Lock { lock, body } => self.lock(step, *lock, body, level),
            Action::Read { variable, into } => {
                let words = format!("{into} = {}", self.program.variable(*variable));
                self.page.simple(step.id, level, &words);
            }
            Action::Write { variable, value } => {
                let name = self.program.variable(*variable);
                let words = format!("{name} = {}", self.value(value));
                self.page.simple(step.id, level, &words);
            }
            Action::Send { channel, value } => self.send(step, *channel, value, level),
            Action::Receive { channel, into } => {
                let name = self.channel(*channel);
                let words = format!("{}await {name}.get()", kept(into.as_deref()));
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
                self.block_on(step, call, *on, into.as_deref(), limit, level);
            }
            Action::Background(call) => {
                let mut args = vec![self.program.name(call.function).to_owned()];
                args.extend(self.arguments(call));
                self.page
                    .calling(step.id, level, "tasks.add_task(", &args, ")");
            }
            Action::Chunk(text) => self.leaving(step, "yield", text, level),
            Action::ReadFile(_) => self.page.simple(step.id, level, "data = await file.read()"),
            Action::Abort(name) => self
                .page
                .simple(step.id, level, &format!("{name}.cancel()")),
            Action::BlockInPlace(body) => {
                self.page
                    .simple(step.id, level, "if True:  # block_in_place");
                self.body(body, level + 1);
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
                    .simple(step.id, level, &format!("raise_signal({signal})"));
            }
            Action::Respond(text) | Action::Return(Some(text)) => {
                self.leaving(step, "return", text, level);
            }
            Action::Return(None) => self.page.simple(step.id, level, "return"),
        }
    }

    fn lasting(&mut self, step: &Step, open: &str, length: &Length, level: usize) {
        let args = [self.seconds(length)];
        self.page.calling(step.id, level, open, &args, ")");
    }

    fn print(&mut self, step: &Step, text: &Text, level: usize) {
        if let Some(value) = self.lone(text) {
            return self.page.calling(step.id, level, "print(", &[value], ")");
        }
        let said = self.said(text);
        self.page.saying(step.id, level, "print(", &said, ")");
    }

    /// `return` or `yield` with a text.
    fn leaving(&mut self, step: &Step, word: &str, text: &Text, level: usize) {
        if let Some(value) = self.lone(text) {
            return self.page.simple(step.id, level, &format!("{word} {value}"));
        }
        let said = self.said(text);
        let mark = self.page.sign(&said);
        let words = format!("{word} {mark}\"{}\"", said.text);
        let fits = words.width() <= self.page.room(level);
        let (open, close) = if fits { (" ", "") } else { (" (", ")") };
        let open = format!("{word}{open}");
        let line = self.page.said(level, &open, &said, close);
        self.page.mark(step.id, line, &words);
    }

    fn send(&mut self, step: &Step, channel: ChannelId, value: &Expression, level: usize) {
        let name = self.channel(channel).to_owned();
        let value = self.value(value);
        let newest = self
            .program
            .channel(channel)
            .is_some_and(|channel| channel.keep == Keep::Newest);
        if !self.on_loop {
            // A queue belongs to its loop.
            let (open, first) = match self.program.is_server() {
                true => ("from_thread.run_sync(", format!("{name}.put_nowait")),
                false => ("loop.call_soon_threadsafe(", format!("{name}.put_nowait")),
            };
            return self
                .page
                .calling(step.id, level, open, &[first, value], ")");
        }
        if !newest {
            return self.page.calling(
                step.id,
                level,
                &format!("{name}.put_nowait("),
                &[value],
                ")",
            );
        }
        let line = self.page.line(level, &format!("if {name}.full():"));
        self.page.line(level + 1, &format!("{name}.get_nowait()"));
        let open = format!("{name}.put_nowait(");
        self.page
            .call(level, &open, std::slice::from_ref(&value), ")");
        self.page.mark(step.id, line, &format!("{open}{value})"));
    }

    pub(crate) fn channel(&self, id: ChannelId) -> &str {
        self.program
            .channel(id)
            .map_or("?", |channel| &channel.name)
    }
}
