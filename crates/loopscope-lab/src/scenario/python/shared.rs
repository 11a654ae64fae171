//! Steps on what functions share, in asyncio's words.

use loopscope_trace::{
    Admits, ChannelId, Keep, LockId, LockKind, NamedEventId, NamedEventKind, Notice, VariableId,
};

use crate::scenario::listing::language::{Shared, Values};
use crate::scenario::listing::page::At;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::Expression;
use crate::scenario::model::step::Step;
use crate::scenario::python::words::Python;

impl Shared for Writer<'_, '_, Python> {
    fn write(&mut self, at: At, variable: VariableId, value: &Expression) {
        let name = self.program.variable(variable);
        if self.program.is_stored(variable) {
            let args = [self.value(value)];
            return self.page.calling(at, &format!("{name}.save("), &args, ")");
        }
        let words = format!("{name} = {}", self.value(value));
        self.page.simple(at, &words);
    }

    fn send(&mut self, at: At, channel: ChannelId, value: &Expression, is_unsafe: bool) {
        let name = self.program.channel(channel);
        let value = self.value(value);
        if !self.own.on_loop && !is_unsafe {
            // A queue belongs to its loop.
            let open = match self.program.is_server() {
                true => "from_thread.run_sync(",
                false => "loop.call_soon_threadsafe(",
            };
            let args = [format!("{name}.put_nowait"), value];
            return self.page.calling(at, open, &args, ")");
        }
        let known = self.program.story.channels.get(channel.index());
        if known.is_some_and(|channel| channel.capacity.is_some()) {
            let open = format!("await {name}.put(");
            return self.page.calling(at, &open, &[value], ")");
        }
        let open = format!("{name}.put_nowait(");
        if known.is_none_or(|channel| channel.keep != Keep::Newest) {
            return self.page.calling(at, &open, &[value], ")");
        }
        let line = self.page.line(at.level, &format!("if {name}.full():"));
        let drop = format!("{name}.get_nowait()");
        self.page.line(at.level + 1, &drop);
        let words = format!("{open}{value})");
        self.page.call(at.level, &open, &[value], ")");
        self.page.mark(at, line, &words);
    }

    fn notify(&mut self, at: At, event: NamedEventId, how: Notice) {
        let (name, _) = self.program.event(event);
        let words = match how {
            Notice::Set => return self.page.simple(at, &format!("{name}.set()")),
            Notice::Cleared => return self.page.simple(at, &format!("{name}.clear()")),
            Notice::One => format!("{name}.notify()"),
            Notice::All => format!("{name}.notify_all()"),
        };
        self.under(at, name, &words);
    }

    fn wait_for(&mut self, at: At, event: NamedEventId) {
        let (name, kind) = self.program.event(event);
        let words = format!("await {name}.wait()");
        match kind {
            NamedEventKind::Condition => self.under(at, name, &words),
            _ => self.page.simple(at, &words),
        }
    }

    fn lock(&mut self, at: At, (lock, reads): (LockId, bool), body: &[Step]) {
        let words = match self.program.lock(lock) {
            (name, _, Admits::Readers) if reads => format!("async with {name}.reader:"),
            (name, _, Admits::Readers) => format!("async with {name}.writer:"),
            (name, LockKind::Async, _) => format!("async with {name}:"),
            (name, LockKind::Std, _) => format!("with {name}:"),
        };
        self.page.heading(at, &words);
        self.body(body, at.level + 1);
    }
}

impl Writer<'_, '_, Python> {
    /// A condition is used while it is owned.
    fn under(&mut self, at: At, name: &str, words: &str) {
        self.page.line(at.level, &format!("async with {name}:"));
        let line = self.page.line(at.level + 1, words);
        self.page.mark(at, line, words);
    }
}
