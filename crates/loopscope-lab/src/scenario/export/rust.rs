//! The Rust program: one `main.rs` on tokio alone.

use std::fmt::Write as _;

use loopscope_trace::{Flavor, Language, Nanos};

use crate::scenario::export::clients;
use crate::scenario::export::listing::{about, listing, needed};
use crate::scenario::listing::program::{Program, child};
use crate::scenario::listing::quoted::literal;
use crate::scenario::listing::types::Kind;
use crate::scenario::model::parts::{self, deep};
use crate::scenario::model::scenario::{Function, Start};
use crate::scenario::model::step::{Action, Work};
use crate::scenario::rust::words::{arguments, child_key, named};

const PRELUDE: &str = include_str!("text/prelude.rs.txt");

const MAIN: &str = include_str!("text/main.rs.txt");

const IMPORTS: &str = include_str!("text/imports.rs.txt");

/// Parts of the prelude, and what in the program asks for each; the others always stand.
const PARTS: &[(&str, &[&str])] = &[
    ("compute", &["compute(", "in_child("]),
    ("join_all", &["join_all("]),
    ("stream", &["stream::iter("]),
    ("Result", &["Result<", "Err("]),
    ("flat", &["flat("]),
    ("Text", &["Text::new"]),
    ("Stored", &["Stored::new"]),
    ("Queue", &["Queue::new"]),
    ("Bounded", &["Bounded::new"]),
    ("Slot", &["Slot::new"]),
    ("Broadcast", &["Broadcast::new"]),
    ("ThreadLock", &["ThreadLock::new"]),
    ("ThreadSemaphore", &["ThreadSemaphore::new"]),
    ("Pool", &["Pool::new"]),
    ("Loop", &["Loop::new"]),
    ("block_on", &["block_on(", "block_on_for("]),
    ("in_child", &["in_child("]),
    ("upload", &["upload("]),
    ("stop", &["stop("]),
    ("server", &["async fn serve"]),
];

pub(crate) fn write(program: &Program<'_>) -> String {
    let mut inner = listing(program, Language::Rust);
    if program.is_server() {
        inner.push_str(&serve(program));
    }
    inner.push_str(&starts(program));
    if inner.contains("in_child(") {
        inner.push_str(&children(program));
    }
    let mut text = String::new();
    for line in about(program) {
        let _ = writeln!(text, "{}", format!("//! {line}").trim_end());
    }
    text.push_str("//!\n//! Cargo.toml:\n//!     [dependencies]\n");
    text.push_str("//!     tokio = { version = \"1\", features = [\"full\"] }\n");
    if inner.contains("stream::iter(") {
        text.push_str("//!     futures = \"0.3\"\n");
    }
    text.push('\n');
    text.push_str("#![allow(unused)]\n\n");
    text.push_str(IMPORTS);
    let speed = program.story.speed;
    let _ = writeln!(
        text,
        "\n/// Every wait is so many times shorter.\nconst SPEED: f64 = {speed:?};"
    );
    text.push_str(&prelude(program, &inner));
    let _ = write!(
        text,
        "\n// --- the program, as loopscope lists it\n\nmod program {{\nuse super::*;\n\n{inner}}}\n"
    );
    if program.is_server() {
        text.push_str(&clients::in_rust(program));
    }
    text.push_str(&main_function(program, &inner));
    text
}

fn prelude(program: &Program<'_>, inner: &str) -> String {
    let mut text = String::new();
    for part in PRELUDE.split("//# ").skip(1) {
        let (name, body) = part.split_once('\n').unwrap_or((part, ""));
        let wanted = PARTS.iter().find(|(known, _)| *known == name);
        if wanted.is_none_or(|(_, words)| words.iter().any(|word| inner.contains(word))) {
            let processes = program
                .process_pool()
                .map_or_else(|| "8".to_owned(), |many| many.to_string());
            let _ = write!(text, "\n{}", body.replace("PROCESSES", &processes));
        }
    }
    text
}

/// From a route to its function.
fn serve(program: &Program<'_>) -> String {
    let mut text = String::from(
        "\npub async fn serve(route: &str, after: &After, body: &Body) -> String {\n    match route {\n",
    );
    for function in program.functions {
        let Some(route) = &function.route else {
            continue;
        };
        let has = |wanted: fn(&Action) -> bool| parts::any(&function.body, wanted);
        let mut args = Vec::new();
        if has(|action| matches!(action, Action::Background(_))) {
            args.push("after");
        }
        if has(|action| matches!(action, Action::Chunk(_))) {
            args.push("body");
        }
        let answer = match program.types.result(function.id) {
            None => ("{ ", "; String::new() }"),
            Some(Kind::Integer) => ("", ".to_string()"),
            Some(Kind::Text) => ("", ""),
        };
        let mut call = on_its_thread(program, function, &args);
        if let Some(length) = function.encode {
            call = format!("{{ let it = {call}; compute(nanos({})); it }}", length.0);
        }
        if function.fails {
            let _ = writeln!(
                text,
                "        {} => {call}.map(|it| {}).unwrap_or_else(|_| after.nothing()),",
                literal(route),
                match program.types.result(function.id) {
                    None => "String::new()",
                    Some(Kind::Integer) => "it.to_string()",
                    Some(Kind::Text) => "it",
                }
            );
            continue;
        }
        let _ = writeln!(
            text,
            "        {} => {}{call}{},",
            literal(route),
            answer.0,
            answer.1
        );
    }
    text.push_str("        _ => String::new(),\n    }\n}\n");
    text
}

