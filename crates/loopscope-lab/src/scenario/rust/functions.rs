//! All functions, what they share, and what starts them.

use loopscope_trace::{Keep, LockId, LockKind, Nanos};

use crate::scenario::decode::figure::written;
use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::Program;
use crate::scenario::listing::types::Kind;
use crate::scenario::model::scenario::Start;
use crate::scenario::python::words::quoted;
use crate::scenario::rust::words::{Leaves, Writer, arguments, named};

fn shared(program: &Program<'_>, page: &mut Page) {
    let story = program.story;
    let types = &program.types;
    let mut shared = |name: &str, kind: &str, open: &str, args: &[String]| {
        let open = format!("static {}: {kind} = {open}(", name.to_uppercase());
        page.call(0, &open, args, ");");
    };
    for (variable, kind) in story.variables.iter().zip(&types.variables) {
        match kind {
            Kind::Integer => {
                let initial = [variable.initial.clone()];
                shared(&variable.name, "AtomicI64", "AtomicI64::new", &initial);
            }
            Kind::Text => {
                let initial = [quoted(&variable.initial)];
                shared(&variable.name, "Text", "Text::new", &initial);
            }
        }
    }
    for (channel, kind) in story.channels.iter().zip(&types.channels) {
        let holds = match kind {
            Kind::Integer => "i64",
            Kind::Text => "String",
        };
        let made = match channel.keep {
            Keep::All => "Queue",
            Keep::Newest => "Slot",
        };
        let kind = format!("{made}<{holds}>");
        shared(&channel.name, &kind, &format!("{made}::new"), &[]);
    }
    for (at, lock) in story.locks.iter().enumerate() {
        let nothing = ["()".to_owned()];
        match lock.kind {
            LockKind::Async => shared(&lock.name, "Mutex<()>", "Mutex::const_new", &nothing),
            // A guard of std stays on its thread, so a task that moves cannot hold one.
            LockKind::Std if program.waits_in(LockId::from(at)) => {
                shared(&lock.name, "ThreadLock", "ThreadLock::new", &[]);
            }
            LockKind::Std => shared(&lock.name, "sync::Mutex<()>", "sync::Mutex::new", &nothing),
        }
    }
    for pool in &story.pools {
        let threads = [pool.threads.to_string()];
        shared(&pool.name, "Pool", "Pool::new", &threads);
    }
    for name in &story.loops {
        shared(name, "Loop", "Loop::new", &[]);
    }
}

/// Writes the functions, what they share, and what starts them.
pub(crate) fn write(program: &Program<'_>, page: &mut Page) {
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
pub(crate) fn functions(program: &Program<'_>, page: &mut Page) {
    shared(program, page);
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
