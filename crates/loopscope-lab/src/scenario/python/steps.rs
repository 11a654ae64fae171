//! Steps that are not alike in all languages, in asyncio's words.

use loopscope_trace::ChannelId;

use crate::scenario::listing::language::{Phrases, Steps, Values};
use crate::scenario::listing::page::At;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::{Call, Length, Text};
use crate::scenario::model::step::{Action, Arm, ArmFuture, Missed, Step};
use crate::scenario::python::words::{PHRASES, Python, simple};

impl Writer<'_, '_, Python> {
    /// Ways with something to do then, or tasks of before, which live on where they lose.
    fn select_then(&mut self, at: At, arms: &[Arm]) {
        let level = at.level;
        let mut names = Vec::new();
        for (place, arm) in arms.iter().enumerate() {
            let way = format!("way_{}", place + 1);
            names.push(match &arm.future {
                ArmFuture::ByRef { name, .. } => name.clone(),
                ArmFuture::Body(body) => {
                    self.way(&way, body, &arm.handed(), level);
                    way
                }
            });
        }
        self.page
            .line(level, &format!("ways = [{}]", names.join(", ")));
        let args = ["ways".to_owned(), "return_when=FIRST_COMPLETED".to_owned()];
        self.page.calling(at, "await asyncio.wait(", &args, ")");
        let own = names
            .iter()
            .zip(arms)
            .filter(|(_, arm)| arm.body().is_some());
        for (name, _) in own {
            self.page.line(level, &format!("{name}.cancel()"));
        }
        let mut word = "if";
        for (name, arm) in names.iter().zip(arms) {
            self.page.line(level, &format!("{word} {name}.done():"));
            word = "elif";
            let into = match &arm.future {
                ArmFuture::ByRef { into, .. } => into.clone().into_iter().collect(),
                ArmFuture::Body(_) => arm.handed().join(", "),
            };
            if !into.is_empty() {
                let words = format!("{into} = {name}.result()");
                self.page.broken(level + 1, &words);
            }
            if !arm.then.is_empty() || into.is_empty() {
                self.body(&arm.then, level + 1);
            }
        }
    }

    /// A way of a `select` as a task, which hands over what is needed then.
    fn way(&mut self, way: &str, body: &[Step], handed: &[&str], level: usize) {
        let open = format!("{way} = asyncio.create_task(");
        if let [only] = body
            && let Some(coroutine) = self.coroutine(&only.action)
        {
            return self
                .page
                .calling(At::new(only.id, level), &open, &[coroutine], ")");
        }
        self.page.line(level, &format!("async def in_{way}():"));
        self.body(body, level + 1);
        if !handed.is_empty() {
            let words = format!("return {}", handed.join(", "));
            self.page.line(level + 1, &words);
        }
        let call = [format!("in_{way}()")];
        self.page.call(level, &open, &call, ")");
    }

    /// A lone step as a coroutine, where it is one.
    fn coroutine(&self, action: &Action) -> Option<String> {
        match action {
            Action::Sleep(length) => Some(format!("asyncio.sleep({})", self.length(length))),
            Action::Receive { channel, .. } => {
                Some(format!("{}.get()", self.program.channel(*channel)))
            }
            Action::Call { call, .. } if self.program.is_async(call.function) => {
                Some(self.invoked(call))
            }
            _ => None,
        }
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

    fn raise(&mut self, at: At, text: &Text) {
        let open = "raise RuntimeError(";
        if let Some(value) = self.lone(text) {
            return self.page.calling(at, open, &[value], ")");
        }
        let quoted = self.quoted(text);
        self.page.quoting(at, open, &quoted, ")");
    }

    fn attempt(&mut self, at: At, body: &[Step], into: Option<&str>, otherwise: &[Step]) {
        self.page.heading(at, "try:");
        self.body(body, at.level + 1);
        let Some(into) = into else {
            self.page.line(at.level, "except Exception:");
            return self.body(otherwise, at.level + 1);
        };
        self.page.line(at.level, "except Exception as error:");
        let says = format!("{into} = str(error)");
        self.page.line(at.level + 1, &says);
        if !otherwise.is_empty() {
            self.body(otherwise, at.level + 1);
        }
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
    fn select(&mut self, at: At, arms: &[Arm], _biased: bool) {
        let plain = |arm: &Arm| arm.then.is_empty() && arm.body().is_some();
        if !arms.iter().all(plain) {
            return self.select_then(at, arms);
        }
        let level = at.level;
        for (place, body) in arms.iter().filter_map(Arm::body).enumerate() {
            let head = format!("async def way_{}():", place + 1);
            self.page.line(level, &head);
            self.body(body, level + 1);
        }
        self.page.line(level, "ways = [");
        for place in 1..=arms.len() {
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

    /// Refused before anything is listed: asyncio has no words for these.
    fn buffered(&mut self, at: At, _: (&[Call], u32, bool), _: Option<&str>, body: &[Step]) {
        self.page.heading(at, "# no buffered in asyncio");
        self.body(body, at.level);
    }

    fn interval(&mut self, at: At, _: &str, _: &Length, _: Missed) {
        self.page.simple(at, "# no interval in asyncio");
    }

    fn subscribe(&mut self, at: At, _: ChannelId) {
        self.page.simple(at, "# no broadcast in asyncio");
    }

    fn receive_each(&mut self, at: At, _: ChannelId, _: Option<&str>, _: Option<&str>) {
        self.page.simple(at, "# no broadcast in asyncio");
    }

    fn tick(&mut self, at: At, _: &str) {
        self.page.simple(at, "# no tick in asyncio");
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
