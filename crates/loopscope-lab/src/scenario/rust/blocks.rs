//! Blocks inside a function, in tokio's words: what leaves them, values or errors, and calls that end with either.

use crate::scenario::listing::page::At;
use crate::scenario::listing::quoted::Quoted;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::{Call, Text};
use crate::scenario::model::step::Step;
use crate::scenario::rust::words::{Leaves, Rust, always_leaves};

impl Writer<'_, '_, Rust> {
    /// The inside of a block; where a step in it leaves the function, or an error may leave it, the block hands
    /// that on.
    pub(crate) fn block(&mut self, body: &[Step], (leaves, fails): (bool, bool), level: usize) {
        let way = if leaves {
            Leaves::Block
        } else {
            self.own.leaves
        };
        let before = std::mem::replace(&mut self.own.leaves, way);
        let failed = std::mem::replace(&mut self.own.fails, fails);
        self.body(body, level);
        (self.own.leaves, self.own.fails) = (before, failed);
        match (leaves, fails) {
            (false, false) => {}
            (true, false) if always_leaves(body) => {}
            (true, false) => drop(self.page.line(level, "None")),
            // Also where it is never reached: it says what an error is.
            (true, true) => drop(self.page.line(level, "Ok::<_, String>(None)")),
            (false, true) => drop(self.page.line(level, "Ok::<_, String>(())")),
        }
    }

    /// What leaves the function, or the block that stands for it, with `it`.
    pub(crate) fn passing(&self) -> &'static str {
        match (self.own.leaves, self.result(), self.own.fails) {
            (Leaves::Block, _, false) => "return Some(it)",
            (Leaves::Block, _, true) => "return Ok(Some(it))",
            (Leaves::Function, Some(_), false) => "return it",
            (Leaves::Function, Some(_), true) => "return Ok(it)",
            (Leaves::Function, None, false) => "return",
            (Leaves::Function, None, true) => "return Ok(())",
        }
    }

    /// Leaves the function with what a block has handed on.
    pub(crate) fn passed_on(&mut self, pattern: &str, done: &str, level: usize) {
        let words = format!("if let {pattern} = {done} {{");
        self.page.line(level, &words);
        let it = format!("{};", self.passing());
        self.page.line(level + 1, &it);
        self.page.line(level, "}");
    }

    /// A text that is given away: as a string, or as a format.
    pub(crate) fn texted(&mut self, at: At, (open, close): (&str, &str), text: &Text) {
        if let Some(words) = text.words() {
            let close = format!(".into(){close}");
            return self.page.quoting(at, open, &Quoted::plain(words), &close);
        }
        let (quoted, values) = self.format(text);
        let values: String = values.iter().map(|value| format!(", {value}")).collect();
        let (open, close) = (format!("{open}format!("), format!("{values}){close}"));
        self.page.quoting(at, &open, &quoted, &close);
    }

    /// A call beside others; where an error may leave one of them, each ends with a `Result`.
    pub(crate) fn fallible(&self, call: &Call, fails: bool) -> String {
        let invoked = self.invoked(call);
        match fails && !self.program.call_fails(call) {
            true => format!("async {{ Ok({invoked}.await) }}"),
            false => invoked,
        }
    }

    /// Calls in a set whose results do not matter: those that are unlike become nothing.
    pub(crate) fn in_set(&self, calls: &[Call]) -> Vec<String> {
        let of = |call: &Call| {
            let fails = self.program.call_fails(call);
            (self.program.types.result(call.function), fails)
        };
        let alike = calls.iter().all(|call| of(call) == of(&calls[0]));
        let any = calls.iter().any(|call| of(call).1);
        let work = |call: &Call| {
            let invoked = self.invoked(call);
            match (alike, any, of(call).1) {
                (true, ..) => invoked,
                (false, false, _) => format!("async {{ {invoked}.await; }}"),
                (false, true, fails) => {
                    let passes = if fails { "?" } else { "" };
                    format!("async {{ {invoked}.await{passes}; Ok::<_, String>(()) }}")
                }
            }
        };
        calls.iter().map(work).collect()
    }
}
