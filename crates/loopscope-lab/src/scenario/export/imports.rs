//! What a Python program imports: found by the words in it.

use std::collections::BTreeMap;

/// A word of the program, and what brings it.
#[rustfmt::skip]
const IMPORTS: &[(&str, &str)] = &[
    ("as_completed(", "from asyncio import as_completed"),
    ("get_running_loop()", "from asyncio import get_running_loop"),
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
    ("StreamingResponse(", "from fastapi.responses import StreamingResponse"),
];

/// Modules that are named in the program.
#[rustfmt::skip]
const MODULES: &[&str] = &[
    "asyncio", "builtins", "os", "socket", "sys", "threading", "time", "anyio", "httpx", "uvicorn",
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
