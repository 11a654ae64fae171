//! Work that is handed on: to a pool, to a child process, to a loop; and functions side by side.

use loopscope_trace::{LoopId, PoolId};

use crate::scenario::listing::program::{child, is_used};
use crate::scenario::model::expression::{Call, Expression, Length};
use crate::scenario::model::step::{Step, Work, deep};
use crate::scenario::rust::words::{
    Writer, always_leaves, arguments, child_key, kept, kept_all, named,
};

impl Writer<'_, '_> {
    pub(crate) fn arguments(&self, call: &Call) -> Vec<String> {
        arguments(self.program, call, self.function.id)
    }

    /// A plain call, as a closure where it has arguments.
    pub(crate) fn closure(&self, call: &Call) -> String {
        match call.arguments.is_empty() {
            true => named(self.program.name(call.function)),
            false => format!("move || {}", self.invoked(call)),
        }
    }

    /// What FastAPI runs first, and where.
    pub(crate) fn depends(&mut self, call: &Call) {
        if self.program.is_async(call.function) {
            self.page.line(1, &format!("{}.await;", self.invoked(call)));
        } else {
            let work = [self.closure(call)];
            self.page.call(1, "spawn_blocking(", &work, ").await;");
        }
    }

    pub(crate) fn spawn_blocking(
        &mut self,
        step: &Step,
        work: &Work,
        pool: Option<PoolId>,
        name: Option<&str>,
        detach: bool,
        level: usize,
    ) {
        let name = name.map(str::to_owned);
        let stays = detach || name.is_some();
        let end = if stays { ";" } else { ".await;" };
        let place = pool.map_or_else(String::new, |id| {
            format!("{}.", self.program.pool(id).to_uppercase())
        });
        let kept = kept(name.as_ref().filter(|name| is_used(self.function, name)));
        let open = format!("{kept}{place}spawn_blocking(");
        match work {
            Work::Function(call) => {
                let work = [self.closure(call)];
                self.page
                    .calling(step.id, level, &open, &work, &format!("){end}"));
            }
            Work::Inline(steps) => {
                let needs = if uses_names(steps) { "move " } else { "" };
                let line = self.page.line(level, &format!("{open}{needs}|| {{"));
                let words = format!("{open}{needs}|| …){end}");
                self.page.mark(step.id, line, &words);
                self.body(steps, level + 1);
                self.page.line(level, &format!("}}){end}"));
            }
        }
    }

    pub(crate) fn process(
        &mut self,
        step: &Step,
        work: &Work,
        limit: Option<&Length>,
        otherwise: &[Step],
        level: usize,
    ) {
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
        let Some(limit) = limit else {
            return self
                .page
                .calling(step.id, level, "in_child(", &args, ").await;");
        };
        let args = [self.length(limit), format!("in_child({})", args[0])];
        self.page
            .calling(step.id, level, "let done = timeout(", &args, ").await;");
        self.page.line(level, "if done.is_err() {");
        self.body(otherwise, level + 1);
        self.page.line(level, "}");
    }

    /// asyncio's `gather` makes tasks of coroutines, so the same program in Rust spawns them.
    pub(crate) fn gather(&mut self, step: &Step, calls: &[Call], into: &[String], level: usize) {
        let args: Vec<_> = calls
            .iter()
            .map(|call| format!("spawn({})", self.invoked(call)))
            .collect();
        let results: Vec<_> = calls
            .iter()
            .map(|call| self.program.types.result(call.function))
            .collect();
        let alike = results.windows(2).all(|pair| pair[0] == pair[1]);
        if into.is_empty() && alike {
            return self.listed(step, "join_all([", &args, "]).await;", level);
        }
        let open = format!("{}try_join!(", kept_all(into));
        self.listed(step, &open, &args, ").unwrap();", level);
    }

    pub(crate) fn join(&mut self, step: &Step, calls: &[Call], into: &[String], level: usize) {
        let args: Vec<_> = calls.iter().map(|call| self.invoked(call)).collect();
        let open = format!("{}join!(", kept_all(into));
        self.page.calling(step.id, level, &open, &args, ");");
    }

    /// A list with an entry a line, which reads as what goes on side by side.
    fn listed(&mut self, step: &Step, open: &str, args: &[String], close: &str, level: usize) {
        let words = format!("{open}{}{close}", args.join(", "));
        let (first, level) = match open.split_once(" = ") {
            Some((left, right)) if open.len() > self.page.room(level) => {
                let first = self.page.line(level, &format!("{left} ="));
                self.page.line(level + 1, right);
                (first, level + 1)
            }
            _ => (self.page.line(level, open), level),
        };
        for arg in args {
            self.page.broken(level + 1, &format!("{arg},"));
        }
        self.page.line(level, close);
        self.page.mark(step.id, first, &words);
    }

    pub(crate) fn block_on(
        &mut self,
        step: &Step,
        call: &Call,
        on: Option<LoopId>,
        into: Option<&String>,
        limit: Option<(&Length, &[Step])>,
        level: usize,
    ) {
        let place = on.map_or_else(String::new, |id| {
            format!("{}.", self.program.side_loop(id).to_uppercase())
        });
        let task = format!("{place}spawn({})", self.invoked(call));
        let Some((limit, otherwise)) = limit else {
            let open = format!("{}block_on(", kept(into));
            return self.page.calling(step.id, level, &open, &[task], ");");
        };
        let args = [self.length(limit), task];
        if always_leaves(otherwise) {
            let name = into.map_or_else(|| "_".to_owned(), |into| named(into));
            let open = format!("let Some({name}) = block_on_for(");
            self.page.calling(step.id, level, &open, &args, ") else {");
            self.body(otherwise, level + 1);
            self.page.line(level, "};");
            return;
        }
        let name = into.map_or_else(|| "done".to_owned(), |into| named(into));
        self.page.calling(
            step.id,
            level,
            &format!("let {name} = block_on_for("),
            &args,
            ");",
        );
        self.page.line(level, &format!("if {name}.is_none() {{"));
        self.body(otherwise, level + 1);
        self.page.line(level, "}");
        if into.is_some() {
            self.page
                .line(level, &format!("let {name} = {name}.unwrap_or_default();"));
        }
    }
}

/// Whether a job needs what its function knows.
fn uses_names(steps: &[Step]) -> bool {
    let local = |value: &Expression| value.any(&|value| matches!(value, Expression::Local(_)));
    deep(steps)
        .iter()
        .any(|step| step.action.parts().values().any(local))
}
