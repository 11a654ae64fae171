//! The arms of `select!`, and what is polled by reference.

use crate::scenario::listing::language::Values;
use crate::scenario::listing::page::At;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::scenario::is_polled;
use crate::scenario::model::step::{Action, Arm, ArmFuture};
use crate::scenario::rust::words::{Rust, always_leaves};

impl Writer<'_, '_, Rust> {
    /// An arm of a `select`; `leaves`: its value says whether the function is left.
    pub(crate) fn arm(&mut self, arm: &Arm, leaves: bool, level: usize) {
        let handed = arm.handed();
        let pattern = match handed.as_slice() {
            [] if leaves && arm.then.is_empty() && arm.body().is_some() => "it".to_owned(),
            [] => "_".to_owned(),
            [only] => Self::named(only),
            all => format!("({})", all.join(", ")),
        };
        let mut end = "} =>".to_owned();
        match (&arm.future, arm.body()) {
            (ArmFuture::ByRef { name, into }, _) => {
                let pattern = into.as_deref().map_or(pattern, Self::named);
                end = format!("{pattern} = &mut {} =>", Self::named(name));
            }
            (_, Some([only])) if !arm.then.is_empty() && self.future(&only.action).is_some() => {
                let future = self.future(&only.action).unwrap_or_default();
                end = format!("{pattern} = {future} =>");
                let (line, whole) = (self.next_line(), format!("{pattern} = {future}"));
                self.page.mark(At::new(only.id, level), line, &whole);
            }
            (_, body) => {
                self.page.line(level, &format!("{pattern} = async {{"));
                let own = leaves && arm.then.is_empty();
                self.block(body.unwrap_or_default(), (own, false), level + 1);
                if !handed.is_empty() {
                    self.page.line(level + 1, &pattern);
                }
            }
        }
        match (arm.then.is_empty(), leaves, arm.body()) {
            (true, true, Some(_)) => drop(self.page.line(level, &format!("{end} it,"))),
            (true, true, None) => drop(self.page.line(level, &format!("{end} None,"))),
            (true, false, _) => drop(self.page.line(level, &format!("{end} {{}}"))),
            (false, ..) => self.handler(arm, &end, leaves, level),
        }
    }

    /// What is done where an arm was the first.
    fn handler(&mut self, arm: &Arm, end: &str, leaves: bool, level: usize) {
        let whole = format!("{end} {{");
        match end.strip_suffix(" =>") {
            Some(head) if whole.len() > self.page.room(level) => {
                self.page.line(level, head);
                self.page.line(level, "=> {");
            }
            _ => drop(self.page.line(level, &whole)),
        }
        if let ArmFuture::ByRef {
            name,
            into: Some(into),
        } = &arm.future
            && !self.is_coroutine(name)
        {
            let into = Self::named(into);
            let words = format!("let {into} = {into}.unwrap();");
            self.page.line(level + 1, &words);
        }
        self.body(&arm.then, level + 1);
        if leaves && !always_leaves(&arm.then) {
            self.page.line(level + 1, "None");
        }
        self.page.line(level, "}");
    }

    /// A lone step of an arm as a future, where it is one.
    fn future(&self, action: &Action) -> Option<String> {
        match action {
            Action::Sleep(length) => Some(format!("sleep({})", self.length(length))),
            Action::Receive { channel, .. } => {
                let name = Self::shared(self.program.channel(*channel));
                Some(format!("{name}.recv()"))
            }
            Action::WaitFor(event) => {
                let name = Self::shared(self.program.event(*event).0);
                Some(format!("{name}.notified()"))
            }
            Action::Tick { name, .. } => Some(format!("{}.tick()", Self::named(name))),
            Action::Call { call, .. } if self.program.is_async(call.function) => {
                Some(self.invoked(call))
            }
            _ => None,
        }
    }

    /// Whether this name is that of a coroutine that was made, and not of a task.
    pub(crate) fn is_coroutine(&self, name: &str) -> bool {
        self.has(|action| matches!(action, Action::Create { name: Some(made), .. } if made == name))
    }

    /// Whether a `select` polls this by reference.
    pub(crate) fn is_polled(&self, name: &str) -> bool {
        self.has(|action| matches!(action, Action::Select { arms, .. } if is_polled(arms, name)))
    }

    fn next_line(&self) -> u32 {
        u32::try_from(self.page.length() + 1).unwrap_or(u32::MAX)
    }
}