fn on_its_thread(program: &Program<'_>, function: &Function, args: &[&str]) -> String {
    let name = named(&function.name);
    if function.is_async {
        return format!("{name}({}).await", args.join(", "));
    }
    let mut before = String::new();
    for call in &function.depends {
        let args = arguments(program, call, function.id).join(", ");
        let dependency = named(program.name(call.function));
        let work = match program.is_async(call.function) {
            true => format!("{dependency}({args}).await"),
            false => format!("spawn_blocking(|| {dependency}({args})).await"),
        };
        let _ = match (program.call_fails(call), program.is_async(call.function)) {
            (false, _) => write!(before, "{work}; "),
            (true, true) => write!(before, "if {work}.is_err() {{ return after.nothing(); }} "),
            (true, false) => write!(
                before,
                "if {work}.unwrap().is_err() {{ return after.nothing(); }} "
            ),
        };
    }
    for arg in args {
        let _ = write!(before, "let {arg} = {arg}.clone(); ");
    }
    let given: Vec<String> = args.iter().map(|arg| format!("&{arg}")).collect();
    let job = match given.is_empty() {
        true => name,
        false => format!("move || {name}({})", given.join(", ")),
    };
    match before.is_empty() {
        true => format!("spawn_blocking({job}).await.unwrap()"),
        false => format!("{{ {before}spawn_blocking({job}).await.unwrap() }}"),
    }
}

/// Puts the programs on the loop, and waits for main, where it has one.
fn starts(program: &Program<'_>) -> String {
    let main = program.starts.iter().any(|start| start.is_main);
    let mut text = format!("\npub {}fn starts() {{\n", if main { "async " } else { "" });
    for start in program.starts {
        let call = begin(program, start);
        let keep = if start.is_main {
            "let main_task = "
        } else {
            ""
        };
        text.push_str(&format!("    {keep}{call}"));
    }
    if main {
        text.push_str("    main_task.await;\n");
    }
    text.push_str("}\n");
    text
}

fn begin(program: &Program<'_>, start: &Start) -> String {
    let args = arguments(program, &start.call, start.call.function).join(", ");
    let call = format!("{}({args})", named(program.name(start.call.function)));
    let place = start.on.map_or_else(String::new, |id| {
        format!("{}.", program.side_loop(id).to_uppercase())
    });
    match start.at {
        Nanos::ZERO => format!("{place}spawn({call});\n"),
        at => format!(
            "{place}spawn(async {{\n        sleep(nanos({})).await;\n        {call}.await;\n    }});\n",
            at.0
        ),
    }
}

/// From what a child process is told to what it does.
fn children(program: &Program<'_>) -> String {
    let mut arms: Vec<String> = Vec::new();
    for function in program.functions {
        let mut nth = 0;
        // In the order in which the listing counts them.
        for step in deep(&function.body) {
            let arm = match &step.action {
                Action::Process {
                    work: Work::Function(call),
                    ..
                } => {
                    let args = arguments(program, call, function.id);
                    let name = program.name(call.function);
                    let key = literal(&child_key(name, &args).replace('"', "'"));
                    let (name, args) = (named(name), args.join(", "));
                    format!("        {key} => drop({name}({args})),\n")
                }
                Action::Process { .. } => {
                    nth += 1;
                    let name = child(&function.name, nth);
                    format!("        {} => {name}(),\n", literal(&name))
                }
                _ => continue,
            };
            if !arms.contains(&arm) {
                arms.push(arm);
            }
        }
    }
    format!(
        "\npub fn child(work: &str) {{\n    match work {{\n{}        _ => {{}}\n    }}\n}}\n",
        arms.concat()
    )
}

/// Waits for the jobs of the program's own pools.
fn close(program: &Program<'_>) -> String {
    let pools = program.story.pools.iter();
    let close = |name: &str| format!("    program::{}.close();\n", name.to_uppercase());
    pools.map(|pool| close(&pool.name)).collect()
}

fn main_function(program: &Program<'_>, inner: &str) -> String {
    let runtime = program.runtime();
    let several = runtime.flavor == Flavor::MultiThread;
    let child = inner.contains("in_child(");
    let flags = [
        ("child", child),
        ("compute", child || inner.contains("compute(")),
        ("one", !several),
        ("several", several),
        ("eager", runtime.eager_driver_handoff),
        ("server", program.is_server()),
        ("program", !program.is_server()),
    ];
    let drivers = if child { "enable_all" } else { "enable_time" };
    let text = needed(MAIN, "  //? ", &flags)
        .replace("WORKERS", &runtime.worker_threads.to_string())
        .replace("THREADS", &runtime.pool_threads.to_string())
        .replace("DRIVERS", drivers)
        .replace("    // pools\n", &close(program));
    format!("\n{text}")
}
