//! Time and memory of a run have bounds, whatever its file says.

use std::sync::Arc;
use std::time::{Duration, Instant};

use loopscope::VOCABULARY;
use loopscope::engine::{self, Extras, Options};
use loopscope::scenario::{Choices, FileName, load};
use loopscope::timeline::{Timeline, explain};
use loopscope::trace::{Clock, EndReason};

/// A loop that never ends, of these steps, and a function `g` and others beside it. `v` is 0; that no step writes
/// anything else into it is not known before the run.
fn endless(steps: &str, others: &str) -> String {
    let writes = "[[function]]\nname = \"w\"\nbody = [{ write = \"v\", value = 1 }]";
    certain(steps, &format!("{others}\n{writes}"))
}

/// The same; that `v` is always 0 is known.
fn certain(steps: &str, others: &str) -> String {
    format!(
        "title = \"t\"\nlimit = \"600s\"\n[[variable]]\nname = \"v\"\ninitial = 0\n{others}\n\
         [[function]]\nname = \"f\"\nbody = [{{ repeat = \"forever\", do = [{steps}] }}]\n\
         [[start]]\nrun = \"f\"\n"
    )
}

fn played(source: &str, clock: Clock, memory: Option<u64>) -> Timeline {
    let choices = Choices {
        clock,
        ..Choices::default()
    };
    let scenario = load(source, &FileName::default(), &choices, &VOCABULARY)
        .unwrap_or_else(|problems| panic!("{problems:?}"));
    let options = Options {
        speed: 1.0,
        seed: 0,
    };
    let extras = Extras {
        memory,
        ..Extras::default()
    };
    let mut timeline = Timeline::new(scenario.story.clone());
    let began = Instant::now();
    let run = engine::start_with(Arc::new(scenario), &options, extras).expect("it starts");
    while let Ok(batch) = run.batches().recv_timeout(Duration::from_secs(60)) {
        timeline.extend(batch);
        assert!(began.elapsed() < Duration::from_secs(120), "it ends");
    }
    timeline
}

/// Many rounds without any step, so that few events have to be kept until it is too much.
const ROUNDS: &str = "{ repeat = 100000, do = [] }";

#[test]
fn steps_that_take_no_time_end_a_computed_run() {
    let nap = "[[function]]\nname = \"g\"\nbody = [{ sleep = \"{v}s\" }]";
    let plain = "[[function]]\nname = \"g\"\nasync = false\nbody = [{ block = \"{v}s\" }]";
    let second = format!("[[loop]]\nname = \"second\"\n{nap}\non = \"second\"");
    let echo = "[[channel]]\nname = \"c\"\n[[channel]]\nname = \"d\"\n\
                [[function]]\nname = \"g\"\nbody = [{ repeat = \"forever\", do = [\
                { recv = \"c\", into = \"x\" }, { send = \"d\", value = \"{x}\" }] }]\n\
                [[start]]\nrun = \"g\"";
    let cases = [
        ("{ if = \"{v == 5}\", then = [{ sleep = \"1s\" }] }", ""),
        ("{ sleep = \"{v}s\" }", ""),
        ("{ block = \"{v}s\" }", ""),
        ("{ call = \"g\" }", nap),
        ("{ spawn = \"g\", as = \"t\" }, { await = \"t\" }", nap),
        ("{ spawn_blocking = \"g\" }", plain),
        ("{ block_on = \"g\", on = \"second\" }", &second),
        (
            "{ send = \"c\", value = 1 }, { recv = \"d\", into = \"x\" }",
            echo,
        ),
        (
            "{ select = [{ do = [{ sleep = \"{v}s\" }] }, { do = [{ sleep = \"1s\" }] }] }",
            "",
        ),
    ];
    for (steps, others) in cases {
        let source = endless(&format!("{steps}, {ROUNDS}"), others);
        let timeline = played(&source, Clock::Virtual, None);
        assert_eq!(timeline.ended(), Some(EndReason::Steps), "{steps}");
        let why = explain::unfinished(&timeline).unwrap_or_default();
        assert!(why.contains("none of them takes time"), "{why}");
    }
}

#[test]
fn steps_at_many_moments_are_no_end() {
    // Ten rounds of as many as two thirds of what one moment may have.
    let rounds = "{ repeat = 7, do = [{ repeat = 95000, do = [] }] }";
    let source = endless(&format!("{rounds}, {{ sleep = \"60s\" }}"), "");
    let timeline = played(&source, Clock::Virtual, None);
    assert_eq!(timeline.ended(), Some(EndReason::Limit));
}

