//! Steps with bodies: locks, timeouts, choices, repeats.

use loopscope_trace::{LockId, LockKind};

use crate::scenario::model::expression::{Call, Expression, Length};
use crate::scenario::model::step::{FOREVER, Step};
use crate::scenario::python::words::{Writer, kept};

impl Writer<'_, '_> {
    pub(crate) fn depends(&self, call: &Call) -> String {
        let name = self.program.name(call.function);
        let args = self.arguments(call);
        if args.is_empty() {
            format!("Depends({name})")
        } else {
            format!("Depends(partial({name}, {}))", args.join(", "))
        }
    }

    pub(crate) fn lock(&mut self, step: &Step, lock: LockId, body: &[Step], level: usize) {
        let (name, kind) = self
            .program
            .lock(lock)
            .map_or(("?", LockKind::Async), |lock| {
                (lock.name.as_str(), lock.kind)
            });
        let words = match kind {
            LockKind::Async => format!("async with {name}:"),
            LockKind::Std => format!("with {name}:"),
        };
        self.page.heading(step.id, level, &words);
        self.body(body, level + 1);
    }

    pub(crate) fn timeout(
        &mut self,
        step: &Step,
        limit: &Length,
        body: &[Step],
        otherwise: &[Step],
        level: usize,
    ) {
        self.page.line(level, "try:");
        let words = format!("async with timeout({}):", self.seconds(limit));
        let line = self.page.line(level + 1, &words);
        self.page.mark(step.id, line, &words);
        self.body(body, level + 2);
        self.page.line(level, "except TimeoutError:");
        self.body(otherwise, level + 1);
    }

    pub(crate) fn choice(
        &mut self,
        step: &Step,
        condition: &Expression,
        then: &[Step],
        otherwise: &[Step],
        level: usize,
    ) {
        let words = format!("if {}:", self.value(condition));
        self.page.heading(step.id, level, &words);
        self.body(then, level + 1);
        if !otherwise.is_empty() {
            self.page.line(level, "else:");
            self.body(otherwise, level + 1);
        }
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
            FOREVER => "while True:".to_owned(),
            times => format!("for _ in range({times}):"),
        };
        self.page.heading(step.id, level, &words);
        self.body(body, level + 1);
        if let Some(until) = until {
            let condition = self.value(until);
            self.page.line(level + 1, &format!("if {condition}:"));
            self.page.line(level + 2, "break");
        }
    }

    pub(crate) fn as_completed(
        &mut self,
        step: &Step,
        calls: &[Call],
        into: Option<&str>,
        body: &[Step],
        level: usize,
    ) {
        let args: Vec<_> = calls.iter().map(|call| self.invoked(call)).collect();
        let open = "for task in as_completed([";
        self.page.calling(step.id, level, open, &args, "]):");
        let kept = kept(into);
        self.page.line(level + 1, &format!("{kept}await task"));
        for step in body {
            self.step(step, level + 1);
        }
    }

    /// asyncio has no `select!`: the bodies become tasks, and those that lose are cancelled.
    pub(crate) fn select(&mut self, step: &Step, bodies: &[Vec<Step>], level: usize) {
        for (at, body) in bodies.iter().enumerate() {
            let line = self
                .page
                .line(level, &format!("async def way_{}():", at + 1));
            if at == 0 {
                let words = "await asyncio.wait(…, return_when=FIRST_COMPLETED)";
                self.page.mark(step.id, line, words);
            }
            self.body(body, level + 1);
        }
        self.page.line(level, "ways = [");
        for at in 1..=bodies.len() {
            let call = format!("way_{at}()");
            self.page
                .call(level + 1, "asyncio.create_task(", &[call], "),");
        }
        self.page.line(level, "]");
        let args = ["ways".to_owned(), "return_when=FIRST_COMPLETED".to_owned()];
        self.page.call(level, "await asyncio.wait(", &args, ")");
        self.page.line(level, "for way in ways:");
        self.page.line(level + 1, "way.cancel()");
    }
}
