//! Steps on what functions share, in tokio's words.

use loopscope_trace::{Admits, ChannelId, LockId, LockKind, NamedEventId, Notice, VariableId};

use crate::scenario::listing::language::{Shared, Values};
use crate::scenario::listing::page::At;
use crate::scenario::listing::types::Kind;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::Expression;
use crate::scenario::model::step::Step;
use crate::scenario::rust::words::{Rust, always_leaves};

impl Shared for Writer<'_, '_, Rust> {
    fn write(&mut self, at: At, variable: VariableId, value: &Expression) {
        let name = Self::shared(self.program.variable(variable));
        let kind = self.program.types.variables.get(variable.index());
        let written = self.value(value);
        if self.program.is_stored(variable) {
            let open = format!("{name}.save(");
            return self.page.calling(at, &open, &[written], ");");
        }
        match (kind.copied().unwrap_or_default(), value) {
            (Kind::Integer, _) => {
                let args = [written, "Relaxed".to_owned()];
                self.page
                    .calling(at, &format!("{name}.store("), &args, ");");
            }
            (Kind::Text, value) => {
                // Only looked at, so that a local can be used again.
                let local = matches!(value, Expression::Local(_));
                let mark = if local { "&" } else { "" };
                let args = [format!("{mark}{written}")];
                self.page.calling(at, &format!("{name}.set("), &args, ");");
            }
        }
    }

    fn send(&mut self, at: At, channel: ChannelId, value: &Expression, _: bool) {
        let open = format!("{}.send(", Self::shared(self.program.channel(channel)));
        let wanted = self.program.types.channels.get(channel.index());
        let args = [self.given(value, wanted.copied().unwrap_or_default())];
        let known = self.program.story.channels.get(channel.index());
        let close = match known.and_then(|channel| channel.capacity) {
            Some(_) => ").await;",
            None => ");",
        };
        self.page.calling(at, &open, &args, close);
    }

    fn notify(&mut self, at: At, event: NamedEventId, how: Notice) {
        let name = Self::shared(self.program.event(event).0);
        let call = match how {
            Notice::All => "notify_waiters",
            _ => "notify_one",
        };
        self.page.simple(at, &format!("{name}.{call}();"));
    }

    fn wait_for(&mut self, at: At, event: NamedEventId) {
        let name = Self::shared(self.program.event(event).0);
        self.page.simple(at, &format!("{name}.notified().await;"));
    }

    /// Held up to the end of the block, not of the braces: what was read under it stays in sight.
    fn lock(&mut self, at: At, (lock, reads): (LockId, bool), body: &[Step]) {
        let (name, kind, admits) = self.program.lock(lock);
        let name = Self::shared(name);
        let end = match (admits, kind) {
            (Admits::Permits(_), LockKind::Std) => "acquire();",
            (Admits::Permits(_), LockKind::Async) => "acquire().await;",
            (Admits::Readers, _) if reads => "read().await;",
            (Admits::Readers, _) => "write().await;",
            (Admits::One, LockKind::Std) if self.program.waits_in(lock) => "lock();",
            (Admits::One, LockKind::Std) => "lock().unwrap();",
            (Admits::One, LockKind::Async) => "lock().await;",
        };
        self.own.guards += 1;
        let guard = match admits {
            Admits::Permits(_) => "permit",
            _ => "guard",
        };
        let guard = match self.own.guards {
            1 => guard.to_owned(),
            nth => format!("{guard}_{nth}"),
        };
        let (open, end) = (format!("let {guard} ="), format!("{name}.{end}"));
        let words = format!("{open} {end}");
        let line = self.page.either(at.level, &words, &[&open, &end]);
        self.page.mark(at, line, &words);
        self.body(body, at.level);
        self.own.guards -= 1;
        if !always_leaves(body) {
            self.page.line(at.level, &format!("drop({guard});"));
        }
    }
}
