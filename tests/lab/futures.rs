//! Futures that a task polls itself: by reference, out of a buffer, by the ticks of an interval. The lines and moments are
//! those of real programs on tokio 1.54.1.

use crate::common::play::{Played, toml};
use loopscope::trace::EventKind;

/// A program with these tables besides `main`.
fn play(tables: &str, main: &str) -> Played {
    let source = format!(
        "title = \"t\"\nasks = \"a\"\nshows = \"s\"\nlanguages = [\"rust\"]\n{tables}\n\
         [[function]]\nname = \"main\"\nbody = [{main}]\n[[start]]\nrun = \"main\"\n"
    );
    toml(&source, 1.0)
}

/// The printed lines, each with its moment in hundredths of a second.
fn lines(played: &Played) -> Vec<(u64, String)> {
    let lines = played.events().filter_map(|(_, event)| match event.kind {
        EventKind::Output { text, .. } => {
            Some((event.at.0 / 10_000_000, played.text(text).to_owned()))
        }
        _ => None,
    });
    lines.collect()
}

fn shows(played: &Played, expected: &[(u64, &str)]) {
    let lines = lines(played);
    let seen: Vec<(u64, &str)> = lines.iter().map(|(at, line)| (*at, &**line)).collect();
    assert_eq!(seen, expected);
}

/// A lock that `background` has until 1s, and that `f` wants at 0.01s.
const LOCK: &str = r#"
[[lock]]
name = "turn"
kind = "async"
[[function]]
name = "background"
body = [{ lock = "turn", do = [{ sleep = "1s" }, { print = "background lets go" }] }]
[[function]]
name = "work"
body = [{ lock = "turn", do = [{ print = "f has it" }, { sleep = "200ms" }, { print = "f lets go" }] }]
"#;

fn futurelock(arm: &str, then: &str) -> Played {
    let main = format!(
        r#"{{ spawn = "background", detach = true }}, {{ sleep = "10ms" }}, {{ create = "work", as = "f" }},
        {{ select = [{{ {arm} }}, {{ do = [{{ sleep = "500ms" }}], then = [
            {{ print = "other arm" }},
            {{ timeout = "2s", do = [{then}], else = [{{ print = "stuck" }}] }},
        ] }}] }}"#
    );
    play(LOCK, &main)
}

const LOCKS: &str = r#"{ lock = "turn", do = [{ print = "got it" }] }"#;

#[test]
fn a_loser_by_reference_keeps_its_place_and_is_not_polled() {
    let played = futurelock("by_ref = \"f\"", LOCKS);
    let stuck = [
        (51, "other arm"),
        (100, "background lets go"),
        (251, "stuck"),
    ];
    shows(&played, &stuck);
}

#[test]
fn a_loser_by_value_is_dropped() {
    let played = futurelock("do = [{ await = \"f\" }]", LOCKS);
    let got = [
        (51, "other arm"),
        (100, "background lets go"),
        (100, "got it"),
    ];
    shows(&played, &got);
}

#[test]
fn a_loser_by_reference_goes_on_where_it_is_awaited() {
    let then = format!("{{ await = \"f\" }}, {LOCKS}");
    let played = futurelock("by_ref = \"f\"", &then);
    let all = [
        (51, "other arm"),
        (100, "background lets go"),
        (100, "f has it"),
        (120, "f lets go"),
        (120, "got it"),
    ];
    shows(&played, &all);
}

const FETCH: &str = r#"
[[function]]
name = "fetch"
params = ["n"]
body = [{ print = "fetch {n}" }, { sleep = "{n}s" }, { print = "ok {n}" }, { return = "{n}" }]
"#;

fn buffered(how: &str) -> Played {
    let main = format!(
        r#"{{ buffered = ["fetch(3)", "fetch(1)", "fetch(2)"], at_once = 2{how}, into = "n", do = [{{ print = "body {{n}}" }}] }}"#
    );
    play(FETCH, &main)
}

#[test]
fn a_buffer_hands_results_on_in_the_order_of_the_calls() {
    // The second has ended at 1s and keeps its place until the first has: the third begins only then.
    let all = [
        (0, "fetch 3"),
        (0, "fetch 1"),
        (100, "ok 1"),
        (300, "ok 3"),
        (300, "body 3"),
        (300, "body 1"),
        (300, "fetch 2"),
        (500, "ok 2"),
        (500, "body 2"),
    ];
    shows(&buffered(""), &all);
}

#[test]
fn an_unordered_buffer_hands_results_on_as_they_come() {
    let all = [
        (0, "fetch 3"),
        (0, "fetch 1"),
        (100, "ok 1"),
        (100, "body 1"),
        (100, "fetch 2"),
        (300, "ok 3"),
        (300, "body 3"),
        (300, "ok 2"),
        (300, "body 2"),
    ];
    shows(&buffered(", unordered = true"), &all);
}

fn ticks(missed: &str, work: &str) -> Vec<u64> {
    let main = format!(
        r#"{{ interval = "100ms", as = "i"{missed} }}, {{ tick = "i" }}, {{ print = "t" }}, {{ tick = "i" }}, {{ print = "t" }},
        {{ {work} = "350ms" }}, {{ repeat = 5, do = [{{ tick = "i" }}, {{ print = "t" }}] }}"#
    );
    let played = play("", &main);
    lines(&played).into_iter().map(|(at, _)| at).collect()
}

#[test]
fn missed_ticks_come_as_the_interval_says() {
    for work in ["sleep", "block"] {
        assert_eq!(ticks("", work), [0, 10, 45, 45, 45, 50, 60]);
        let delay = ticks(", missed = \"delay\"", work);
        assert_eq!(delay, [0, 10, 45, 55, 65, 75, 85]);
        let skip = ticks(", missed = \"skip\"", work);
        assert_eq!(skip, [0, 10, 45, 50, 60, 70, 80]);
    }
}

/// What no language but Rust has is refused where the file is told in Python, too.
#[test]
fn what_asyncio_has_no_words_for_is_refused() {
    use loopscope::scenario::{Choices, FileName, load};
    let steps = [
        (
            r#"{ interval = "1s", as = "i" }, { tick = "i" }"#,
            "asyncio has no `interval`",
        ),
        (
            r#"{ buffered = ["fetch(1)"], do = [{ print = "x" }] }"#,
            "asyncio has no `buffered`",
        ),
        (
            r#"{ create = "fetch(1)", as = "f" }, { select = [{ by_ref = "f" }, { do = [{ sleep = "1s" }] }] }"#,
            "poll the coroutine `f` by reference",
        ),
    ];
    for (step, message) in steps {
        let source = format!(
            "title = \"t\"\n{FETCH}\n[[function]]\nname = \"main\"\nbody = [{step}]\n[[start]]\nrun = \"main\"\n"
        );
        let refused = load(
            &source,
            &FileName::default(),
            &Choices::default(),
            &loopscope::VOCABULARY,
        );
        let problems = refused.expect_err("it is refused").to_string();
        assert!(problems.contains(message), "{problems}");
    }
}
