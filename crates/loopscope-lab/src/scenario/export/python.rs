//! The Python program: plain Python with FastAPI, uvicorn and httpx, or asyncio alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use loopscope_trace::{Language, Nanos};

use crate::scenario::export::clients::{self, in_python, patience, prints, seconds};
use crate::scenario::export::listing::{about, is_hurried, listing, needed};
use crate::scenario::listing::program::Program;
use crate::scenario::model::scenario::{Start, leaves_work};
use crate::scenario::model::step::Action;
use crate::scenario::python::words::arguments;

/// Prints with the moment.
const CLOCK: &str = include_str!("text/clock.py");

/// Holds a processor.
const COMPUTE: &str = include_str!("text/compute.py");

/// Holds a processor and CPython's lock.
const COMPUTE_IN_C: &str = include_str!("text/compute_in_c.py");

const ENCODED: &str = include_str!("text/encoded.py");

const STORED: &str = include_str!("text/stored.py");

/// Sends the requests.
const CLIENTS: &str = include_str!("text/clients.py");

/// Runs the server and the clients until nothing is left to do.
const SERVER: &str = include_str!("text/server.py");

/// The same with several processes.
const WORKERS: &str = include_str!("text/workers.py");

/// Runs what is no server until nothing is left to do.
const TASKS: &str = include_str!("text/tasks.py");

/// What marks the lines of a template that are not always needed.
const MARK: &str = "  #? ";

pub(crate) fn write(program: &Program<'_>) -> String {
    let listing = listing(program, Language::Python);
    let mut rest = part("what the screen prints: the moment, and the line", CLOCK);
    let encodes = listing.contains("encoded(");
    if encodes || listing.contains("compute") {
        rest.push_str(&part("work for a processor", COMPUTE));
    }
    if encodes || listing.contains("compute_in_c") {
        let title = "the same in one call, for which CPython keeps its lock, as for json.dumps";
        rest.push_str(&part(title, COMPUTE_IN_C));
    }
    if encodes {
        rest.push_str(&part("what the framework does with an answer", ENCODED));
    }
    if listing.contains("Stored(") {
        rest.push_str(&part("a number in a file, for all processes", STORED));
    }
    rest.push_str(&part("the program, as loopscope lists it", &listing));
    rest.push_str(&around(program));
    let mut text = String::from("\"\"\"");
    for line in about(program) {
        text.push_str(&line.replace('\\', "\\\\").replace("\"\"\"", "'''"));
        text.push('\n');
    }
    text.push_str(&needs(program));
    text.push_str("\"\"\"\n\n");
    text.push_str(&imports(&rest));
    let story = program.story;
    let speed = match is_hurried(story) {
        true => format!(
            "SPEED = {}  # every wait is so many times shorter\n",
            story.speed
        ),
        false => "SPEED = 1\n".to_owned(),
    };
    format!("{text}\n{speed}{rest}")
}

fn part(title: &str, text: &str) -> String {
    format!("\n\n# --- {title}\n\n{}\n", text.trim_end())
}

fn needs(program: &Program<'_>) -> String {
    let upload = program.any(|action| matches!(action, Action::ReadFile(_)));
    let more = if upload { " python-multipart" } else { "" };
    match program.is_server() {
        true => format!("It needs Python 3.11 or newer: pip install fastapi uvicorn httpx{more}\n"),
        false => "It needs Python 3.11 or newer, and nothing else.\n".to_owned(),
    }
}

/// What stands below the listing: who asks, and what runs it.
fn around(program: &Program<'_>) -> String {
    let flags = flags(program);
    if !program.is_server() {
        return part(
            "from the first task to the last",
            &filled(program, TASKS, &flags),
        );
    }
    let mut text = part("who asks, and when", &in_python(program));
    text.push_str(&format!("\n\n{}", needed(CLIENTS, MARK, &flags)));
    let processes = program.runtime().processes;
    if processes > 1 {
        let workers = WORKERS.replace("PROCESSES", &processes.to_string());
        text.push_str(&part("the server, in several processes", &workers));
    } else {
        let server = filled(program, SERVER, &flags);
        text.push_str(&part("the server, until nothing is left to do", &server));
    }
    text
}

/// Which lines of the templates are needed.
fn flags(program: &Program<'_>) -> [(&'static str, bool); 9] {
    let clients = &program.story.clients;
    let upload = program.any(|action| matches!(action, Action::ReadFile(_)));
    let patience = clients.iter().any(|client| patience(client).is_some());
    let rows = clients::rows(program.story);
    let printing = |when| clients.iter().any(|client| prints(client) == Some(when));
    let mut mains = program.starts.iter().filter(|start| start.is_main);
    let fails = mains.any(|start| program.call_fails(&start.call));
    let later = program.starts.iter().any(|start| start.at > Nanos::ZERO);
    [
        ("upload", upload),
        ("patience", patience && !upload),
        ("plain", !upload && !patience),
        ("shared", rows.iter().any(|row| row.shared)),
        ("prints", printing("answered")),
        ("order", printing("in order")),
        ("later", later),
        ("fails", fails),
        ("sure", !fails),
    ]
}

/// A template with what the story needs in its places.
fn filled(program: &Program<'_>, template: &str, flags: &[(&str, bool)]) -> String {
    needed(template, MARK, flags)
        .replace("    # pools\n", &threads(program))
        .replace("    # starts\n", &starts(program))
        .replace("    # left\n", &left(program))
}

