//! Steps that are not alike in all languages, in tokio's words.

use loopscope_trace::ChannelId;

use crate::scenario::listing::language::{Phrases, Steps, Values};
use crate::scenario::listing::page::At;
use crate::scenario::listing::quoted::literal;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::{Call, Length, Part, Text};
use crate::scenario::model::step::{Arm, Missed, Step};
use crate::scenario::rust::words::{Leaves, PHRASES, Rust, may_leave};

impl Steps for Writer<'_, '_, Rust> {
    const PHRASES: Phrases = PHRASES;

    fn print(&mut self, at: At, text: &Text) {
        let (quoted, values) = self.format(text);
        if !values.is_empty() {
            let mut args = vec![format!("\"{}\"", quoted.text)];
            args.extend(values);
            return self.page.calling(at, "println!(", &args, ");");
        }
        self.page.quoting(at, "println!(", &quoted, ");");
    }

    fn chunk(&mut self, at: At, text: &Text) {
        let piece = match text.words() {
            Some(words) => literal(words),
            None => {
                let (quoted, values) = self.format(text);
                let values: String = values.iter().map(|value| format!(", {value}")).collect();
                format!("format!(\"{}\"{values})", quoted.text)
            }
        };
        self.page.calling(at, "body.send(", &[piece], ");");
    }

    fn read_file(&mut self, at: At, bytes: u64) {
        let (open, close) = match bytes > 1_000_000 {
            true => ("let data = tokio::fs::read(", ").await;"),
            false => ("let data = fs::read(", ");"),
        };
        let args = [format!("upload({bytes})")];
        self.page.calling(at, open, &args, close);
    }

    /// The function is left, or the block that stands for it. The last line of a function needs no
    /// `return`.
    fn leave(&mut self, at: At, text: Option<&Text>) {
        let last = self.function.body.last();
        let last = last.is_some_and(|last| last.id == at.step);
        let (open, close) = match (self.own.leaves, last, self.own.fails) {
            (Leaves::Block, _, false) => ("return Some(", ");"),
            (Leaves::Block, _, true) => ("return Ok(Some(", "));"),
            (Leaves::Function, true, false) => ("", ""),
            (Leaves::Function, true, true) => ("Ok(", ")"),
            (Leaves::Function, false, false) => ("return ", ";"),
            (Leaves::Function, false, true) => ("return Ok(", ");"),
        };
        let Some(text) = text else {
            let words = match (self.own.leaves, self.own.fails) {
                (Leaves::Block, false) => "return Some(());",
                (Leaves::Block, true) => "return Ok(Some(()));",
                (Leaves::Function, false) => "return;",
                (Leaves::Function, true) => "return Ok(());",
            };
            return self.page.simple(at, words);
        };
        if let [Part::Value(value)] = text.0.as_slice() {
            let value = self.given(value, self.result().unwrap_or_default());
            return self.page.simple(at, &format!("{open}{value}{close}"));
        }
        self.texted(at, (open, close), text);
    }

    fn raise(&mut self, at: At, text: &Text) {
        self.texted(at, ("return Err(", ");"), text);
    }

    /// Rust has no `try` blocks yet: an async block that is awaited at once, or a closure that is called at once.
    fn attempt(&mut self, at: At, body: &[Step], into: Option<&str>, otherwise: &[Step]) {
        let (level, leaves) = (at.level, may_leave(body));
        let (open, close) = match self.own.awaits {
            true => ("let done = async {", "}.await;"),
            false => ("let done = (|| {", "})();"),
        };
        let line = self.page.line(level, open);
        self.page.mark(at, line, open);
        self.block(body, (leaves, true), level + 1);
        self.page.line(level, close);
        let error = into.map_or_else(|| "_".to_owned(), Self::named);
        if !leaves {
            let words = format!("if let Err({error}) = done {{");
            self.page.line(level, &words);
            return self.inside(otherwise, level, Some("}"));
        }
        let passing = format!("Ok(Some(it)) => {},", self.passing());
        self.page.line(level, "match done {");
        self.page.line(level + 1, &passing);
        self.page.line(level + 1, "Ok(None) => {}");
        self.page.line(level + 1, &format!("Err({error}) => {{"));
        self.inside(otherwise, level + 1, Some("}"));
        self.page.line(level, "}");
    }

    fn timeout(&mut self, at: At, limit: &Length, body: &[Step], otherwise: &[Step]) {
        let (level, leaves, fails) = (at.level, may_leave(body), self.fails(body));
        let kept = match leaves || fails || !otherwise.is_empty() {
            true => "let done = ",
            false => "",
        };
        let (open, length) = (format!("{kept}timeout("), self.length(limit));
        let words = format!("{open}{length}, async {{");
        let fits = words.len() <= self.page.room(level);
        let line = self.page.line(level, if fits { &words } else { &open });
        if !fits {
            self.page.line(level + 1, &format!("{length},"));
            self.page.line(level + 1, "async {");
        }
        self.page.mark(at, line, &format!("{words} … }}).await;"));
        if fits {
            self.block(body, (leaves, fails), level + 1);
            self.page.line(level, "}).await;");
        } else {
            self.block(body, (leaves, fails), level + 2);
            self.page.line(level + 1, "},");
            self.page.line(level, ").await;");
        }
        if !otherwise.is_empty() {
            self.page.line(level, "if done.is_err() {");
            self.inside(otherwise, level, Some("}"));
        }
        match (leaves, fails) {
            (false, false) => {}
            (true, false) => self.passed_on("Ok(Some(it))", "done", level),
            (false, true) => {
                self.page.line(level, "if let Ok(end) = done {");
                self.page.line(level + 1, "end?;");
                self.page.line(level, "}");
            }
            (true, true) => {
                self.page.line(level, "if let Ok(end) = done {");
                self.passed_on("Some(it)", "end?", level + 1);
                self.page.line(level, "}");
            }
        }
    }

