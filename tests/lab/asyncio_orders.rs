//! In which order asyncio does things: small random programs of sleeps, blocks, turns and timeouts, and the lines that they
//! printed on CPython 3.11, four times alike.
//!
//! A line of the file is how the functions begin, their steps, and the lines. A function prints its number and that of
//! the step after each, `late` where a timeout ran out, and `main` prints what has ended.

use std::fmt::Write as _;

use crate::common::play::toml_in;
use loopscope::trace::Clock::Virtual;
use loopscope::trace::Language::Python;

const ORDERS: &str = include_str!("asyncio_orders.txt");

/// `sleep 5`, `block 5`, `yield`, or `within 5` and what is done in that time.
fn step(words: &str) -> String {
    let words: Vec<&str> = words.split(' ').collect();
    match words.as_slice() {
        ["yield"] => "{ yield = true }".to_owned(),
        ["within", limit, inner @ ..] => {
            let inner = inner.chunks(2).map(|two| step(&two.join(" ")));
            let inner: Vec<String> = inner.collect();
            let inner = inner.join(", ");
            format!(
                "{{ timeout = \"{limit}ms\", do = [{inner}], else = [{{ print = \"late\" }}] }}"
            )
        }
        [kind, length] => format!("{{ {kind} = \"{length}ms\" }}"),
        other => panic!("no step: {other:?}"),
    }
}

/// The scenario of a line.
fn scenario(begins: &str, functions: &[&str]) -> String {
    let mut toml = "title = \"t\"\nasks = \"a\"\nshows = \"s\"\n".to_owned();
    for (place, body) in functions.iter().enumerate() {
        let steps = body.split(", ").enumerate();
        let steps =
            steps.map(|(nth, words)| format!("{}, {{ print = \"{place}.{nth}\" }}", step(words)));
        let steps: Vec<String> = steps.collect();
        let body = steps.join(", ");
        let _ = writeln!(toml, "[[function]]\nname = \"f{place}\"\nbody = [{body}]");
    }
    let each = |write: fn(usize) -> String| {
        let all: Vec<String> = (0..functions.len()).map(write).collect();
        all.join(", ")
    };
    let main = match begins {
        "start" => {
            for place in 0..functions.len() {
                let _ = writeln!(toml, "[[start]]\nrun = \"f{place}\"");
            }
            // It outlasts them all, and comes after them.
            toml.push_str(
                "[[function]]\nname = \"main\"\nbody = [{ sleep = \"5s\" }]\n\
                 [[start]]\nrun = \"main\"\nmain = true\n",
            );
            return toml;
        }
        "gather" => format!(
            "{{ gather = [{}] }}, {{ print = \"end\" }}",
            each(|place| format!("\"f{place}\""))
        ),
        _ => format!(
            "{}, {}",
            each(|place| format!("{{ spawn = \"f{place}\", as = \"t{place}\" }}")),
            each(|place| format!("{{ await = \"t{place}\" }}, {{ print = \"t{place}\" }}"))
        ),
    };
    let _ = writeln!(
        toml,
        "[[function]]\nname = \"main\"\nbody = [{main}]\n[[start]]\nrun = \"main\""
    );
    toml
}

#[test]
fn tasks_and_timers_take_turns_as_in_asyncio() {
    let mut wrong = Vec::new();
    for line in ORDERS.lines() {
        let (program, really) = line.split_once(" => ").expect("a program and its lines");
        let (begins, functions) = program.split_once(": ").expect("how it begins");
        let functions: Vec<&str> = functions.split(" | ").collect();
        let played = toml_in(&scenario(begins, &functions), Python, Virtual, 1.0);
        let ours = played.output().join(" ");
        if ours != really {
            wrong.push(format!("{program}\n  really {really}\n  ours   {ours}"));
        }
    }
    assert!(ORDERS.lines().count() > 50);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
