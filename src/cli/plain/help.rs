//! What can be typed where one is, and what the words mean.

use super::dialogue::{Dialogue, Place};
use loopscope_timeline::State;

/// What can be typed here, a line each.
pub(super) fn lines(dialogue: &Dialogue) -> Vec<String> {
    let here: &[&str] = match dialogue.place {
        Place::Menu => &[
            "a letter: the scenarios of that folder.",
            "a number or a name: opens that scenario. The path of a .toml file opens that file.",
            "an empty line: opens the one that was named last.",
        ],
        Place::Before(place) if dialogue.question(place).is_some() => &[
            "an answer: keeps it and runs the scenario.",
            "an empty line, or run: runs it without a guess.",
            "first and an answer: keeps it as your first answer; talk it over, then answer again.",
            "hands and a number for each answer: counts the hands of a class, told at the result. A second time counts them again.",
        ],
        Place::Before(_) => &["an empty line, or run: runs it."],
        Place::Why(_) => &[
            "an answer: you hear what is said to it.",
            "an empty line: goes on.",
        ],
        Place::End => &[
            "again: runs it once more. ask: asks the question again.",
            "v: the scenario that it goes with. n: the next one in the list.",
            "a number or a name: opens that scenario.",
        ],
    };
    let anywhere: &[&str] = &[
        "m: the menu. / and words: finds scenarios. words: what the words mean.",
        "all: tells every event from the next run on; short: only what a listener needs.",
        "q: quits. Ctrl-C stops a run; without a run it quits.",
    ];
    let scenario: &[&str] = match dialogue.place {
        Place::Menu => &[],
        _ => &[
            "c: the code in the other language. k: the knobs. NAME=NUMBER: turns a knob for the next run.",
        ],
    };
    let all = here.iter().chain(scenario).chain(anywhere);
    let mut lines = vec!["You can type:".to_owned()];
    lines.extend(all.map(|line| (*line).to_owned()));
    lines
}

/// What the words mean, a line each.
pub(super) fn words() -> Vec<String> {
    let mut lines = vec![
        "task: one coroutine that the loop runs, turn by turn.".to_owned(),
        "loop: one thread that runs tasks in turn.".to_owned(),
        "pool: threads for blocking work, such as a plain def.".to_owned(),
        "accept: the server's own task that lets requests in.".to_owned(),
        "heartbeat: a small task that loopscope adds; where it cannot run, nobody else can either."
            .to_owned(),
    ];
    let states = State::ALL.iter().filter(|state| **state != State::Unknown);
    lines.extend(states.map(|state| format!("{}: {}", state.word(), state.help())));
    lines
}