    fn select(&mut self, at: At, arms: &[Arm], biased: bool) {
        let level = at.level;
        let leaves = arms.iter().filter_map(Arm::body).any(may_leave);
        let (open, close) = match leaves {
            true => ("let done = select! {", "};"),
            false => ("select! {", "}"),
        };
        let line = self.page.line(level, open);
        self.page.mark(at, line, "select! { … }");
        if biased {
            self.page.line(level + 1, "biased;");
        }
        for arm in arms {
            self.arm(arm, leaves, level + 1);
        }
        self.page.line(level, close);
        if leaves {
            self.passed_on("Some(it)", "done", level);
        }
    }

    fn as_completed(&mut self, at: At, calls: &[Call], into: Option<&str>, body: &[Step]) {
        let level = at.level;
        self.page.line(level, "let mut set = JoinSet::new();");
        let fails = calls.iter().any(|call| self.program.call_fails(call));
        let works: Vec<String> = match into {
            Some(_) => calls
                .iter()
                .map(|call| self.fallible(call, fails))
                .collect(),
            None => self.in_set(calls),
        };
        for work in works {
            self.page.call(level, "set.spawn(", &[work], ");");
        }
        let name = into.map_or_else(|| "end".to_owned(), Self::named);
        self.page.line(level, &format!("while let Some({name}) ="));
        let inside = At::new(at.step, level + 1);
        self.page.heading(inside, "set.join_next().await");
        self.page.line(level, "{");
        let passes = if fails { "?" } else { "" };
        if into.is_some() {
            let words = format!("let {name} = {name}.unwrap(){passes};");
            self.page.line(level + 1, &words);
        } else if fails {
            self.page.line(level + 1, "end.unwrap()?;");
        }
        self.inside(body, level, Some("}"));
    }

    fn buffered(
        &mut self,
        at: At,
        (calls, most, unordered): (&[Call], u32, bool),
        into: Option<&str>,
        body: &[Step],
    ) {
        let level = at.level;
        // Futures of different functions are of different types.
        let mut functions = calls.iter().map(|call| call.function);
        let first = functions.next();
        let alike = functions.all(|function| Some(function) == first);
        self.page.line(level, "let mut buffer = stream::iter([");
        for call in calls {
            let boxed = if alike { "" } else { ".boxed()" };
            let words = format!("{}{boxed},", self.invoked(call));
            self.page.broken(level + 1, &words);
        }
        let name = match unordered {
            true => "buffer_unordered",
            false => "buffered",
        };
        self.page.line(level, &format!("]).{name}({most});"));
        let name = into.map_or_else(|| "_".to_owned(), Self::named);
        self.page.line(level, &format!("while let Some({name}) ="));
        let inside = At::new(at.step, level + 1);
        self.page.heading(inside, "buffer.next().await");
        self.page.line(level, "{");
        self.inside(body, level, Some("}"));
    }

    fn interval(&mut self, at: At, name: &str, period: &Length, missed: Missed) {
        let name = Self::named(name);
        let args = [self.length(period)];
        let open = format!("let mut {name} = interval(");
        self.page.calling(at, &open, &args, ");");
        let behavior = match missed {
            Missed::Burst => return,
            Missed::Delay => "Delay",
            Missed::Skip => "Skip",
        };
        self.page
            .line(at.level, &format!("{name}.set_missed_tick_behavior("));
        self.page
            .line(at.level + 1, &format!("Missed::{behavior},"));
        self.page.line(at.level, ");");
    }

    fn tick(&mut self, at: At, name: &str) {
        let words = format!("{}.tick().await;", Self::named(name));
        self.page.simple(at, &words);
    }

    fn subscribe(&mut self, at: At, channel: ChannelId) {
        let name = self.program.channel(channel);
        let words = format!("let mut {name} = {}.subscribe();", Self::shared(name));
        self.page.simple(at, &words);
    }

    fn receive_each(&mut self, at: At, of: ChannelId, into: Option<&str>, lost: Option<&str>) {
        let (level, name) = (at.level, self.program.channel(of));
        if let Some(lost) = lost {
            let words = format!("let mut {} = 0;", Self::named(lost));
            self.page.line(level, &words);
        }
        let kept = into.map_or_else(|| "_".to_owned(), Self::named);
        self.page.line(level, &format!("let {kept} = loop {{"));
        let words = format!("match {name}.recv().await {{");
        self.page.heading(At::new(at.step, level + 1), &words);
        self.page.line(level + 2, "Ok(value) => break value,");
        match lost {
            Some(lost) => {
                self.page.line(level + 2, "Err(Lagged(n)) => {");
                let words = format!("{} += n as i64;", Self::named(lost));
                self.page.line(level + 3, &words);
                self.page.line(level + 2, "}");
            }
            None => drop(self.page.line(level + 2, "Err(Lagged(_)) => {}")),
        }
        self.page.line(level + 2, "Err(Closed) => panic!(),");
        self.page.line(level + 1, "}");
        self.page.line(level, "};");
    }

    fn nothing(&mut self, _level: usize) {}

    fn for_child(&mut self, name: &str, body: &[Step]) -> bool {
        self.page.line(0, &format!("fn {name}() {{"));
        self.inside(body, 0, Some("}"));
        self.page.gap();
        true
    }
}
