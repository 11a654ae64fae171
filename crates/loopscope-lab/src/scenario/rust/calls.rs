//! Work that is handed on, in tokio's words: to a pool, to a child process, to a loop; and functions side by
//! side.

use loopscope_trace::{LoopId, PoolId};

use crate::scenario::listing::language::{Calls, Limit, Values};
use crate::scenario::listing::page::At;
use crate::scenario::listing::program::child;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::{Call, Expression};
use crate::scenario::model::parts::deep;
use crate::scenario::model::step::{Step, Work};
use crate::scenario::rust::words::{PHRASES, Rust, always_leaves, child_key, kept_all};

impl Writer<'_, '_, Rust> {
    /// A plain call, as a closure where it has arguments.
    pub(crate) fn closure(&self, call: &Call) -> String {
        match call.arguments.is_empty() {
            true => Self::named(self.program.name(call.function)),
            false => format!("move || {}", self.invoked(call)),
        }
    }

    /// A list with an entry a line, which reads as what goes on side by side.
    fn listed(&mut self, at: At, open: &str, args: &[String], close: &str) {
        let words = format!("{open}{}{close}", args.join(", "));
        let (first, level) = match open.split_once(" = ") {
            Some((left, right)) if open.len() > self.page.room(at.level) => {
                let first = self.page.line(at.level, &format!("{left} ="));
                self.page.line(at.level + 1, right);
                (first, at.level + 1)
            }
            _ => (self.page.line(at.level, open), at.level),
        };
        for arg in args {
            self.page.broken(level + 1, &format!("{arg},"));
        }
        self.page.line(level, close);
        self.page.mark(at, first, &words);
    }

    /// `let mut job = ` where a `select` polls it by reference.
    fn mutable(&self, kept: &str) -> String {
        let name = kept
            .strip_prefix("let ")
            .and_then(|kept| kept.split(' ').next());
        match name.filter(|name| self.is_polled(name)) {
            Some(name) => format!("let mut {name} = "),
            None => kept.to_owned(),
        }
    }

    /// What stands before a call that runs on a pool or loop of its own.
    fn place(name: Option<&str>) -> String {
        name.map_or_else(String::new, |name| format!("{}.", Self::shared(name)))
    }
}

impl Calls for Writer<'_, '_, Rust> {
    fn spawn_blocking(
        &mut self,
        at: At,
        work: &Work,
        pool: Option<PoolId>,
        (name, detach): (Option<&str>, bool),
    ) {
        let stays = detach || name.is_some();
        let fails = match work {
            Work::Inline(steps) => self.fails(steps),
            Work::Function(call) => self.program.call_fails(call),
        };
        let end = match (stays, fails) {
            (true, _) => ";",
            (false, false) => ".await;",
            (false, true) => ".await.unwrap()?;",
        };
        let place = Self::place(pool.map(|id| self.program.pool(id)));
        let kept = Self::kept(name.filter(|name| self.uses(name)));
        let kept = self.mutable(&kept);
        let open = format!("{kept}{place}spawn_blocking(");
        match work {
            Work::Function(call) => {
                let work = [self.closure(call)];
                self.page.calling(at, &open, &work, &format!("){end}"));
            }
            Work::Inline(steps) => {
                let needs = if uses_names(steps) { "move " } else { "" };
                let line = self.page.line(at.level, &format!("{open}{needs}|| {{"));
                let words = format!("{open}{needs}|| …){end}");
                self.page.mark(at, line, &words);
                let before = (self.own.fails, self.own.awaits);
                (self.own.fails, self.own.awaits) = (fails, false);
                self.body(steps, at.level + 1);
                (self.own.fails, self.own.awaits) = before;
                if fails {
                    self.page.line(at.level + 1, "Ok::<_, String>(())");
                }
                self.page.line(at.level, &format!("}}){end}"));
            }
        }
    }

    fn process(&mut self, at: At, work: &Work, limit: Limit<'_>) {
        let key = match work {
            Work::Function(call) => {
                child_key(self.program.name(call.function), &self.arguments(call))
            }
            Work::Inline(_) => {
                self.children += 1;
                child(&self.function.name, self.children)
            }
        };
        let args = [format!("\"{}\"", key.replace('"', "'"))];
        let Some((limit, otherwise)) = limit else {
            return self.page.calling(at, "in_child(", &args, ").await;");
        };
        let args = [self.length(limit), format!("in_child({})", args[0])];
        self.page
            .calling(at, "let done = timeout(", &args, ").await;");
        self.page.line(at.level, "if done.is_err() {");
        self.inside(otherwise, at.level, Some("}"));
    }

    fn spawn(&mut self, at: At, call: &Call, kept: &str, on: Option<LoopId>) {
        let place = Self::place(on.map(|id| self.program.side_loop(id)));
        let args = [self.invoked(call)];
        let kept = self.mutable(kept);
        self.page
            .calling(at, &format!("{kept}{place}spawn("), &args, ");");
    }

    /// A coroutine hands its result over; a task tells also whether it failed.
    fn wait(&mut self, at: At, (name, _): (&str, bool), into: Option<&str>) {
        let in_place = self.is_coroutine(name);
        let end = match (in_place, into.is_none(), self.awaiting_fails(name)) {
            (true, _, true) => "?;",
            (false, _, true) => ".unwrap()?;",
            (true, _, false) | (false, true, false) => ";",
            (false, false, false) => ".unwrap();",
        };
        let words = format!("{}{}.await{end}", Self::kept(into), Self::named(name));
        self.page.simple(at, &words);
    }

