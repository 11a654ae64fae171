//! Work that is handed on: to a pool, to a child process, to a loop.

use loopscope_trace::{LoopId, PoolId};

use crate::scenario::listing::program::{child, is_used};
use crate::scenario::model::expression::{Call, Length};
use crate::scenario::model::step::{self, Action, Step, Work};
use crate::scenario::python::words::{Writer, kept, simple};

impl Writer<'_, '_> {
    /// What is handed on: a function and its arguments. A body of several steps is written right
    /// before, as a function of its own.
    fn handed(&mut self, work: &Work, level: usize) -> Vec<String> {
        match work {
            Work::Function(call) => {
                let mut words = vec![self.program.name(call.function).to_owned()];
                words.extend(self.arguments(call));
                words
            }
            Work::Inline(steps) => simple(steps, self.page).map_or_else(
                || {
                    self.page.line(level, "def in_pool():");
                    let on_loop = std::mem::replace(&mut self.on_loop, false);
                    self.opening(steps, level + 1);
                    self.body(steps, level + 1);
                    self.on_loop = on_loop;
                    vec!["in_pool".to_owned()]
                },
                |(words, _)| words,
            ),
        }
    }

    /// Writes the call that hands work on; a lone step in it stands where its name stands.
    fn handing(&mut self, step: &Step, work: &Work, open: &str, args: &[String], level: usize) {
        let before = self.page.length();
        self.page.calling(step.id, level, open, args, ")");
        if let Work::Inline(steps) = work
            && let (Some((names, words)), [only]) = (simple(steps, self.page), steps.as_slice())
        {
            let line = self.page.find(before, &names[0]);
            self.page.mark(only.id, line, &words);
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
        let mut args = self.handed(work, level);
        let kept = kept(name.filter(|name| is_used(self.function, name)));
        let stays = detach || name.is_some();
        if stays || pool.is_some() {
            args.insert(
                0,
                pool.map_or("None", |pool| self.program.pool(pool))
                    .to_owned(),
            );
            let wait = if stays { "" } else { "await " };
            let open = format!("{kept}{wait}loop.run_in_executor(");
            return self.handing(step, work, &open, &args, level);
        }
        // The threads of the framework cannot be left behind by a timeout; those of asyncio can.
        let limited = step::any(&self.function.body, |action| match action {
            Action::Timeout { body, .. } => body.iter().any(|inner| inner.id == step.id),
            _ => false,
        });
        let open = match self.program.is_server() && !limited {
            true => "await run_in_threadpool(",
            false => "await asyncio.to_thread(",
        };
        self.handing(step, work, open, &args, level);
    }

    pub(crate) fn process(
        &mut self,
        step: &Step,
        work: &Work,
        limit: Option<&Length>,
        otherwise: &[Step],
        level: usize,
    ) {
        let mut words = match work {
            Work::Inline(steps) if simple(steps, self.page).is_none() => {
                self.children += 1;
                vec![child(&self.function.name, self.children)]
            }
            work => self.handed(work, level),
        };
        let Some(limit) = limit else {
            words.insert(0, "procs".to_owned());
            return self.handing(step, work, "await loop.run_in_executor(", &words, level);
        };
        let mut args = vec![format!("target={}", words[0])];
        match &words[1..] {
            [] => {}
            [only] => args.push(format!("args=({only},)")),
            all => args.push(format!("args=({})", all.join(", "))),
        }
        self.handing(step, work, "child = Process(", &args, level);
        self.page.line(level, "child.start()");
        let wait = ["child.join".to_owned(), self.seconds(limit)];
        self.page
            .call(level, "await asyncio.to_thread(", &wait, ")");
        self.page.line(level, "if child.is_alive():");
        self.page.line(level + 1, "child.kill()");
        for step in otherwise {
            self.step(step, level + 1);
        }
    }

    pub(crate) fn spawn(
        &mut self,
        step: &Step,
        call: &Call,
        name: &str,
        on: Option<LoopId>,
        level: usize,
    ) {
        let kept = kept(Some(name).filter(|name| is_used(self.function, name)));
        let mut args = vec![self.invoked(call)];
        match on {
            Some(id) => {
                args.push(self.program.side_loop(id).to_owned());
                let open = format!("{kept}run_coroutine_threadsafe(");
                self.page.calling(step.id, level, &open, &args, ")");
            }
            None => {
                let open = format!("{kept}asyncio.create_task(");
                self.page.calling(step.id, level, &open, &args, ")");
            }
        }
    }

    /// What is awaited under a name: a task of another loop needs a wrapper.
    pub(crate) fn awaited(&self, name: &str) -> String {
        let far = step::any(
            &self.function.body,
            |action| matches!(action, Action::Spawn { name: other, on: Some(_), .. } if other == name),
        );
        match far {
            true => format!("asyncio.wrap_future({name})"),
            false => name.to_owned(),
        }
    }

    pub(crate) fn block_on(
        &mut self,
        step: &Step,
        call: &Call,
        on: Option<LoopId>,
        into: Option<&str>,
        limit: Option<(&Length, &[Step])>,
        level: usize,
    ) {
        let place = on.or(self.function.on.filter(|_| !self.on_loop));
        let side = place.map_or("loop", |id| self.program.side_loop(id));
        let args = [self.invoked(call), side.to_owned()];
        let open = "task = run_coroutine_threadsafe(";
        let kept = kept(into);
        let Some((limit, otherwise)) = limit else {
            let line = self.page.call(level, open, &args, ")");
            self.page.line(level, &format!("{kept}task.result()"));
            let words = format!("run_coroutine_threadsafe({}).result()", args.join(", "));
            return self.page.mark(step.id, line, &words);
        };
        let line = self.page.call(level, open, &args, ")");
        let seconds = self.seconds(limit);
        let words = format!(
            "run_coroutine_threadsafe({}).result({seconds})",
            args.join(", ")
        );
        self.page.mark(step.id, line, &words);
        self.page.line(level, "try:");
        let result = format!("{kept}task.result(");
        self.page.call(level + 1, &result, &[seconds], ")");
        self.page.line(level, "except TimeoutError:");
        self.body(otherwise, level + 1);
    }
}
