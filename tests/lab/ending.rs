//! How a program ends: with its main, and what is left then. The lines are those of the real programs.

use crate::common::play::{Played, toml_in};
use loopscope::VOCABULARY;
use loopscope::scenario::{Choices, FileName, load};
use loopscope::timeline::Timeline;
use loopscope::trace::Clock::{Real, Virtual};
use loopscope::trace::Language::{self, Python, Rust};
use loopscope::trace::{EndReason, EventKind, Nanos};

const HEAD: &str = "title = \"t\"\nasks = \"a\"\nshows = \"s\"\n";

fn program(functions: &[(&str, &str)], starts: &str) -> String {
    let functions = functions.iter().map(|(name, body)| {
        let plain = if body.starts_with("{ block") {
            "async = false\n"
        } else {
            ""
        };
        format!("[[function]]\nname = \"{name}\"\n{plain}body = [{body}]\n")
    });
    format!("{HEAD}{}{starts}", functions.collect::<String>())
}

fn play(source: &str, language: Language) -> Played {
    toml_in(source, language, Virtual, 1.0)
}

fn shows(source: &str, python: &[&str], rust: &[&str]) {
    assert_eq!(play(source, Python).output(), python, "Python\n{source}");
    assert_eq!(play(source, Rust).output(), rust, "Rust\n{source}");
    let real = toml_in(source, Python, Real, 10.0);
    assert_eq!(real.output(), python, "Python, real\n{source}");
}

fn end_of(played: &Played) -> (Nanos, EndReason) {
    let end = |(_, event): (usize, &loopscope::trace::Event)| match event.kind {
        EventKind::RunEnded { reason } => Some((event.at, reason)),
        _ => None,
    };
    played.events().find_map(end).expect("the run has ended")
}

/// The ids and sentences of what was found.
fn found(source: &str, played: &Played) -> Vec<(&'static str, String)> {
    let choices = Choices::default();
    let scenario = load(source, &FileName::default(), &choices, &VOCABULARY);
    let mut trace = played.trace.clone();
    trace.story = scenario.expect("it is right").story;
    let timeline = Timeline::from_trace(trace);
    let all = timeline.findings();
    let told = |finding: &loopscope::timeline::Finding| {
        let sentence = finding.sentence(&timeline, Python);
        (finding.kind.id, sentence)
    };
    all.iter().map(told).collect()
}

const LATE: &str = "{ sleep = \"1s\" }, { print = \"late\" }";

#[test]
fn what_is_left_when_main_returns_is_cancelled() {
    let main = "{ sleep = \"500ms\" }, { print = \"main ends\" }";
    let functions = [("main", main), ("other", LATE)];
    let starts = "[[start]]\nrun = \"main\"\n[[start]]\nrun = \"other\"\n[[start]]\nrun = \"other\"\nat = \"800ms\"\n";
    let source = program(&functions, starts);
    shows(&source, &["main ends"], &["main ends"]);
    let (at, reason) = end_of(&play(&source, Python));
    assert_eq!((at, reason), (Nanos::from_millis(500), EndReason::Finished));
    // Another one is main where it says so.
    let source = source.replacen("run = \"other\"", "run = \"other\"\nmain = true", 1);
    let both = ["main ends", "late"];
    shows(&source, &both, &both);
}

#[test]
fn what_is_ready_when_main_returns_has_a_last_turn_in_asyncio() {
    let main = "{ spawn = \"child\", detach = true }, { print = \"main ends\" }";
    let child = "{ print = \"child begins\" }, { sleep = \"1s\" }, { print = \"child ends\" }";
    let source = program(
        &[("main", main), ("child", child)],
        "[[start]]\nrun = \"main\"\n",
    );
    shows(&source, &["main ends", "child begins"], &["main ends"]);
}

#[test]
fn jobs_keep_a_program_open() {
    let main = "{ spawn_blocking = \"slow\", detach = true }, { sleep = \"100ms\" }, { print = \"main ends\" }";
    let slow = "{ block = \"2s\" }, { print = \"slow ends\" }";
    let source = program(
        &[("main", main), ("slow", slow)],
        "[[start]]\nrun = \"main\"\n",
    );
    let lines = ["main ends", "slow ends"];
    shows(&source, &lines, &lines);
    let played = play(&source, Python);
    assert_eq!(end_of(&played), (Nanos::from_secs(2), EndReason::Finished));
    let kept = "A ended at 0.10s, and the program was kept open for 1.90s by job of A: what runs on a thread cannot be cancelled.";
    assert_eq!(found(&source, &played), [("kept-open", kept.to_owned())]);
}

