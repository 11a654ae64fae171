//! All functions, their heads and bodies, what they share, and what starts them.

use std::slice;

use loopscope_trace::{Admits, Channel, Keep, LockId, LockKind};

use crate::scenario::listing::language::Values;
use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::Program;
use crate::scenario::listing::quoted::literal;
use crate::scenario::listing::types::Kind;
use crate::scenario::listing::walk::Writer;
use crate::scenario::model::expression::{Call, Length};
use crate::scenario::model::scenario::Start;
use crate::scenario::model::step::Action;
use crate::scenario::rust::words::{Leaves, Rust, always_leaves, arguments, named};

/// What a number in a file is made of.
fn stored(name: &str, initial: &str) -> [String; 2] {
    [format!("\"{name}\""), initial.to_owned()]
}

/// The type of a channel, and the number that it is made with.
fn queue(channel: &Channel) -> (&'static str, Option<u32>) {
    match channel.keep {
        Keep::All if channel.capacity.is_some() => ("Bounded", channel.capacity),
        Keep::All => ("Queue", None),
        Keep::Newest => ("Slot", None),
        Keep::Each(kept) => ("Broadcast", Some(kept)),
    }
}

fn shared(program: &Program<'_>, page: &mut Page) {
    let (story, types) = (program.story, &program.types);
    let mut shared = |name: &str, kind: &str, made: &str, args: &[String]| {
        let open = format!("static {}: {kind} = {made}(", name.to_uppercase());
        page.call(0, &open, args, ");");
    };
    for (variable, kind) in story.variables.iter().zip(&types.variables) {
        let (name, initial) = (&variable.name, &variable.initial);
        match kind {
            _ if variable.file => shared(name, "Stored", "Stored::new", &stored(name, initial)),
            Kind::Integer => shared(
                name,
                "AtomicI64",
                "AtomicI64::new",
                slice::from_ref(initial),
            ),
            Kind::Text => shared(name, "Text", "Text::new", &[literal(initial)]),
        }
    }
    for (channel, kind) in story.channels.iter().zip(&types.channels) {
        let holds = match kind {
            Kind::Integer => "i64",
            Kind::Text => "String",
        };
        let (made, kept) = queue(channel);
        let kind = format!("{made}<{holds}>");
        let args: Vec<String> = kept.iter().map(ToString::to_string).collect();
        shared(&channel.name, &kind, &format!("{made}::new"), &args);
    }
    for (at, lock) in story.locks.iter().enumerate() {
        let (name, nothing) = (&lock.name, ["()".to_owned()]);
        match lock.kind {
            _ if lock.admits == Admits::Readers => {
                shared(name, "RwLock<()>", "RwLock::const_new", &nothing);
            }
            LockKind::Async if lock.admits != Admits::One => {
                let permits = [lock.admits.most().to_string()];
                shared(name, "Semaphore", "Semaphore::const_new", &permits);
            }
            LockKind::Std if lock.admits != Admits::One => {
                let permits = [lock.admits.most().to_string()];
                shared(name, "ThreadSemaphore", "ThreadSemaphore::new", &permits);
            }
            LockKind::Async => shared(name, "Mutex<()>", "Mutex::const_new", &nothing),
            // A guard of std stays on its thread, so a task that moves cannot hold one.
            LockKind::Std if program.waits_in(LockId::from(at)) => {
                shared(name, "ThreadLock", "ThreadLock::new", &[]);
            }
            LockKind::Std => shared(name, "sync::Mutex<()>", "sync::Mutex::new", &nothing),
        }
    }
    for event in &story.events {
        shared(&event.name, "Notify", "Notify::const_new", &[]);
    }
    for pool in &story.pools {
        shared(&pool.name, "Pool", "Pool::new", &[pool.threads.to_string()]);
    }
    for name in &story.loops {
        shared(name, "Loop", "Loop::new", &[]);
    }
}

/// Writes the functions and what they share.
pub(crate) fn functions(program: &Program<'_>, page: &mut Page) {
    shared(program, page);
    for function in program.functions {
        page.gap();
        let mut writer = Writer {
            program,
            page,
            function,
            children: 0,
            own: Rust {
                leaves: Leaves::Function,
                guards: 0,
                fails: function.fails,
                awaits: function.is_async,
            },
        };
        writer.define();
    }
}

/// Writes what starts a function.
pub(crate) fn begin(program: &Program<'_>, start: &Start, alone: bool, page: &mut Page) {
    let name = named(program.name(start.call.function));
    let args = arguments(program, &start.call, start.call.function).join(", ");
    let keep = if start.is_main { "let t = " } else { "" };
    let open = match start.on {
        Some(id) => format!("{keep}{}.spawn(", program.side_loop(id).to_uppercase()),
        None if alone => "runtime.block_on(".to_owned(),
        None => format!("{keep}runtime.spawn("),
    };
    page.call(0, &open, &[format!("{name}({args})")], ");");
}

impl Writer<'_, '_, Rust> {
    fn define(&mut self) {
        self.for_children();
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
        let function_fails = self.function.fails;
        self.body(body, 1);
        if let Some(kind) = self.result()
            && !always_leaves(body)
        {
            let nothing = match kind {
                Kind::Integer => "0",
                Kind::Text => "String::new()",
            };
            let nothing = match function_fails {
                true => format!("Ok({nothing})"),
                false => nothing.to_owned(),
            };
            self.page.line(1, &nothing);
        } else if function_fails && !always_leaves(body) {
            self.page.line(1, "Ok(())");
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
            if let Some(length) = function.encode {
                let length = self.length(&Length::Fixed(length));
                self.page.line(0, &format!("// to encode it: {length}"));
            }
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
        let arrow = match (self.result(), function.fails) {
            (None, false) => "",
            (None, true) => "-> Result<()> ",
            (Some(Kind::Integer), false) => "-> i64 ",
            (Some(Kind::Integer), true) => "-> Result<i64> ",
            (Some(Kind::Text), false) => "-> String ",
            (Some(Kind::Text), true) => "-> Result<String> ",
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

    /// What FastAPI runs first, and where.
    fn depends(&mut self, call: &Call) {
        let (passes, unwraps) = match self.program.call_fails(call) {
            true => ("?", ".unwrap()?"),
            false => ("", ""),
        };
        if self.program.is_async(call.function) {
            self.page
                .line(1, &format!("{}.await{passes};", self.invoked(call)));
        } else {
            let work = [self.closure(call)];
            let close = format!(").await{unwraps};");
            self.page.call(1, "spawn_blocking(", &work, &close);
        }
    }
}