    /// The underscore tells the compiler that it is never awaited.
    fn create(&mut self, at: At, call: &Call, name: Option<&str>) {
        if let Some(name) = name.filter(|name| self.is_polled(name)) {
            let open = format!("let mut {} = pin!(", Self::named(name));
            return self.page.calling(at, &open, &[self.invoked(call)], ");");
        }
        let kept = match name {
            Some(name) if !self.uses(name) => Self::kept(Some(&format!("_{name}"))),
            name => Self::kept(name),
        };
        self.calling(at, &kept, call, PHRASES.called);
    }

    /// asyncio's `gather` makes tasks of coroutines, so the same program in Rust spawns them.
    fn gather(&mut self, at: At, calls: &[Call], (into, keeps_errors): (&[String], bool)) {
        let fails = !keeps_errors && calls.iter().any(|call| self.program.call_fails(call));
        let spawned = calls.iter().map(|call| {
            let call = self.fallible(call, fails);
            match fails {
                true => format!("flat(spawn({call}))"),
                false => format!("spawn({call})"),
            }
        });
        let args: Vec<_> = spawned.collect();
        if fails {
            let open = format!("{}try_join!(", kept_all(into));
            return self.listed(at, &open, &args, ")?;");
        }
        let mut results = calls.iter().map(|call| {
            let fails = self.program.call_fails(call);
            (self.program.types.result(call.function), fails)
        });
        let first = results.next();
        if into.is_empty() && results.all(|result| Some(result) == first) {
            return self.listed(at, "join_all([", &args, "]).await;");
        }
        let open = format!("{}try_join!(", kept_all(into));
        self.listed(at, &open, &args, ").unwrap();");
    }

    fn group(&mut self, at: At, calls: &[Call]) {
        let level = at.level;
        let line = self.page.line(level, "let mut set = JoinSet::new();");
        self.page.mark(at, line, "let mut set = JoinSet::new();");
        let fails = calls.iter().any(|call| self.program.call_fails(call));
        for work in self.in_set(calls) {
            self.page.call(level, "set.spawn(", &[work], ");");
        }
        self.page.line(level, "while let Some(end) =");
        self.page.line(level + 1, "set.join_next().await");
        self.page.line(level, "{");
        let passes = if fails { "?" } else { "" };
        self.page.line(level + 1, &format!("end.unwrap(){passes};"));
        self.page.line(level, "}");
    }

    fn join(&mut self, at: At, calls: &[Call], into: &[String]) {
        let failing: Vec<bool> = calls
            .iter()
            .map(|call| self.program.call_fails(call))
            .collect();
        if !failing.contains(&true) {
            let open = format!("{}join!(", kept_all(into));
            return self.page.calling(at, &open, &self.all_invoked(calls), ");");
        }
        let names: Vec<String> = match into.is_empty() {
            true => (1..=calls.len()).map(|nth| format!("end_{nth}")).collect(),
            false => into.to_vec(),
        };
        let open = format!("{}join!(", kept_all(&names));
        self.page.calling(at, &open, &self.all_invoked(calls), ");");
        for (name, _) in names.iter().zip(failing).filter(|(_, fails)| *fails) {
            let name = Self::named(name);
            self.page.line(at.level, &format!("let {name} = {name}?;"));
        }
    }

    fn block_on(
        &mut self,
        at: At,
        (call, on): (&Call, Option<LoopId>),
        into: Option<&str>,
        limit: Limit<'_>,
    ) {
        let place = Self::place(on.map(|id| self.program.side_loop(id)));
        let task = format!("{place}spawn({})", self.invoked(call));
        let fails = self.program.call_fails(call);
        let passes = if fails { "?" } else { "" };
        let Some((limit, otherwise)) = limit else {
            let open = format!("{}block_on(", Self::kept(into));
            let close = format!("){passes};");
            return self.page.calling(at, &open, &[task], &close);
        };
        let args = [self.length(limit), task];
        let named = |other: &str| into.map_or_else(|| other.to_owned(), Self::named);
        if always_leaves(otherwise) {
            let name = named(if fails { "done" } else { "_" });
            let open = format!("let Some({name}) = block_on_for(");
            self.page.calling(at, &open, &args, ") else {");
            self.inside(otherwise, at.level, Some("};"));
            if fails {
                self.page.line(at.level, &format!("let {name} = {name}?;"));
            }
            return;
        }
        let name = named("done");
        let open = format!("let {name} = block_on_for(");
        self.page.calling(at, &open, &args, ");");
        let words = format!("if {name}.is_none() {{");
        self.page.line(at.level, &words);
        self.inside(otherwise, at.level, Some("}"));
        match (into.is_some(), fails) {
            (false, false) => {}
            (true, false) => {
                let words = format!("let {name} = {name}.unwrap_or_default();");
                self.page.line(at.level, &words);
            }
            (_, true) => {
                let words = format!("let {name} = {name}.transpose()?;");
                self.page.line(at.level, &words);
                if into.is_some() {
                    let words = format!("let {name} = {name}.unwrap_or_default();");
                    self.page.line(at.level, &words);
                }
            }
        }
    }

    fn background(&mut self, at: At, call: &Call) {
        let (open, work) = match self.program.is_async(call.function) {
            true => ("after.spawn(", self.invoked(call)),
            false => ("after.spawn_blocking(", self.closure(call)),
        };
        self.page.calling(at, open, &[work], ");");
    }
}

/// Whether a job needs what its function knows.
fn uses_names(steps: &[Step]) -> bool {
    let local = |value: &Expression| value.any(&|value| matches!(value, Expression::Local(_)));
    deep(steps)
        .iter()
        .any(|step| step.action.parts().values().any(local))
}
