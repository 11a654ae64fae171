//! A cancelled waiter in two languages: what becomes of what it has waited for; and overdue timers. The lines and
//! moments are those of the real programs.

use crate::common::play::{Played, toml_in};
use loopscope::trace::Clock::{Real, Virtual};
use loopscope::trace::Language::{self, Python, Rust};
use loopscope::trace::{EndReason, EventKind};

const CHILD: &str = "[{ sleep = \"2s\" }, { print = \"done\" }]";

/// A program with a child of 2s besides `main`.
fn program(tables: &str, main: &str) -> String {
    format!(
        "title = \"t\"\nasks = \"a\"\nshows = \"s\"\n{tables}\n\
         [[function]]\nname = \"child\"\nbody = {CHILD}\n\
         [[function]]\nname = \"main\"\nbody = [{main}]\n[[start]]\nrun = \"main\"\n"
    )
}

fn play(source: &str, language: Language) -> Played {
    toml_in(source, language, Virtual, 1.0)
}

fn shows(source: &str, python: &[&str], rust: &[&str]) {
    assert_eq!(play(source, Python).output(), python, "Python\n{source}");
    assert_eq!(play(source, Rust).output(), rust, "Rust\n{source}");
}

const END: &str = "{ sleep = \"1500ms\" }, { print = \"end\" }";

#[test]
fn a_timeout_cancels_the_task_that_it_awaits() {
    let main = format!(
        "{{ spawn = \"child\", as = \"t\" }}, {{ timeout = \"1s\", do = [{{ await = \"t\" }}], \
         else = [{{ print = \"gave up\" }}] }}, {END}"
    );
    let source = program("", &main);
    shows(&source, &["gave up", "end"], &["gave up", "done", "end"]);
    let shielded = source.replace("await = \"t\"", "await = \"t\", shield = true");
    let both = ["gave up", "done", "end"];
    shows(&shielded, &both, &both);
}

#[test]
fn a_timeout_cancels_what_it_gathers() {
    let main = format!(
        "{{ timeout = \"1s\", do = [{{ gather = [\"child\", \"child\"] }}], \
         else = [{{ print = \"gave up\" }}] }}, {END}"
    );
    let rust = ["gave up", "done", "done", "end"];
    shows(&program("", &main), &["gave up", "end"], &rust);
}

#[test]
fn what_is_left_of_as_completed_goes_on_in_asyncio_and_not_in_tokio() {
    let main = format!(
        "{{ timeout = \"1s\", do = [{{ as_completed = [\"child\"], do = [] }}], \
         else = [{{ print = \"gave up\" }}] }}, {END}"
    );
    let python = ["gave up", "done", "end"];
    shows(&program("", &main), &python, &["gave up", "end"]);
}

#[test]
fn a_cancelled_parent_cancels_the_child_that_it_awaits() {
    let parent = "[[function]]\nname = \"parent\"\nbody = [{ spawn = \"child\", as = \"c\" }, \
                  { await = \"c\" }, { print = \"parent done\" }]";
    let main = format!(
        "{{ spawn = \"parent\", as = \"p\" }}, {{ sleep = \"1s\" }}, {{ abort = \"p\" }}, \
         {{ print = \"cancels\" }}, {END}"
    );
    let rust = ["cancels", "done", "end"];
    shows(&program(parent, &main), &["cancels", "end"], &rust);
}

#[test]
fn a_way_that_loses_a_select_is_cancelled_with_what_it_awaits() {
    let main = format!(
        "{{ spawn = \"child\", as = \"t\" }}, {{ select = [{{ do = [{{ await = \"t\" }}] }}, \
         {{ do = [{{ sleep = \"1s\" }}, {{ print = \"tick\" }}] }}] }}, {END}"
    );
    let rust = ["tick", "done", "end"];
    shows(&program("", &main), &["tick", "end"], &rust);
}

