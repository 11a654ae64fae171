//! The Python listing: a FastAPI program, or an asyncio one for `[[start]]`.

use unicode_width::UnicodeWidthStr;

use super::Program;
use super::page::Page;
use super::tokens::escaped;
use crate::scenario::figure::{decimal, written};
use crate::scenario::{Action, Function, Start, Step, Work};
use crate::trace::{FunctionId, Nanos};

pub(super) fn write(program: &Program<'_>, page: &mut Page) {
    if program.is_server() {
        page.line(0, "app = FastAPI()");
    }
    for (at, function) in program.functions.iter().enumerate() {
        if at > 0 {
            page.gap();
        }
        define(program, function, page);
    }
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

fn define(program: &Program<'_>, function: &Function, page: &mut Page) {
    if let Some(route) = &function.route {
        let whole = format!("@app.get(\"{route}\")");
        page.either(0, &whole, &["@app.get(", &format!("\"{route}\""), ")"]);
    }
    let def = if function.is_async {
        "async def"
    } else {
        "def"
    };
    page.line(0, &format!("{def} {}():", function.name));
    body(program, &function.body, 1, page);
}

fn begin(program: &Program<'_>, start: &Start, alone: bool, page: &mut Page) {
    let name = program.name(start.call.function);
    if start.at != Nanos::ZERO {
        page.line(0, &format!("# at {}:", written(start.at)));
    }
    let open = if alone {
        "asyncio.run("
    } else {
        "loop.create_task("
    };
    let whole = format!("{open}{name}())");
    page.either(0, &whole, &[open, &format!("{name}())")]);
}

fn body(program: &Program<'_>, steps: &[Step], level: usize, page: &mut Page) {
    if steps.is_empty() {
        page.line(level, "pass");
    }
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
            let text = escaped(text.words().unwrap_or_default());
            let line = page.said(level, "print(", &text, ")");
            page.mark(step.id, line, &format!("print(\"{text}\")"));
        }
        Action::Sleep(length) => simple(
            page,
            format!(
                "await asyncio.sleep({})",
                seconds(length.fixed().unwrap_or_default())
            ),
        ),
        Action::Block(length) => simple(
            page,
            format!(
                "time.sleep({})",
                seconds(length.fixed().unwrap_or_default())
            ),
        ),
        Action::Cpu(length) => simple(
            page,
            format!("compute({})", seconds(length.fixed().unwrap_or_default())),
        ),
        Action::Yield => simple(page, "await asyncio.sleep(0)".to_owned()),
        Action::SpawnBlocking { work, detach, .. } => {
            pool(program, step, work, *detach, level, page);
        }
        Action::Spawn { call, name, .. } => {
            let call = format!("{}()", program.name(call.function));
            let kept = if awaits(body, name) {
                format!("{name} = ")
            } else {
                String::new()
            };
            let whole = format!("{kept}asyncio.create_task({call})");
            let open = format!("{kept}asyncio.create_task(");
            let line = page.either(level, &whole, &[&open, &format!("{call})")]);
            page.mark(step.id, line, &whole);
        }
        Action::Await { name, .. } => simple(page, format!("await {name}")),
        Action::Call { call, .. } => {
            let awaits = if program.is_async(call.function) {
                "await "
            } else {
                ""
            };
            simple(page, format!("{awaits}{}()", program.name(call.function)));
        }
        Action::Gather { calls, .. } => {
            let functions: Vec<_> = calls.iter().map(|call| call.function).collect();
            gather(program, step, &functions, level, page);
        }
        Action::Repeat {
            times, body: inner, ..
        } => {
            simple(page, format!("for _ in range({times}):"));
            self::body(program, inner, level + 1, page);
        }
        Action::Respond(text) => {
            let text = escaped(text.words().unwrap_or_default());
            let fits = text.width() + "return \"\"".len() <= page.room(level);
            let (open, close) = if fits {
                ("return ", "")
            } else {
                ("return (", ")")
            };
            let line = page.said(level, open, &text, close);
            page.mark(step.id, line, &format!("return \"{text}\""));
        }
        Action::Return(_) => simple(page, "return".to_owned()),
        _ => {}
    }
}

/// Whether a later step of the same body waits for the task.
pub(super) fn awaits(body: &[Step], task: &str) -> bool {
    body.iter()
        .any(|step| matches!(&step.action, Action::Await { name, .. } if name == task))
}

fn gather(
    program: &Program<'_>,
    step: &Step,
    functions: &[FunctionId],
    level: usize,
    page: &mut Page,
) {
    let calls: Vec<String> = functions
        .iter()
        .map(|function| format!("{}()", program.name(*function)))
        .collect();
    let all = calls.join(", ");
    let whole = format!("await asyncio.gather({all})");
    let line = if all.len() < page.room(level + 1) {
        page.either(
            level,
            &whole,
            &["await asyncio.gather(", &format!("{all})")],
        )
    } else {
        let line = page.line(level, "await asyncio.gather(");
        for call in &calls {
            page.line(level + 1, &format!("{call},"));
        }
        page.line(level, ")");
        line
    };
    page.mark(step.id, line, &whole);
}

/// Work for the pool: a function by its name, one `time.sleep` as it stands, else a function of
/// its own right before.
fn pool(
    program: &Program<'_>,
    step: &Step,
    work: &Work,
    detach: bool,
    level: usize,
    page: &mut Page,
) {
    let open = match (detach, program.is_server()) {
        (true, _) => "loop.run_in_executor(",
        (false, true) => "await run_in_threadpool(",
        (false, false) => "await asyncio.to_thread(",
    };
    let first = if detach { "None, " } else { "" };
    let place = |page: &mut Page, what: &str| {
        let whole = format!("{open}{first}{what})");
        let line = page.either(level, &whole, &[open, &format!("{first}{what})")]);
        page.mark(step.id, line, &whole);
        (line, whole.len() > page.room(level))
    };
    match work {
        Work::Function(call) => drop(place(page, program.name(call.function))),
        Work::Inline(steps) => match steps.as_slice() {
            [only] if simple(only).is_some() => {
                let (what, words) = simple(only).unwrap_or_default();
                let (line, broken) = place(page, &what);
                page.mark(only.id, line + u32::from(broken), &words);
            }
            steps => {
                page.line(level, "def in_pool():");
                body(program, steps, level + 1, page);
                place(page, "in_pool");
            }
        },
    }
}

/// A call that the pool can be handed with its argument, and how the call itself is written.
fn simple(step: &Step) -> Option<(String, String)> {
    let (function, length) = match &step.action {
        Action::Block(length) => ("time.sleep", length),
        Action::Cpu(length) => ("compute", length),
        _ => return None,
    };
    let seconds = seconds(length.fixed()?);
    Some((
        format!("{function}, {seconds}"),
        format!("{function}({seconds})"),
    ))
}

fn seconds(length: Nanos) -> String {
    decimal(length.0, 1_000_000_000)
}