#[test]
fn queued_jobs_are_worked_off_by_python_and_dropped_by_tokio() {
    let one = "{ spawn_blocking = \"slow\", detach = true }";
    let main = format!("{one}, {one}, {{ sleep = \"100ms\" }}");
    let slow = "{ block = \"1s\" }, { print = \"slow ends\" }";
    let source = program(
        &[("main", &main), ("slow", slow)],
        "[[start]]\nrun = \"main\"\n",
    );
    let source = source.replacen(
        "[[function]]",
        "[runtime]\npool_threads = 1\n[[function]]",
        1,
    );
    shows(&source, &["slow ends", "slow ends"], &["slow ends"]);
}

#[test]
fn a_worker_that_only_waits_keeps_no_program_open() {
    let main =
        "{ spawn = \"worker\", detach = true }, { send = \"jobs\", value = 1 }, { sleep = \"1s\" }";
    let worker = "{ repeat = \"forever\", do = [{ recv = \"jobs\", into = \"j\" }, { print = \"takes {j}\" }] }";
    let source = program(
        &[("main", main), ("worker", worker)],
        "[[start]]\nrun = \"main\"\n",
    )
    .replacen(
        "[[function]]",
        "[[channel]]\nname = \"jobs\"\n[[function]]",
        1,
    );
    shows(&source, &["takes 1"], &["takes 1"]);
    assert_eq!(found(&source, &play(&source, Python)), []);
}

#[test]
fn a_main_that_waits_for_ever_is_unfinished_and_told() {
    let source = include_str!("reply_never.toml");
    let played = play(source, Python);
    assert_eq!(played.output(), ["takes outer"]);
    assert_eq!(end_of(&played), (Nanos::ZERO, EndReason::Limit));
    let circle = "B waits inside r = await results.get(), line 11 for a value of channel results, which nothing else that can go on could send";
    assert_eq!(
        found(source, &played),
        [
            (
                "deadlock",
                format!("{circle}: none of them could go on (0.00s).")
            ),
            (
                "never-ends",
                format!(
                    "A waits inside await replies.get(), line 19 for a value of channel replies, which B would have to send; {circle}: A never ends."
                )
            ),
        ]
    );
    let real = toml_in(source, Python, Real, 10.0);
    assert_eq!(end_of(&real).1, EndReason::Limit);
    assert!(
        end_of(&real).0 < Nanos::from_secs(5),
        "it is seen long before the limit"
    );
}

#[test]
fn a_value_that_nothing_can_send_is_waited_for_in_vain() {
    let main = "{ spawn = \"worker\", as = \"w\" }, { recv = \"replies\" }, { await = \"w\" }";
    let worker =
        "{ if = \"{1 == 2}\", then = [{ send = \"replies\", value = 1 }] }, { sleep = \"1s\" }";
    let source = program(
        &[("main", main), ("worker", worker)],
        "[[start]]\nrun = \"main\"\n",
    )
    .replacen(
        "[[function]]",
        "[[channel]]\nname = \"replies\"\n[[function]]",
        1,
    );
    let played = play(&source, Python);
    assert_eq!(end_of(&played), (Nanos::from_secs(1), EndReason::Limit));
    let all = found(&source, &played);
    let ids: Vec<_> = all.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, ["never-ends"]);
    assert!(
        all[0]
            .1
            .contains("which nothing else that can go on could send"),
        "{all:?}"
    );
}

#[test]
fn a_value_that_never_comes_may_be_waited_for_for_a_while() {
    let main = "{ timeout = \"1s\", do = [{ recv = \"box\" }], else = [{ print = \"gave up\" }] }, \
                { select = [{ do = [{ recv = \"box\" }] }, { do = [{ sleep = \"1s\" }, { print = \"tick\" }] }] }";
    let source = program(&[("main", main)], "[[start]]\nrun = \"main\"\n").replacen(
        "[[function]]",
        "[[channel]]\nname = \"box\"\n[[function]]",
        1,
    );
    shows(&source, &["gave up", "tick"], &["gave up", "tick"]);
    assert_eq!(found(&source, &play(&source, Python)), []);
}