#[test]
fn a_run_that_needs_too_much_memory_is_ended_on_both_clocks() {
    let most = 16 * 1024 * 1024;
    let source = endless("{ if = \"{v == 5}\", then = [{ sleep = \"1s\" }] }", "");
    for clock in [Clock::Real, Clock::Virtual] {
        let timeline = played(&source, clock, Some(most));
        assert_eq!(timeline.ended(), Some(EndReason::Memory), "{clock:?}");
        let why = explain::unfinished(&timeline).unwrap_or_default();
        assert!(why.contains("more memory than it may take"), "{why}");
        assert!(why.contains("the last one was `if` in f"), "{why}");
    }
}

#[test]
fn a_text_that_doubles_ends_a_run() {
    let longer = "{ write = \"v\", value = \"{v}{v}\" }, { sleep = \"1ms\" }";
    for clock in [Clock::Real, Clock::Virtual] {
        let timeline = played(&endless(longer, ""), clock, None);
        assert_eq!(timeline.ended(), Some(EndReason::Memory), "{clock:?}");
    }
}

#[test]
fn the_real_clock_ends_rounds_without_steps_at_the_limit() {
    let source = endless(&format!("{ROUNDS}, {{ sleep = \"{{v}}s\" }}"), "");
    let source = source.replace("600s", "100ms");
    let timeline = played(&source, Clock::Real, None);
    assert_eq!(timeline.ended(), Some(EndReason::Limit));
}

/// What `f` of [`certain`] may name.
const BESIDE: &str = r#"
[[channel]]
name = "own"
[[channel]]
name = "slot"
keep = "newest"
[[channel]]
name = "other"
[[lock]]
name = "free"
[[lock]]
name = "taken"
[[function]]
name = "quick"
body = [{ print = "q" }]
[[function]]
name = "slow"
body = [{ sleep = "1s" }]
[[function]]
name = "plain"
async = false
body = [{ block = "0s" }]
[[function]]
name = "feeds"
body = [{ lock = "taken", do = [{ sleep = "2s" }] }, { repeat = 50, do = [{ send = "other", value = 1 }, { sleep = "1s" }] }]
[[start]]
run = "feeds"
"#;

/// Steps that never take time.
const QUICK: &[&str] = &[
    "{ print = \"x\" }",
    "{ yield = true }",
    "{ sleep = \"0s\" }",
    "{ cpu = \"0s\" }",
    "{ sleep = \"{v}s\" }",
    "{ send = \"slot\", value = 1 }",
    "{ send = \"own\", value = 1 }, { recv = \"own\" }",
    "{ spawn = \"quick\", as = \"t\" }, { await = \"t\" }",
    "{ spawn = \"slow\", detach = true }",
    "{ create = \"slow\", as = \"c\" }",
    "{ call = \"quick\" }",
    "{ gather = [\"quick\", \"quick\"] }",
    "{ spawn_blocking = \"plain\" }",
    "{ spawn_blocking = [{ block = \"1s\" }], detach = true }",
    "{ if = \"{v == 5}\", then = [{ sleep = \"1s\" }] }",
    "{ if = \"{v == 0}\", then = [], else = [{ sleep = \"1s\" }] }",
    "{ if = \"{v == 5}\", then = [{ return = true }] }",
    "{ timeout = \"1s\", do = [{ yield = true }] }",
    "{ lock = \"free\", do = [{ print = \"l\" }] }",
    "{ repeat = 3, do = [{ print = \"r\" }] }",
    "{ select = [{ do = [{ print = \"s\" }] }, { do = [{ sleep = \"1s\" }] }] }",
];

/// Steps by which time passes, or the loop ends.
const LONG: &[&str] = &[
    "{ sleep = \"1s\" }",
    "{ cpu = \"1s\" }",
    "{ sleep = \"{v + 1}s\" }",
    "{ recv = \"other\" }",
    "{ spawn = \"slow\", as = \"s\" }, { await = \"s\" }",
    "{ call = \"slow\" }",
    "{ join = [\"quick\", \"slow\"] }",
    "{ spawn_blocking = [{ block = \"1s\" }] }",
    "{ if = \"{v == 0}\", then = [{ sleep = \"1s\" }] }",
    "{ if = \"{v == 5}\", then = [], else = [{ return = true }] }",
    "{ lock = \"taken\", do = [] }, { if = \"{v == 0}\", then = [{ return = true }] }",
    "{ select = [{ do = [{ sleep = \"1s\" }] }, { do = [{ recv = \"other\" }] }] }",
];

fn is_refused(source: &str) -> bool {
    let choices = Choices::default();
    match load(source, &FileName::default(), &choices, &VOCABULARY) {
        Ok(_) => false,
        Err(problems) => {
            let codes: Vec<&str> = problems.list.iter().map(|one| one.code).collect();
            assert_eq!(codes, ["endless"], "{}", problems.render(false));
            true
        }
    }
}

