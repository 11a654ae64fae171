//! What stands above the functions: the app, and what all of them share.

use loopscope_trace::{Keep, LockKind};

use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::Program;
use crate::scenario::listing::types::Kind;
use crate::scenario::model::step::Action;
use crate::scenario::python::words::quoted;

pub(crate) fn write(program: &Program<'_>, page: &mut Page) {
    let story = program.story;
    if program.is_server() {
        page.line(0, "app = FastAPI()");
    }
    let before = page.length();
    for (variable, kind) in story.variables.iter().zip(&program.types.variables) {
        let value = match kind {
            Kind::Integer => variable.initial.clone(),
            Kind::Text => quoted(&variable.initial),
        };
        page.line(0, &format!("{} = {value}", variable.name));
    }
    for channel in &story.channels {
        let open = format!("{} = asyncio.Queue(", channel.name);
        match channel.keep {
            Keep::All => drop(page.line(0, &format!("{open})"))),
            Keep::Newest => drop(page.call(0, &open, &["maxsize=1".to_owned()], ")")),
        }
    }
    for lock in &story.locks {
        let kind = match lock.kind {
            LockKind::Async => "asyncio",
            LockKind::Std => "threading",
        };
        page.line(0, &format!("{} = {kind}.Lock()", lock.name));
    }
    for pool in &story.pools {
        let open = format!("{} = ThreadPoolExecutor(", pool.name);
        page.call(0, &open, &[pool.threads.to_string()], ")");
    }
    if program.any(|action| matches!(action, Action::Process { limit: None, .. })) {
        let many = program.process_pool().map(|many| many.to_string());
        let args: Vec<_> = many.into_iter().collect();
        page.call(0, "procs = ProcessPoolExecutor(", &args, ")");
    }
    for name in &story.loops {
        page.call(0, &format!("{name} = asyncio.new_event_loop("), &[], ")");
        page.line(0, "Thread(");
        page.line(1, &format!("target={name}.run_forever,"));
        page.line(1, "daemon=True,");
        page.line(0, ").start()");
    }
    if page.length() > before {
        page.gap();
    }
}
