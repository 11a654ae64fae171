//! Errors: where one goes, what catches it, and what becomes of those beside it. The lines are those of the real
//! programs, in Python and in Rust.

use crate::common::play::{Played, toml_in};
use loopscope::VOCABULARY;
use loopscope::scenario::{Choices, FileName, load};
use loopscope::trace::Clock::{Real, Virtual};
use loopscope::trace::EventKind;
use loopscope::trace::Language::{self, Python, Rust};

const ERRORS: &str = include_str!("../language/errors.toml");

const GROUPS: &str = include_str!("../language/groups.toml");

fn lost(played: &Played) -> usize {
    played.count(|kind| matches!(kind, EventKind::Lapsed { .. }))
}

fn lines(source: &str, language: Language) -> String {
    toml_in(source, language, Virtual, 1.0).output().join("; ")
}

#[test]
fn an_error_goes_up_to_what_catches_it() {
    let begin = "has it; 1 n is 100; other has it; 2 plain 1; 3 inline; got 200; 4 early 200; 5 n is 100; \
                 6 n is 100; 7 n is 100; 8 again; fine 30; both 60 fails; fine 90; 9; fine 30; one; both 60 fails; \
                 10 both 60; ";
    let end = "11 too late; 12; 12; 12; last";
    // asyncio leaves the rest of an `as_completed` running, a set that is dropped aborts it.
    assert_eq!(lines(ERRORS, Python), format!("{begin}fine 90; {end}"));
    assert_eq!(lines(ERRORS, Rust), format!("{begin}{end}"));
    let really = toml_in(ERRORS, Python, Real, 0.5);
    assert_eq!(really.output().join("; "), format!("{begin}fine 90; {end}"));
    assert_eq!(lost(&really), 0, "each was asked for, and main's is told");
}

#[test]
fn a_group_cancels_what_is_left_and_a_gather_does_not() {
    let begin = "fine 50; both 200 fails; both 200 fails; 1 caught; nested; fine 100; both 300 fails; 2 caught; \
                 fine 100; 3 timeout; fine 10; fine 20; both 100 fails; 4 both 100; both 200 fails; fine 300";
    // In tokio the task that a cancelled child awaited goes on.
    assert_eq!(lines(GROUPS, Python), format!("{begin}; end"));
    assert_eq!(lines(GROUPS, Rust), format!("{begin}; fine 900; end"));
}

/// A program in which a task of `start` fails after 1s, and `then` comes.
fn program(start: &str, then: &str) -> String {
    format!(
        "title = \"t\"\nasks = \"a\"\nshows = \"s\"\n\
         [[function]]\nname = \"bad\"\nbody = [{{ sleep = \"1s\" }}, {{ raise = \"no\" }}]\n\
         [[function]]\nname = \"job\"\nasync = false\nbody = [{{ block = \"1s\" }}, {{ raise = \"no\" }}]\n\
         [[function]]\nname = \"main\"\nbody = [{start}, {{ sleep = \"2s\" }}, {{ print = \"end\" }}, {then}]\n\
         [[start]]\nrun = \"main\"\n"
    )
}

#[test]
fn an_error_that_nobody_asks_for_is_told_when_nobody_can_any_more() {
    let lost_at = |source: &str| {
        let played = toml_in(source, Python, Virtual, 1.0);
        let lost = played.events().find_map(|(_, event)| {
            matches!(event.kind, EventKind::Lapsed { .. }).then(|| event.at.as_secs_f64())
        });
        assert_eq!(played.output(), ["end"]);
        lost
    };
    let detached = "{ spawn = \"bad\", detach = true }";
    assert_eq!(lost_at(&program(detached, "{ return = true }")), Some(1.0));
    // A name keeps it up to the end of its function.
    let kept = program(
        "{ spawn = \"bad\", as = \"t\" }",
        "{ if = \"{1 == 2}\", then = [{ await = \"t\" }] }",
    );
    assert_eq!(lost_at(&kept), Some(2.0));
    let job = "{ spawn_blocking = \"job\", detach = true }";
    assert_eq!(lost_at(&program(job, "{ return = true }")), Some(1.0));
    let awaited = program(
        "{ spawn = \"bad\", as = \"t\" }",
        "{ try = [{ await = \"t\" }], except = [] }",
    );
    assert_eq!(lost_at(&awaited), None);
}

#[test]
fn what_no_error_can_leave_says_so() {
    let says = |body: &str| {
        let source = program("{ yield = true }", body);
        let found = load(
            &source,
            &FileName::default(),
            &Choices::default(),
            &VOCABULARY,
        );
        found.map(drop).unwrap_err().to_string()
    };
    let child = says("{ process = \"job\" }");
    assert!(child.contains("a child process cannot be said"), "{child}");
    let round = says("{ repeat = 2, do = [{ raise = \"no\" }] }");
    assert!(round.contains("in its first round"), "{round}");
}
