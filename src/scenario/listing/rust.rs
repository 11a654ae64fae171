//! The Rust listing, in tokio's words.

use super::Program;
use super::page::Page;
use super::python::awaits;
use super::tokens::escaped;
use crate::scenario::figure::written;
use crate::scenario::{Action, Function, Start, Step, Work};
use crate::trace::{FunctionId, Nanos};

pub(super) fn write(program: &Program<'_>, page: &mut Page) {
    for function in program.functions {
        page.gap();
        define(program, function, page);
    }
    if !program.starts.is_empty() {
        page.gap();
        let alone = program.runs_alone();
        for start in program.starts {
            begin(program, start, alone, page);
        }
    }
}

fn define(program: &Program<'_>, function: &Function, page: &mut Page) {
    if let Some(route) = &function.route {
        if !function.is_async {
            page.line(0, "// a pool thread runs it");
        }
        let whole = format!("#[get(\"{route}\")]");
        page.either(0, &whole, &["#[get(", &format!("\"{route}\""), ")]"]);
    }
    let answers = matches!(
        function.body.last().map(|step| &step.action),
        Some(Action::Respond(_))
    );
    let name = &function.name;
    let head = if function.is_async { "async fn" } else { "fn" };
    if answers {
        let whole = format!("{head} {name}() -> String {{");
        page.either(0, &whole, &[&format!("{head} {name}()"), "-> String {"]);
    } else {
        page.line(0, &format!("{head} {name}() {{"));
    }
    body(program, &function.body, 1, page);
    page.line(0, "}");
}

fn begin(program: &Program<'_>, start: &Start, alone: bool, page: &mut Page) {
    let name = program.name(start.call.function);
    if start.at != Nanos::ZERO {
        page.line(0, &format!("// at {}:", written(start.at)));
    }
    let open = if alone {
        "runtime.block_on("
    } else {
        "runtime.spawn("
    };
    let whole = format!("{open}{name}());");
    page.either(0, &whole, &[open, &format!("{name}()"), ");"]);
}

fn body(program: &Program<'_>, steps: &[Step], level: usize, page: &mut Page) {
    for step in steps {
        self::step(program, steps, step, level, page);
    }
}

// table
fn step(program: &Program<'_>, body: &[Step], step: &Step, level: usize, page: &mut Page) {
    let simple = |page: &mut Page, words: String| {
        let line = page.line(level, &words);
        page.mark(step.id, line, &words);
    };
    match &step.action {
        Action::Print(text) => {
            let text = escaped(text.words().unwrap_or_default())
                .replace('{', "{{")
                .replace('}', "}}");
            let line = page.said(level, "println!(", &text, ");");
            page.mark(step.id, line, &format!("println!(\"{text}\");"));
        }
        Action::Sleep(length) => simple(
            page,
            format!(
                "sleep({}).await;",
                duration(length.fixed().unwrap_or_default())
            ),
        ),
        Action::Block(length) => simple(
            page,
            format!(
                "thread::sleep({});",
                duration(length.fixed().unwrap_or_default())
            ),
        ),
        Action::Cpu(length) => simple(
            page,
            format!("compute({});", duration(length.fixed().unwrap_or_default())),
        ),
        Action::Yield => simple(page, "yield_now().await;".to_owned()),
        Action::SpawnBlocking { work, detach, .. } => {
            pool(program, step, work, *detach, level, page);
        }
        Action::Spawn { call, name, .. } => {
            let call = format!("spawn({}());", program.name(call.function));
            let kept = if awaits(body, name) {
                format!("let {name} =")
            } else {
                String::new()
            };
            let whole = format!("{kept} {call}");
            let line = page.either(level, whole.trim_start(), &[&kept, &call]);
            page.mark(step.id, line, whole.trim_start());
        }
        Action::Await { name, .. } => simple(page, format!("{name}.await;")),
        Action::Call { call, .. } => {
            let awaits = if program.is_async(call.function) {
                ".await"
            } else {
                ""
            };
            simple(page, format!("{}(){awaits};", program.name(call.function)));
        }
        Action::Gather { calls, .. } => {
            let functions: Vec<_> = calls.iter().map(|call| call.function).collect();
            gather(program, step, &functions, level, page);
        }
        Action::Repeat {
            times, body: inner, ..
        } => {
            simple(page, format!("for _ in 0..{times} {{"));
            self::body(program, inner, level + 1, page);
            page.line(level, "}");
        }
        Action::Respond(text) => {
            let text = escaped(text.words().unwrap_or_default());
            let line = page.said(level, "", &text, ".into()");
            page.mark(step.id, line, &format!("\"{text}\".into()"));
        }
        Action::Return(_) => simple(page, "return;".to_owned()),
        _ => {}
    }
}

/// asyncio's `gather` makes tasks of coroutines, so the same program in Rust spawns them.
fn gather(
    program: &Program<'_>,
    step: &Step,
    functions: &[FunctionId],
    level: usize,
    page: &mut Page,
) {
    let line = page.line(level, "join_all([");
    let mut calls = Vec::new();
    for function in functions {
        let call = format!("spawn({}())", program.name(*function));
        page.line(level + 1, &format!("{call},"));
        calls.push(call);
    }
    page.line(level, "]).await;");
    let words = format!("join_all([{}]).await;", calls.join(", "));
    page.mark(step.id, line, &words);
}

fn pool(
    program: &Program<'_>,
    step: &Step,
    work: &Work,
    detach: bool,
    level: usize,
    page: &mut Page,
) {
    let end = if detach { ";" } else { ".await;" };
    match work {
        Work::Function(call) => {
            let name = program.name(call.function);
            let whole = format!("spawn_blocking({name}){end}");
            let close = format!("){end}");
            let line = page.either(level, &whole, &["spawn_blocking(", name, &close]);
            page.mark(step.id, line, &whole);
        }
        Work::Inline(steps) => {
            let line = page.line(level, "spawn_blocking(|| {");
            page.mark(step.id, line, &format!("spawn_blocking(|| …){end}"));
            body(program, steps, level + 1, page);
            page.line(level, &format!("}}){end}"));
        }
    }
}

/// `secs(5)`, `millis(20)`: the largest unit in which it is a whole number.
fn duration(length: Nanos) -> String {
    let nanos = length.0;
    let units = [
        (1_000_000_000, "secs"),
        (1_000_000, "millis"),
        (1_000, "micros"),
    ];
    for (unit, name) in units {
        if nanos.is_multiple_of(unit) {
            return format!("{name}({})", nanos / unit);
        }
    }
    format!("nanos({nanos})")
}
