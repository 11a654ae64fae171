//! Steps that are not alike in all languages, in asyncio's words.

use loopscope_trace::{ChannelId, Keep, LockId, LockKind, LoopId, PoolId, VariableId};

use crate::scenario::listing::language::{Calls, Limit, Values};
use crate::scenario::listing::page::At;
use crate::scenario::listing::program::child;
use crate::scenario::listing::walk::{Phrases, Steps, Writer};
use crate::scenario::model::expression::{Call, Expression, Length, Text};
use crate::scenario::model::step::{Action, Step, Work};
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
        self.calling(at, &Self::kept(name), call, Self::PHRASES.called);
    }

    fn gather(&mut self, at: At, calls: &[Call], into: &[String]) {
        let open = format!("{}await asyncio.gather(", kept_all(into));
        self.page.calling(at, &open, &self.all_invoked(calls), ")");
    }

    fn join(&mut self, at: At, calls: &[Call], into: &[String]) {
        self.gather(at, calls, into);
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

impl Steps for Writer<'_, '_, Python> {
    const PHRASES: Phrases = PHRASES;

    fn print(&mut self, at: At, text: &Text) {
        if let Some(value) = self.lone(text) {
            return self.page.calling(at, "print(", &[value], ")");
        }
        let quoted = self.quoted(text);
        self.page.quoting(at, "print(", &quoted, ")");
    }

    fn write(&mut self, at: At, variable: VariableId, value: &Expression) {
        let name = self.program.variable(variable);
        let words = format!("{name} = {}", self.value(value));
        self.page.simple(at, &words);
    }

    fn send(&mut self, at: At, channel: ChannelId, value: &Expression) {
        let name = self.program.channel(channel);
        let value = self.value(value);
        if !self.own.on_loop {
            // A queue belongs to its loop.
            let open = match self.program.is_server() {
                true => "from_thread.run_sync(",
                false => "loop.call_soon_threadsafe(",
            };
            let args = [format!("{name}.put_nowait"), value];
            return self.page.calling(at, open, &args, ")");
        }
        let open = format!("{name}.put_nowait(");
        let known = self.program.story.channels.get(channel.index());
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

    fn chunk(&mut self, at: At, text: &Text) {
        self.leaving(at, "yield", text);
    }

    fn read_file(&mut self, at: At, _bytes: u64) {
        self.page.simple(at, "data = await file.read()");
    }

    fn leave(&mut self, at: At, text: Option<&Text>) {
        match text {
            Some(text) => self.leaving(at, "return", text),
            None => self.page.simple(at, "return"),
        }
    }

    fn lock(&mut self, at: At, lock: LockId, body: &[Step]) {
        let words = match self.program.lock(lock) {
            (name, LockKind::Async) => format!("async with {name}:"),
            (name, LockKind::Std) => format!("with {name}:"),
        };
        self.page.heading(at, &words);
        self.body(body, at.level + 1);
    }

    fn timeout(&mut self, at: At, limit: &Length, body: &[Step], otherwise: &[Step]) {
        self.page.line(at.level, "try:");
        let words = format!("async with timeout({}):", self.length(limit));
        self.page.heading(At::new(at.step, at.level + 1), &words);
        self.body(body, at.level + 2);
        self.page.line(at.level, "except TimeoutError:");
        self.body(otherwise, at.level + 1);
    }

    /// asyncio has no `select!`: the bodies become tasks, and those that lose are cancelled.
    fn select(&mut self, at: At, bodies: &[Vec<Step>]) {
        let level = at.level;
        for (place, body) in bodies.iter().enumerate() {
            let head = format!("async def way_{}():", place + 1);
            self.page.line(level, &head);
            self.body(body, level + 1);
        }
        self.page.line(level, "ways = [");
        for place in 1..=bodies.len() {
            let call = [format!("way_{place}()")];
            self.page
                .call(level + 1, "asyncio.create_task(", &call, "),");
        }
        self.page.line(level, "]");
        let args = ["ways".to_owned(), "return_when=FIRST_COMPLETED".to_owned()];
        self.page.calling(at, "await asyncio.wait(", &args, ")");
        self.page.line(level, "for way in ways:");
        self.page.line(level + 1, "way.cancel()");
    }

    fn as_completed(&mut self, at: At, calls: &[Call], into: Option<&str>, body: &[Step]) {
        let open = "for task in as_completed([";
        self.page
            .call(at.level, open, &self.all_invoked(calls), "]):");
        let words = format!("{}await task", Self::kept(into));
        self.page.simple(At::new(at.step, at.level + 1), &words);
        if !body.is_empty() {
            self.body(body, at.level + 1);
        }
    }

    fn nothing(&mut self, level: usize) {
        self.page.line(level, "pass");
    }

    fn for_child(&mut self, name: &str, body: &[Step]) -> bool {
        if simple(body, self.page).is_some() {
            return false;
        }
        self.page.line(0, &format!("def {name}():"));
        let on_loop = std::mem::replace(&mut self.own.on_loop, false);
        self.body(body, 1);
        self.own.on_loop = on_loop;
        self.page.gap();
        true
    }
}