/// How many threads the two pools of the framework get: ours is one.
fn threads(program: &Program<'_>) -> String {
    let threads = program.runtime().pool_threads;
    let mut text = String::new();
    let default = program.any(|action| {
        matches!(
            action,
            Action::SpawnBlocking { pool: None, .. } | Action::Process { .. }
        )
    });
    if default {
        let _ = writeln!(
            text,
            "    loop.set_default_executor(ThreadPoolExecutor({threads}))"
        );
    }
    if program.is_server() && threads != 40 {
        text.push_str("    limiter = anyio.to_thread.current_default_thread_limiter()\n");
        let _ = writeln!(text, "    limiter.total_tokens = {threads}");
    }
    text
}

/// Puts the programs on the loop. Main is awaited in place, as `asyncio.run` does, unless others begin before it.
fn starts(program: &Program<'_>) -> String {
    let (mut text, mut end) = (String::new(), String::new());
    for start in program.starts {
        let call = begin(program, start);
        let in_place = start.on.is_none() && (text.is_empty() || start.at > Nanos::ZERO);
        match (start.is_main, start.on) {
            (false, Some(_)) => text.push_str(&format!("    {call}\n")),
            (false, None) => text.push_str(&format!("    asyncio.create_task({call})\n")),
            (true, _) if in_place => end = format!("    await {call}\n"),
            (true, on) => {
                let put = if on.is_some() {
                    "asyncio.wrap_future"
                } else {
                    "asyncio.create_task"
                };
                text.push_str(&format!("    main_task = {put}({call})\n"));
                "    await main_task\n".clone_into(&mut end);
            }
        }
    }
    text + &end
}

/// A program as the coroutine that its loop is given; on another loop it is handed over.
fn begin(program: &Program<'_>, start: &Start) -> String {
    let args = arguments(program, &start.call, start.call.function);
    let mut call = format!("{}({})", program.name(start.call.function), args.join(", "));
    if start.at != Nanos::ZERO {
        call = format!("later({}, {call})", seconds(start.at));
    }
    match start.on {
        Some(id) => {
            let side = program.side_loop(id);
            format!("asyncio.run_coroutine_threadsafe({call}, {side})")
        }
        None => call,
    }
}

/// What else must end before the program does.
fn left(program: &Program<'_>) -> String {
    let mut text = String::new();
    if !leaves_work(program.functions) {
        return text;
    }
    if !program.is_server() {
        let pools = program.story.pools.iter();
        return pools
            .map(|pool| format!("    {}.shutdown()\n", pool.name))
            .collect();
    }
    for pool in &program.story.pools {
        let _ = writeln!(text, "    await asyncio.to_thread({}.shutdown)", pool.name);
    }
    text.push_str("    await loop.shutdown_default_executor()\n");
    text.push_str("    ended = time.monotonic()\n");
    text
}

/// A word of the program, and what brings it.
#[rustfmt::skip]
const IMPORTS: &[(&str, &str)] = &[
    ("as_completed(", "from asyncio import as_completed"),
    ("get_running_loop()", "from asyncio import get_running_loop"),
    ("TaskGroup(", "from asyncio import TaskGroup"),
    ("run_coroutine_threadsafe(", "from asyncio import run_coroutine_threadsafe"),
    ("timeout(", "from asyncio import timeout"),
    ("FIRST_COMPLETED", "from asyncio import FIRST_COMPLETED"),
    ("ProcessPoolExecutor(", "from concurrent.futures import ProcessPoolExecutor"),
    ("ThreadPoolExecutor(", "from concurrent.futures import ThreadPoolExecutor"),
    ("partial(", "from functools import partial"),
    ("Process(", "from multiprocessing import Process"),
    ("SIGTERM", "from signal import SIGTERM"),
    ("SIGINT", "from signal import SIGINT"),
    ("raise_signal(", "from signal import raise_signal"),
    ("Thread(", "from threading import Thread"),
    ("from_thread.", "from anyio import from_thread"),
    ("FastAPI()", "from fastapi import FastAPI"),
    ("BackgroundTasks", "from fastapi import BackgroundTasks"),
    ("Depends(", "from fastapi import Depends"),
    ("UploadFile", "from fastapi import UploadFile"),
    ("run_in_threadpool(", "from fastapi.concurrency import run_in_threadpool"),
    ("JSONResponse", "from fastapi.responses import JSONResponse"),
    ("StreamingResponse(", "from fastapi.responses import StreamingResponse"),
];

/// Modules that are named in the program.
#[rustfmt::skip]
const MODULES: &[&str] = &[
    "asyncio", "builtins", "os", "socket", "sys", "tempfile", "threading", "time", "anyio", "httpx", "uvicorn",
];

/// Modules first, then names out of them; what comes with Python before what is installed.
pub(crate) fn imports(text: &str) -> String {
    let mut modules: Vec<&str> = MODULES.to_vec();
    modules.retain(|module| names(text, &format!("{module}.")));
    let mut from: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (word, line) in IMPORTS {
        if let (true, Some((module, name))) = (names(text, word), line.rsplit_once(" import ")) {
            from.entry(module).or_default().push(name);
        }
    }
    let mut groups = [Vec::new(), Vec::new()];
    for module in modules {
        groups[usize::from(is_installed(module))].push(format!("import {module}"));
    }
    for (module, names) in &mut from {
        names.sort_unstable();
        let line = format!("{module} import {}", names.join(", "));
        let module = module.trim_start_matches("from ");
        groups[usize::from(is_installed(module))].push(line);
    }
    let groups = groups.iter().filter(|group| !group.is_empty());
    let groups: Vec<String> = groups.map(|group| group.join("\n")).collect();
    format!("{}\n", groups.join("\n\n"))
}

fn is_installed(module: &str) -> bool {
    ["anyio", "fastapi", "httpx", "uvicorn"]
        .iter()
        .any(|installed| module.starts_with(installed))
}

/// Whether a text has this word, not as the end of a longer one.
fn names(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '.'))
    })
}
