//! What stands above the functions: what all of them share.

use loopscope_trace::{Keep, LockId, LockKind};

use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::Program;
use crate::scenario::listing::types::Kind;
use crate::scenario::python::words::quoted;

pub(crate) fn write(program: &Program<'_>, page: &mut Page) {
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
