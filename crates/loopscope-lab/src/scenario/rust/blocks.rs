//! Steps with bodies: locks, timeouts, choices, repeats.

use loopscope_trace::{LockId, LockKind};

use crate::scenario::model::expression::{Call, Expression, Length};
use crate::scenario::model::step::{FOREVER, Step};
use crate::scenario::rust::words::{Leaves, Writer, always_leaves, may_leave, named};

impl Writer<'_, '_> {
    /// Held up to the end of the block, not of the braces: what was read under it stays in sight.
    pub(crate) fn lock(&mut self, step: &Step, lock: LockId, body: &[Step], level: usize) {
        let found = self.program.lock(lock);
        let name = found.map_or_else(String::new, |lock| lock.name.to_uppercase());
        let end = match found.map(|lock| lock.kind) {
            Some(LockKind::Std) if self.program.waits_in(lock) => "lock();",
            Some(LockKind::Std) => "lock().unwrap();",
            _ => "lock().await;",
        };
        self.guards += 1;
        let guard = match self.guards {
            1 => "guard".to_owned(),
            nth => format!("guard_{nth}"),
        };
        let words = format!("let {guard} = {name}.{end}");
        let line = self.page.either(
            level,
            &words,
            &[&format!("let {guard} ="), &format!("{name}.{end}")],
        );
        self.page.mark(step.id, line, &words);
        self.body(body, level);
        self.guards -= 1;
        if !always_leaves(body) {
            self.page.line(level, &format!("drop({guard});"));
        }
    }

    pub(crate) fn timeout(
        &mut self,
        step: &Step,
        limit: &Length,
        body: &[Step],
        otherwise: &[Step],
        level: usize,
    ) {
        let leaves = may_leave(body);
        let kept = if leaves || !otherwise.is_empty() {
            "let done = "
        } else {
            ""
        };
        let length = self.length(limit);
        let words = format!("{kept}timeout({length}, async {{");
        let parts = [
            format!("{kept}timeout("),
            format!("{length},"),
            "async {".to_owned(),
        ];
        let (line, inner) = if words.len() <= self.page.room(level) {
            (self.page.line(level, &words), level)
        } else {
            let line = self.page.line(level, &parts[0]);
            self.page.line(level + 1, &parts[1]);
            self.page.line(level + 1, &parts[2]);
            (line, level + 1)
        };
        self.page
            .mark(step.id, line, &format!("{words} … }}).await;"));
        self.block(body, leaves, inner + 1);
        if inner == level {
            self.page.line(level, "}).await;");
        } else {
            self.page.line(inner, "},");
            self.page.line(level, ").await;");
        }
        if !otherwise.is_empty() {
            self.page.line(level, "if done.is_err() {");
            self.body(otherwise, level + 1);
            self.page.line(level, "}");
        }
        if leaves {
            self.passed_on("done", "Ok(Some(it))", level);
        }
    }

    /// The inside of an `async` block; where a step in it leaves the function, the block hands
    /// that on.
    fn block(&mut self, body: &[Step], leaves: bool, level: usize) {
        let way = if leaves { Leaves::Block } else { self.leaves };
        let before = std::mem::replace(&mut self.leaves, way);
        self.body(body, level);
        self.leaves = before;
        if leaves && !always_leaves(body) {
            self.page.line(level, "None");
        }
    }

    /// Leaves the function with what a block has handed on.
    fn passed_on(&mut self, name: &str, pattern: &str, level: usize) {
        let it = match (self.leaves, self.result()) {
            (Leaves::Block, _) => "return Some(it);",
            (Leaves::Plainly, Some(_)) => "return it;",
            (Leaves::Plainly, None) => "return;",
        };
        self.page
            .line(level, &format!("if let {pattern} = {name} {{"));
        self.page.line(level + 1, it);
        self.page.line(level, "}");
    }

    pub(crate) fn select(&mut self, step: &Step, bodies: &[Vec<Step>], level: usize) {
        let leaves = bodies.iter().any(|body| may_leave(body));
        let words = if leaves {
            "let done = select! {"
        } else {
            "select! {"
        };
        let line = self.page.line(level, words);
        self.page.mark(step.id, line, "select! { … }");
        for body in bodies {
            let (name, value) = if leaves { ("it", "it,") } else { ("_", "{}") };
            self.page.line(level + 1, &format!("{name} = async {{"));
            self.block(body, leaves, level + 2);
            self.page.line(level + 1, &format!("}} => {value}"));
        }
        self.page.line(level, if leaves { "};" } else { "}" });
        if leaves {
            self.passed_on("done", "Some(it)", level);
        }
    }

    pub(crate) fn choice(
        &mut self,
        step: &Step,
        condition: &Expression,
        then: &[Step],
        otherwise: &[Step],
        level: usize,
    ) {
        let words = format!("if {} {{", self.value(condition));
        self.page.heading(step.id, level, &words);
        self.body(then, level + 1);
        if !otherwise.is_empty() {
            self.page.line(level, "} else {");
            self.body(otherwise, level + 1);
        }
        self.page.line(level, "}");
    }

    pub(crate) fn repeat(
        &mut self,
        step: &Step,
        times: u32,
        until: Option<&Expression>,
        body: &[Step],
        level: usize,
    ) {
        let words = match times {
            FOREVER => "loop {".to_owned(),
            times => format!("for _ in 0..{times} {{"),
        };
        self.page.heading(step.id, level, &words);
        self.body(body, level + 1);
        if let Some(until) = until {
            let condition = self.value(until);
            self.page.line(level + 1, &format!("if {condition} {{"));
            self.page.line(level + 2, "break;");
            self.page.line(level + 1, "}");
        }
        self.page.line(level, "}");
    }

    pub(crate) fn as_completed(
        &mut self,
        step: &Step,
        calls: &[Call],
        into: Option<&String>,
        body: &[Step],
        level: usize,
    ) {
        let line = self.page.broken(level, "let mut set = JoinSet::new();");
        self.page
            .mark(step.id, line, "let mut set = JoinSet::new();");
        for call in calls {
            let invoked = [self.invoked(call)];
            self.page.call(level, "set.spawn(", &invoked, ");");
        }
        let next = "set.join_next().await";
        let name = into.map_or_else(|| "end".to_owned(), |into| named(into));
        self.page.line(level, &format!("while let Some({name}) ="));
        self.page.line(level + 1, next);
        self.page.line(level, "{");
        if into.is_some() {
            let words = format!("let {name} = {name}.unwrap();");
            self.page.line(level + 1, &words);
        }
        self.body(body, level + 1);
        self.page.line(level, "}");
    }
}
