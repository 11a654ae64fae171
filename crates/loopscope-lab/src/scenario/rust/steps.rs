//! Steps that are not alike in all languages, in tokio's words.

use crate::scenario::listing::language::{Phrases, Steps, Values};
use crate::scenario::listing::page::At;
use crate::scenario::listing::quoted::{Quoted, literal};
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::{Call, Length, Part, Text};
use crate::scenario::model::step::Step;
use crate::scenario::rust::words::{Leaves, PHRASES, Rust, always_leaves, may_leave};

impl Writer<'_, '_, Rust> {
    /// The inside of an `async` block; where a step in it leaves the function, the block hands
    /// that on.
    fn block(&mut self, body: &[Step], leaves: bool, level: usize) {
        let way = if leaves {
            Leaves::Block
        } else {
            self.own.leaves
        };
        let before = std::mem::replace(&mut self.own.leaves, way);
        self.body(body, level);
        self.own.leaves = before;
        if leaves && !always_leaves(body) {
            self.page.line(level, "None");
        }
    }

    /// Leaves the function with what a block has handed on.
    fn passed_on(&mut self, pattern: &str, level: usize) {
        let it = match (self.own.leaves, self.result()) {
            (Leaves::Block, _) => "return Some(it);",
            (Leaves::Function, Some(_)) => "return it;",
            (Leaves::Function, None) => "return;",
        };
        let words = format!("if let {pattern} = done {{");
        self.page.line(level, &words);
        self.page.line(level + 1, it);
        self.page.line(level, "}");
    }
}

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
        let (open, close) = match (self.own.leaves, last) {
            (Leaves::Block, _) => ("return Some(", ");"),
            (Leaves::Function, true) => ("", ""),
            (Leaves::Function, false) => ("return ", ";"),
        };
        let Some(text) = text else {
            let words = match self.own.leaves {
                Leaves::Block => "return Some(());",
                Leaves::Function => "return;",
            };
            return self.page.simple(at, words);
        };
        if let Some(words) = text.words() {
            let close = format!(".into(){close}");
            return self.page.quoting(at, open, &Quoted::plain(words), &close);
        }
        if let [Part::Value(value)] = text.0.as_slice() {
            let value = self.given(value, self.result().unwrap_or_default());
            return self.page.simple(at, &format!("{open}{value}{close}"));
        }
        let (quoted, values) = self.format(text);
        let values: String = values.iter().map(|value| format!(", {value}")).collect();
        let (open, close) = (format!("{open}format!("), format!("{values}){close}"));
        self.page.quoting(at, &open, &quoted, &close);
    }

    fn timeout(&mut self, at: At, limit: &Length, body: &[Step], otherwise: &[Step]) {
        let (level, leaves) = (at.level, may_leave(body));
        let kept = match leaves || !otherwise.is_empty() {
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
            self.block(body, leaves, level + 1);
            self.page.line(level, "}).await;");
        } else {
            self.block(body, leaves, level + 2);
            self.page.line(level + 1, "},");
            self.page.line(level, ").await;");
        }
        if !otherwise.is_empty() {
            self.page.line(level, "if done.is_err() {");
            self.inside(otherwise, level, Some("}"));
        }
        if leaves {
            self.passed_on("Ok(Some(it))", level);
        }
    }

    fn select(&mut self, at: At, bodies: &[Vec<Step>]) {
        let (level, leaves) = (at.level, bodies.iter().any(|body| may_leave(body)));
        let (open, name, value, close) = match leaves {
            true => ("let done = select! {", "it", "it,", "};"),
            false => ("select! {", "_", "{}", "}"),
        };
        let line = self.page.line(level, open);
        self.page.mark(at, line, "select! { … }");
        for body in bodies {
            self.page.line(level + 1, &format!("{name} = async {{"));
            self.block(body, leaves, level + 2);
            self.page.line(level + 1, &format!("}} => {value}"));
        }
        self.page.line(level, close);
        if leaves {
            self.passed_on("Some(it)", level);
        }
    }

    fn as_completed(&mut self, at: At, calls: &[Call], into: Option<&str>, body: &[Step]) {
        let level = at.level;
        self.page.line(level, "let mut set = JoinSet::new();");
        for call in calls {
            let invoked = [self.invoked(call)];
            self.page.call(level, "set.spawn(", &invoked, ");");
        }
        let name = into.map_or_else(|| "end".to_owned(), Self::named);
        self.page.line(level, &format!("while let Some({name}) ="));
        let inside = At::new(at.step, level + 1);
        self.page.heading(inside, "set.join_next().await");
        self.page.line(level, "{");
        if into.is_some() {
            let words = format!("let {name} = {name}.unwrap();");
            self.page.line(level + 1, &words);
        }
        self.inside(body, level, Some("}"));
    }

    fn nothing(&mut self, _level: usize) {}

    fn for_child(&mut self, name: &str, body: &[Step]) -> bool {
        self.page.line(0, &format!("fn {name}() {{"));
        self.inside(body, 0, Some("}"));
        self.page.gap();
        true
    }
}
