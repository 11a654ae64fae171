//! All functions, what they share, and what starts them.

use loopscope_trace::{Keep, LockKind, Nanos};

use crate::scenario::decode::figure::written;
use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::Program;
use crate::scenario::listing::types::Kind;
use crate::scenario::model::scenario::Start;
use crate::scenario::model::step::Action;
use crate::scenario::python::words::{Writer, arguments, quoted};

fn shared(program: &Program<'_>, page: &mut Page) {
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

/// Writes the functions, what they share, and what starts them.
pub(crate) fn write(program: &Program<'_>, page: &mut Page) {
    functions(program, page);
    if !program.starts.is_empty() {
        page.gap();
        let alone = program.runs_alone();
        for start in program.starts {
            begin(program, start, alone, page);
        }
        if !alone && !program.is_server() {
            page.line(0, "loop.run_forever()");
        }
    }
}

/// Writes the functions and what they share.
pub(crate) fn functions(program: &Program<'_>, page: &mut Page) {
    shared(program, page);
    for (at, function) in program.functions.iter().enumerate() {
        if at > 0 {
            page.gap();
        }
        let mut writer = Writer {
            program,
            page,
            function,
            on_loop: function.is_async,
            children: 0,
        };
        writer.define();
    }
}

fn begin(program: &Program<'_>, start: &Start, alone: bool, page: &mut Page) {
    if start.at != Nanos::ZERO {
        page.line(0, &format!("# at {}:", written(start.at)));
    }
    let name = program.name(start.call.function);
    let arguments = arguments(program, &start.call, start.call.function);
    let call = format!("{name}({})", arguments.join(", "));
    match start.on {
        Some(id) => {
            let side = program.side_loop(id).to_owned();
            page.call(0, "run_coroutine_threadsafe(", &[call, side], ")");
        }
        None if alone => drop(page.call(0, "asyncio.run(", &[call], ")")),
        None => drop(page.call(0, "loop.create_task(", &[call], ")")),
    }
}
