//! Time and memory of a run have bounds, whatever its file says.

use std::sync::Arc;
use std::time::{Duration, Instant};

use loopscope::VOCABULARY;
use loopscope::engine::{self, Extras, Options};
use loopscope::scenario::{Choices, FileName, load};
use loopscope::timeline::{Timeline, explain};
use loopscope::trace::{Clock, EndReason};

/// A loop that never ends, of these steps, and a function `g` and others beside it. `v` is 0.
fn endless(steps: &str, others: &str) -> String {
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
