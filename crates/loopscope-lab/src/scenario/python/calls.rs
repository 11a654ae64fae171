//! Work that is handed on, and functions side by side, in asyncio's words.

use loopscope_trace::{LoopId, PoolId};

use crate::scenario::listing::language::{Calls, Limit, Values};
use crate::scenario::listing::page::At;
use crate::scenario::listing::program::child;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::Call;
use crate::scenario::model::step::{Action, Work};
use crate::scenario::python::words::{PHRASES, Python, kept_all, simple};

impl Writer<'_, '_, Python> {
    /// What is handed on: a function and its arguments. A body of several steps is written right
    /// before, as a function of its own.
    fn handed(&mut self, work: &Work, level: usize) -> Vec<String> {
        match work {
            Work::Function(call) => self.apart(call),
            Work::Inline(steps) => simple(steps, self.page).map_or_else(
                || {
                    self.page.line(level, "def in_pool():");
                    let on_loop = std::mem::replace(&mut self.own.on_loop, false);
                    self.opening(steps, level + 1);
                    self.body(steps, level + 1);
                    self.own.on_loop = on_loop;
                    vec!["in_pool".to_owned()]
                },
                |(words, _)| words,
            ),
        }
    }
}

impl Calls for Writer<'_, '_, Python> {
    fn spawn_blocking(
        &mut self,
        at: At,
        work: &Work,
        pool: Option<PoolId>,
        (name, detach): (Option<&str>, bool),
    ) {
        let mut args = self.handed(work, at.level);
        let kept = Self::kept(name.filter(|name| self.uses(name)));
        let stays = detach || name.is_some();
        if stays || pool.is_some() {
            let pool = pool.map_or("None", |pool| self.program.pool(pool));
            args.insert(0, pool.to_owned());
            let wait = if stays { "" } else { "await " };
            let open = format!("{kept}{wait}loop.run_in_executor(");
            return self.handing(at, work, &open, &args);
        }
        // The threads of the framework cannot be left behind by a timeout; those of asyncio can.
        let limited = self.has(|action| match action {
            Action::Timeout { body, .. } => body.iter().any(|inner| inner.id == at.step),
            _ => false,
        });
        let open = match self.program.is_server() && !limited {
            true => "await run_in_threadpool(",
            false => "await asyncio.to_thread(",
        };
        self.handing(at, work, open, &args);
    }

    fn process(&mut self, at: At, work: &Work, limit: Limit<'_>) {
        let level = at.level;
        let mut words = match work {
            Work::Inline(steps) if simple(steps, self.page).is_none() => {
                self.children += 1;
                vec![child(&self.function.name, self.children)]
            }
            work => self.handed(work, level),
        };
        let Some((limit, otherwise)) = limit else {
            words.insert(0, "procs".to_owned());
            return self.handing(at, work, "await loop.run_in_executor(", &words);
        };
        let mut args = vec![format!("target={}", words[0])];
        match &words[1..] {
            [] => {}
            [only] => args.push(format!("args=({only},)")),
            all => args.push(format!("args=({})", all.join(", "))),
        }
        self.handing(at, work, "child = Process(", &args);
        self.page.line(level, "child.start()");
        let wait = ["child.join".to_owned(), self.length(limit)];
        self.page
            .calling(at, "await asyncio.to_thread(", &wait, ")");
        self.page.line(level, "if child.is_alive():");
        self.page.line(level + 1, "child.kill()");
        if !otherwise.is_empty() {
            self.body(otherwise, level + 1);
        }
    }

    fn spawn(&mut self, at: At, call: &Call, kept: &str, on: Option<LoopId>) {
        let mut args = vec![self.invoked(call)];
        args.extend(on.map(|id| self.program.side_loop(id).to_owned()));
        let open = match on {
            Some(_) => "run_coroutine_threadsafe(",
            None => "asyncio.create_task(",
        };
        self.page.calling(at, &format!("{kept}{open}"), &args, ")");
    }

    /// A task of another loop needs a wrapper.
    fn wait(&mut self, at: At, (name, shield): (&str, bool), into: Option<&str>) {
        let far = self.has(
            |action| matches!(action, Action::Spawn { name: other, on: Some(_), .. } if other == name),
        );
        let awaited = match far {
            true => format!("asyncio.wrap_future({name})"),
            false => name.to_owned(),
        };
        if shield {
            let open = format!("{}await asyncio.shield(", Self::kept(into));
            return self.page.calling(at, &open, &[awaited], ")");
        }
        let words = format!("{}await {awaited}", Self::kept(into));
        self.page.simple(at, &words);
    }

    fn create(&mut self, at: At, call: &Call, name: Option<&str>) {
        // Also where it is never awaited: without a name it would be dropped at once.
        self.calling(at, &Self::kept(name), call, PHRASES.called);
    }

    fn gather(&mut self, at: At, calls: &[Call], (into, keeps_errors): (&[String], bool)) {
        let open = format!("{}await asyncio.gather(", kept_all(into));
        let mut args = self.all_invoked(calls);
        if keeps_errors {
            args.push("return_exceptions=True".to_owned());
        }
        self.page.calling(at, &open, &args, ")");
    }

    fn group(&mut self, at: At, calls: &[Call]) {
        // As short as it can be, so that it fits beside the lanes.
        let names = self.program.names();
        let group = ["g", "tg", "group"]
            .into_iter()
            .find(|name| !names.contains(name));
        let group = group.unwrap_or("children");
        let words = format!("async with TaskGroup() as {group}:");
        self.page.heading(at, &words);
        let open = format!("{group}.create_task(");
        for call in self.all_invoked(calls) {
            self.page.call(at.level + 1, &open, &[call], ")");
        }
    }

    fn join(&mut self, at: At, calls: &[Call], into: &[String]) {
        self.gather(at, calls, (into, false));
    }

    fn block_on(
        &mut self,
        at: At,
        (call, on): (&Call, Option<LoopId>),
        into: Option<&str>,
        limit: Limit<'_>,
    ) {
        let (kept, level) = (Self::kept(into), at.level);
        let place = on.or(self.function.on.filter(|_| !self.own.on_loop));
        let side = place.map_or("loop", |id| self.program.side_loop(id));
        let args = [self.invoked(call), side.to_owned()];
        self.page
            .call(level, "task = run_coroutine_threadsafe(", &args, ")");
        // Handing it over takes no time: what blocks is the wait for its result.
        let result = format!("{kept}task.result(");
        let Some((limit, otherwise)) = limit else {
            return self.page.calling(at, &result, &[], ")");
        };
        self.page.line(level, "try:");
        let seconds = [self.length(limit)];
        let inside = At::new(at.step, level + 1);
        self.page.calling(inside, &result, &seconds, ")");
        self.page.line(level, "except TimeoutError:");
        self.body(otherwise, level + 1);
    }

    fn background(&mut self, at: At, call: &Call) {
        let args = self.apart(call);
        self.page.calling(at, "tasks.add_task(", &args, ")");
    }
}
