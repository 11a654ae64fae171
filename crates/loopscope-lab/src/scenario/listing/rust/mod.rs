//! The Rust listing, in tokio's words.
//!
//! *In:* the program. *Out:* its page. *Invariant:* every step is marked once. *Absent on purpose:*
//! imports, clients and clocks, which an export adds.

mod blocks;
mod calls;
mod steps;
mod top;
mod words;

use super::page::Page;
use super::program::Program;
use super::types::Kind;
use crate::scenario::figure::written;
use crate::scenario::within;
use crate::scenario::{Action, Function, Start, Step, Work};
use loopscope_trace::Nanos;

pub(super) use self::calls::{child as child_name, child_key};
pub(super) use self::words::{arguments, named};

/// Writes the functions, what they share, and what starts them.
pub(super) fn write(program: &Program<'_>, page: &mut Page) {
    functions(program, page);
    if !program.starts.is_empty() {
        page.gap();
        let alone = program.runs_alone();
        for start in program.starts {
            begin(program, start, alone, page);
        }
    }
}

/// Writes the functions and what they share.
pub(super) fn functions(program: &Program<'_>, page: &mut Page) {
    top::write(program, page);
    for function in program.functions {
        page.gap();
        let mut writer = Writer {
            program,
            page,
            function,
            leaves: Leaves::Plainly,
            guards: 0,
            children: 0,
        };
        writer.define();
    }
}

fn begin(program: &Program<'_>, start: &Start, alone: bool, page: &mut Page) {
    if start.at != Nanos::ZERO {
        page.line(0, &format!("// at {}:", written(start.at)));
    }
    let name = named(program.name(start.call.function));
    let args = arguments(program, &start.call, start.call.function).join(", ");
    let open = match start.on {
        Some(id) => format!("{}.spawn(", program.side_loop(id).to_uppercase()),
        None if alone => "runtime.block_on(".to_owned(),
        None => "runtime.spawn(".to_owned(),
    };
    page.call(0, &open, &[format!("{name}({args})")], ");");
}

/// How a `return` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaves {
    /// It leaves the function.
    Plainly,
    /// It leaves a block inside the function, which hands the result on.
    Block,
}

/// Writes one function.
#[derive(Debug)]
struct Writer<'a, 'p> {
    program: &'a Program<'a>,
    page: &'p mut Page,
    function: &'a Function,
    leaves: Leaves,
    /// How many locks are held where the writer is.
    guards: usize,
    /// How many bodies for a child process have been written.
    children: usize,
}

impl Writer<'_, '_> {
    fn define(&mut self) {
        self.for_children(&self.function.body);
        self.children = 0;
        self.head();
        for call in &self.function.depends {
            // A plain function is on a pool thread: what it depends on ran before it.
            if self.function.is_async {
                self.depends(call);
            } else {
                let name = self.program.name(call.function);
                self.page.line(1, &format!("// depends on {name}"));
            }
        }
        let body = &self.function.body;
        self.body(body, 1);
        if let Some(kind) = self.result()
            && !always_leaves(body)
        {
            let nothing = match kind {
                Kind::Integer => "0",
                Kind::Text => "String::new()",
            };
            self.page.line(1, nothing);
        }
        self.page.line(0, "}");
    }

    fn head(&mut self) {
        let function = self.function;
        if let Some(route) = &function.route {
            if !function.is_async {
                self.page.line(0, "// a pool thread runs it");
            }
            let upload = self.has(|action| matches!(action, Action::ReadFile(_)));
            let method = if upload { "POST" } else { "GET" };
            self.page.line(0, &format!("// {method} {route}"));
        }
        let types = &self.program.types;
        let mut params: Vec<String> = function
            .params
            .iter()
            .map(|name| match types.local(function.id, name) {
                Kind::Integer => format!("{}: i64", named(name)),
                Kind::Text => format!("{}: String", named(name)),
            })
            .collect();
        if self.has(|action| matches!(action, Action::Background(_))) {
            params.push("after: &After".to_owned());
        }
        if self.has(|action| matches!(action, Action::Chunk(_))) {
            params.push("body: &Body".to_owned());
        }
        let word = if function.is_async { "async fn" } else { "fn" };
        let open = format!("{word} {}(", named(&function.name));
        let arrow = match self.result() {
            None => "",
            Some(Kind::Integer) => "-> i64 ",
            Some(Kind::Text) => "-> String ",
        };
        let all = params.join(", ");
        let whole = format!("{open}{all}) {arrow}{{");
        let head = format!("{open}{all})");
        if params.is_empty() || head.len() <= self.page.room(0) {
            let tail = format!("{arrow}{{");
            let tail = if arrow.is_empty() { "{" } else { &tail };
            self.page.either(0, &whole, &[&head, tail]);
            return;
        }
        self.page.line(0, &open);
        for param in params {
            self.page.line(1, &format!("{param},"));
        }
        self.page.line(0, &format!(") {arrow}{{"));
    }

    fn result(&self) -> Option<Kind> {
        self.program.types.result(self.function.id)
    }

    fn has(&self, wanted: impl Fn(&Action) -> bool) -> bool {
        within::any(&self.function.body, &wanted)
    }

    /// Bodies that a child process runs are functions of their own.
    fn for_children(&mut self, body: &[Step]) {
        for step in body {
            if let Action::Process {
                work: Work::Inline(steps),
                ..
            } = &step.action
            {
                self.children += 1;
                let name = calls::child(&self.function.name, self.children);
                self.page.line(0, &format!("fn {name}() {{"));
                self.body(steps, 1);
                self.page.line(0, "}");
                self.page.gap();
            }
            for inner in step.action.bodies() {
                self.for_children(inner);
            }
        }
    }

    fn body(&mut self, steps: &[Step], level: usize) {
        for step in steps {
            self.step(step, level);
        }
    }
}

/// Whether nothing after this body is ever reached.
fn always_leaves(body: &[Step]) -> bool {
    body.last().is_some_and(|step| match &step.action {
        Action::Respond(_) | Action::Return(_) => true,
        Action::If {
            then, otherwise, ..
        } => always_leaves(then) && always_leaves(otherwise),
        Action::Lock { body, .. } => always_leaves(body),
        _ => false,
    })
}

/// Whether a step of this body, or of one in it, leaves the function.
fn may_leave(body: &[Step]) -> bool {
    within::any(body, &|action| {
        matches!(action, Action::Respond(_) | Action::Return(_))
    })
}
