//! The `main` of a Rust program: builds the runtime, and runs the story to its end.

use std::fmt::Write as _;

use loopscope_trace::Flavor;

use crate::scenario::listing::program::Program;

pub(crate) fn main_function(program: &Program<'_>, inner: &str) -> String {
    let runtime = program.runtime();
    let mut text = String::from("\nfn main() {\n");
    if inner.contains("in_child(") {
        text.push_str("    if let Some(work) = std::env::args().nth(1) {\n        return program::child(&work);\n    }\n");
    }
    if inner.contains("compute(") || inner.contains("in_child(") {
        text.push_str(
            "    // Before the story, which must not pay for it.\n    LazyLock::force(&RATE);\n",
        );
    }
    match runtime.flavor {
        Flavor::CurrentThread => {
            text.push_str("    let mut builder = Builder::new_current_thread();\n");
        }
        Flavor::MultiThread => {
            text.push_str("    let mut builder = Builder::new_multi_thread();\n");
            let _ = writeln!(
                text,
                "    builder.worker_threads({});",
                runtime.worker_threads
            );
        }
    }
    if runtime.eager_driver_handoff {
        text.push_str("    #[cfg(tokio_unstable)]\n    builder.enable_eager_driver_handoff();\n");
    }
    let drivers = match inner.contains("in_child(") {
        true => "enable_all",
        false => "enable_time",
    };
    let _ = writeln!(
        text,
        "    // Like asyncio: look at the timers between any two turns.\n    builder.event_interval(1).max_blocking_threads({}).{drivers}();",
        runtime.pool_threads
    );
    text.push_str("    let runtime = builder.build().unwrap();\n    let first = Open::new();\n");
    if program.is_server() {
        text.push_str("    let (door, backlog) = mpsc::unbounded_channel();\n    let opens = (0..ALL_REQUESTS).map(|_| Open::new()).collect();\n");
    }
    text.push_str("    let story = async move {\n        now();\n");
    if program.is_server() {
        text.push_str("        tokio::spawn(accept(backlog));\n");
    }
    text.push_str("        program::starts();\n");
    if program.is_server() {
        text.push_str("        thread::spawn(|| clients(door, opens));\n");
    }
    text.push_str("        drop(first);\n        OVER.notified().await;\n        say(\"(end)\".to_owned());\n    };\n");
    text.push_str("    runtime.block_on(story);\n    runtime.shutdown_background();\n}\n");
    text
}