#[test]
fn a_cancellation_frees_a_circle_of_locks() {
    let one = |name: &str, first: &str, then: &str| {
        format!(
            "[[function]]\nname = \"{name}\"\nbody = [{{ lock = \"{first}\", do = [{{ print = \"{name} has one\" }}, \
             {{ sleep = \"100ms\" }}, {{ lock = \"{then}\", do = [{{ print = \"{name} has both\" }}] }}] }}]\n"
        )
    };
    let tables = format!(
        "[[lock]]\nname = \"a\"\n[[lock]]\nname = \"b\"\n{}{}",
        one("p", "a", "b"),
        one("q", "b", "a")
    );
    let main =
        "{ timeout = \"2s\", do = [{ gather = [\"p\", \"q\"] }], else = [{ print = \"stuck\" }] }";
    let source = program(&tables, main).replacen("shows", "limit = \"5s\"\nshows", 1);
    let lines = ["p has one", "q has one", "stuck"];
    shows(&source, &lines, &lines);
    let finished = |language| {
        let played = play(&source, language);
        let finished = EventKind::RunEnded {
            reason: EndReason::Finished,
        };
        played.events().any(|(_, event)| event.kind == finished)
    };
    assert!(finished(Python));
    assert!(finished(Rust), "what is left is dropped with main");
}

#[test]
fn a_cancelled_task_has_let_go_before_its_waiter_goes_on() {
    let tables = "[[lock]]\nname = \"a\"\n\
        [[function]]\nname = \"holds\"\nbody = [{ lock = \"a\", do = [{ sleep = \"9s\" }] }]\n\
        [[function]]\nname = \"wants\"\nbody = [{ lock = \"a\", do = [{ print = \"has it\" }] }]";
    let main = "{ spawn = \"holds\", as = \"h\" }, { sleep = \"100ms\" }, { spawn = \"wants\", as = \"w\" }, \
        { timeout = \"1s\", do = [{ await = \"h\" }], else = [{ block = \"1s\" }, { print = \"gave up\" }] }, \
        { await = \"w\" }";
    let rust = ["gave up", "has it"];
    shows(&program(tables, main), &["has it", "gave up"], &rust);
}

#[test]
fn a_thread_goes_on_and_a_queued_job_is_taken_back() {
    let job = |name: &str| {
        format!(
            "[[function]]\nname = \"{name}\"\nbody = [{{ timeout = \"1s\", do = [{{ spawn_blocking = [{{ block = \"2s\" }}, \
             {{ print = \"{name} done\" }}] }}], else = [{{ print = \"gave up\" }}] }}]\n"
        )
    };
    let tables = format!(
        "[runtime]\npool_threads = 1\n{}{}",
        job("first"),
        job("second")
    );
    let main = "{ gather = [\"first\", \"second\"] }, { print = \"end\" }";
    shows(
        &program(&tables, main),
        &["gave up", "gave up", "end", "first done"],
        &["gave up", "gave up", "end", "first done"],
    );
}

/// A timeout of 1s around a block of 2s and `then`.
fn overdue(then: &str) -> String {
    let main = format!(
        "{{ timeout = \"1s\", do = [{{ block = \"2s\" }}{then}, {{ print = \"whole\" }}], \
         else = [{{ print = \"gave up\" }}] }}"
    );
    program("", &main)
}

#[test]
fn only_an_await_that_really_waits_gets_an_overdue_timeout() {
    for (then, line) in [
        ("", "whole"),
        (", { yield = true }", "whole"),
        (", { sleep = \"0s\" }", "whole"),
        (", { yield = true }, { sleep = \"100ms\" }", "gave up"),
        (", { sleep = \"500ms\" }", "gave up"),
    ] {
        shows(&overdue(then), &[line], &[line]);
        for language in [Python, Rust] {
            let played = toml_in(&overdue(then), language, Real, 20.0);
            assert_eq!(played.output(), [line], "{language:?} {then}");
        }
    }
    // A second turn comes after the callback of the timer.
    let twice = overdue(", { yield = true }, { yield = true }");
    assert_eq!(play(&twice, Python).output(), ["gave up"]);
}

#[test]
fn a_timer_that_runs_out_first_is_called_first_in_asyncio() {
    // Something else holds the loop until both are overdue.
    let tables =
        "[[function]]\nname = \"holds\"\nbody = [{ sleep = \"500ms\" }, { block = \"2s\" }]";
    let main = "{ spawn = \"holds\", as = \"h\" }, { timeout = \"1s\", do = [{ sleep = \"1500ms\" }, \
        { print = \"whole\" }], else = [{ print = \"gave up\" }] }, { await = \"h\" }";
    shows(&program(tables, main), &["gave up"], &["whole"]);
}