/// How the same loop ends where the file does not tell that it takes no time.
fn ends(steps: &str) -> Option<EndReason> {
    let late = "{ if = \"{v == 5}\", then = [{ sleep = \"1s\" }] }";
    let source = endless(&format!("{steps}, {late}, {ROUNDS}"), BESIDE);
    let main = source.replace("run = \"f\"", "run = \"f\"\nmain = true");
    played(&main, Clock::Virtual, None).ended()
}

/// As a file of one's own would have it.
fn file(steps: &str) -> String {
    certain(steps, BESIDE).replace("run = \"f\"", "run = \"f\"\nmain = true")
}

#[test]
fn a_loop_is_refused_where_no_time_passes_in_it_and_only_there() {
    for steps in QUICK {
        assert!(is_refused(&file(steps)), "{steps}");
        assert_eq!(ends(steps), Some(EndReason::Steps), "{steps}");
    }
    for steps in LONG {
        assert!(!is_refused(&file(steps)), "{steps}");
        let ended = played(&file(steps).replace("600s", "3s"), Clock::Virtual, None).ended();
        let right = matches!(ended, Some(EndReason::Limit | EndReason::Finished));
        assert!(right, "{steps}: {ended:?}");
    }
}

#[test]
fn several_steps_are_refused_together_where_each_would_be() {
    // Made of a row of numbers, so that each run tries the same.
    let mut seed: usize = 12_345;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345) % (1 << 31);
        (seed >> 8) % most
    };
    let around = [
        "{}",
        "{ timeout = \"5s\", do = [{}] }",
        "{ repeat = 2, do = [{}] }",
        "{ if = \"{v == 0}\", then = [{}] }",
    ];
    for _ in 0..200 {
        let (one, other) = (next(QUICK.len()), next(QUICK.len()));
        let (wrapped, long) = (around[next(around.len())], next(4) == 0);
        // A job may have to wait for the thread of another one.
        let both_jobs = [one, other]
            .iter()
            .all(|&place| QUICK[place].contains("spawn_blocking"));
        if one == other || both_jobs {
            continue;
        }
        let last = if long { ", { sleep = \"1s\" }" } else { "" };
        let inner = format!("{}{last}", QUICK[other]);
        let steps = format!("{}, {}", QUICK[one], wrapped.replace("{}", &inner));
        assert_eq!(is_refused(&file(&steps)), !long, "{steps}");
        let limited = file(&steps).replace("600s", "3s");
        if long {
            assert_eq!(
                played(&limited, Clock::Virtual, None).ended(),
                Some(EndReason::Limit),
                "{steps}"
            );
        }
    }
}

#[test]
fn what_depends_on_values_or_on_others_is_stopped_and_not_refused() {
    let writes = "[[function]]\nname = \"w\"\nbody = [{ write = \"v\", value = 1 }]\n[[start]]\nrun = \"w\"\n";
    let turn = "[[function]]\nname = \"turns\"\nbody = [{ repeat = \"forever\", do = [{ yield = true }] }]\n";
    let until = |source: String| {
        source.replace(
            "do = [{ yield = true }]",
            "do = [{ yield = true }], until = \"{v > 0}\"",
        )
    };
    let counts =
        "{ write = \"v\", value = \"{v + 1}\" }, { if = \"{v == 9}\", then = [{ return = true }] }";
    let lost = format!("{turn}[[start]]\nrun = \"turns\"\n");
    let raced = "{ select = [{ do = [{ call = \"turns\" }] }, { do = [{ print = \"first\" }] }] }, { if = \"{v == 0}\", then = [{ return = true }] }";
    let cases = [
        // Another task ends it without time passing.
        (
            until(certain("{ yield = true }", writes)),
            EndReason::Finished,
        ),
        (certain(counts, ""), EndReason::Finished),
        // Main ends, and what only gives way with it.
        (
            certain("{ if = \"{v == 0}\", then = [{ return = true }] }", &lost)
                .replace("run = \"f\"", "run = \"f\"\nmain = true"),
            EndReason::Finished,
        ),
        (certain(raced, turn), EndReason::Finished),
        // Another loop works while this one gives way to it.
        (
            certain("{ cpu = \"1s\" }, { yield = true }", &lost),
            EndReason::Limit,
        ),
    ];
    for (source, end) in cases {
        assert!(!is_refused(&source), "{source}");
        assert_eq!(
            played(&source, Clock::Virtual, None).ended(),
            Some(end),
            "{source}"
        );
    }
    // The same `until`, and nothing that could make it hold.
    assert!(is_refused(&until(certain("{ yield = true }", ""))));
}
