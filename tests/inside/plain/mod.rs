//! The dialogue as data.
//!
//! *In:* typed lines. *Out:* lines and wishes. *Invariant:* no process, no terminal, no clock.
//! *Absent on purpose:* the real binary (`tests/program/plain.rs`).

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod answers;
use crate::plain::state::{Action, Dialogue, Turn};
use loopscope_protocol::menu::{Mark, MenuEntry, Progress, Remember};
use loopscope_timeline::Timeline;
use loopscope_trace::{
    Answer, Answered, Answers, Choice, EndReason, Event, EventKind, Function, Knob, Nanos,
    Question, Story, Trace,
};

fn entry(number: &str, id: &str, folder: &str) -> MenuEntry {
    MenuEntry {
        id: id.to_owned(),
        number: number.to_owned(),
        folder: folder.to_owned(),
        title: format!("about {id}"),
        story: None,
        search: format!("{number} {id} time.sleep").into(),
        ..MenuEntry::default()
    }
}

fn menu() -> Dialogue {
    let entries = vec![
        entry("01", "first", "the loop"),
        entry("02", "second", "the loop"),
        entry("03", "third", "the pool"),
        entry("", "mine", "yours"),
    ];
    Dialogue::new(entries, Progress::default())
}

fn option(say: &str, right: bool) -> Choice {
    Choice {
        say: say.to_owned(),
        reply: Some(format!("reply to {say}")),
        right,
        ..Choice::default()
    }
}

fn choose(after: bool) -> Question {
    Question {
        ask: "Which?".to_owned(),
        after,
        options: vec![option("this", false), option("that", true)],
        ..Question::default()
    }
}

fn story(questions: Vec<Question>) -> Story {
    Story {
        id: "second".to_owned(),
        number: "02".to_owned(),
        title: "about second".to_owned(),
        contrast: Some("third".to_owned()),
        functions: vec![Function::default()],
        knobs: vec![Knob {
            name: "requests".to_owned(),
            value: 2,
            default: 2,
            min: 1,
            max: 9,
        }],
        questions,
        ..Story::default()
    }
}

fn opened(questions: Vec<Question>) -> Dialogue {
    let mut dialogue = menu();
    dialogue.opened(story(questions), &[]);
    dialogue
}

fn over(dialogue: &mut Dialogue) -> Turn {
    let ended = EventKind::RunEnded {
        reason: EndReason::Finished,
    };
    let mut trace = Trace::new(dialogue.open.as_ref().unwrap().story.clone());
    trace.events.push(Event {
        at: Nanos::ZERO,
        kind: ended,
    });
    dialogue.ended(&Timeline::from_trace(trace))
}

fn says(turn: &Turn, words: &str) {
    assert!(
        turn.lines.iter().any(|line| line.contains(words)),
        "{words:?} in {turn:#?}"
    );
}

fn opens(turn: &Turn, id: &str) {
    assert_eq!(turn.action, Some(Action::Open(id.to_owned())), "{turn:#?}");
}

/// The answers with which it runs.
fn runs(turn: &Turn) -> Answers {
    match &turn.action {
        Some(Action::Run { answers, .. }) => answers.clone(),
        other => panic!("it does not run: {other:?} in {turn:#?}"),
    }
}

#[test]
fn the_menu_opens_by_number_name_and_empty_line() {
    for (typed, id) in [
        ("2", "second"),
        ("02", "second"),
        ("third", "third"),
        ("mine", "mine"),
        ("", "second"),
        ("my/own.toml", "my/own.toml"),
    ] {
        opens(&menu().line(typed), id);
    }
}

#[test]
fn the_menu_tells_folders_then_one_of_them() {
    let mut dialogue = menu();
    let lines = dialogue.welcome();
    assert_eq!(lines[2], "a. the loop: 2 scenarios, 1 to 2");
    assert_eq!(lines[4], "c. yours: 1 scenario");
    for typed in ["a", "the loop", "loop"] {
        says(&dialogue.line(typed), "2. about second (second)");
    }
    says(&dialogue.line("c"), "mine: about mine");
}

#[test]
fn finding_tells_what_has_the_words() {
    let mut dialogue = menu();
    let found = dialogue.line("/ TIME.sleep");
    assert_eq!(found.lines[0], "4 scenarios have \"TIME.sleep\":");
    says(&dialogue.line("/xyz"), "No scenario has \"xyz\"");
    says(&dialogue.line("/"), "such as / time.sleep");
}

#[test]
fn an_unknown_word_gets_one_sentence_and_the_prompt_again() {
    let mut before = opened(vec![choose(false)]);
    let mut after = opened(vec![choose(true)]);
    over(&mut after);
    for (dialogue, words) in [
        (&mut menu(), "means nothing here"),
        (&mut before, "is no answer. Type the number"),
        (&mut after, "is no answer. Type the number"),
    ] {
        let prompt = dialogue.prompt();
        let turn = dialogue.line("wat\u{1b}[2J");
        assert_eq!((turn.lines.len(), &turn.action), (1, &None), "{turn:?}");
        says(&turn, words);
        assert_eq!(dialogue.prompt(), prompt);
    }
}

#[test]
fn an_answer_runs_and_an_empty_line_runs_without() {
    let mut dialogue = opened(vec![choose(false), choose(true)]);
    assert_eq!(dialogue.prompt(), "Your prediction");
    says(&dialogue.line("3"), "There is no answer 3: 1 to 2.");
    let turn = dialogue.line("2");
    says(&turn, "You said 2, that.");
    let said = runs(&turn).of(0).unwrap().clone();
    assert_eq!(said.answers, [Answer::Option(1)]);
    let mut dialogue = opened(vec![choose(false)]);
    assert!(runs(&dialogue.line("")).is_empty());
}

#[test]
fn after_the_run_why_is_asked_and_answered() {
    let mut dialogue = opened(vec![choose(false), choose(true)]);
    dialogue.line("1");
    let result = over(&mut dialogue);
    says(&result, "reply to this");
    says(&result, "Question: Which?");
    assert_eq!(dialogue.prompt(), "Your reason");
    let turn = dialogue.line("1");
    says(&turn, "reply to this");
    says(&turn, "The answer is 2, that.");
    says(&turn, "Next is 3, third");
    let said = Answered {
        answers: vec![Answer::Option(0)],
        tallies: Vec::new(),
    };
    let answers = Answers(vec![said.clone(), said]);
    assert_eq!(turn.action, Some(Action::Keep(answers)));
    assert_eq!(dialogue.prompt(), "What next");
}

#[test]
fn from_the_end_every_way_leads_on() {
    let end = || {
        let mut dialogue = opened(vec![choose(false)]);
        dialogue.line("1");
        over(&mut dialogue);
        dialogue
    };
    for (typed, id) in [
        ("", "third"),
        ("v", "third"),
        ("n", "third"),
        ("1", "first"),
    ] {
        opens(&end().line(typed), id);
    }
    let again = runs(&end().line("again"));
    assert_eq!(again.of(0).unwrap().answers, [Answer::Option(0)]);
    let mut dialogue = end();
    says(&dialogue.line("ask"), "Prediction: Which?");
    assert_eq!(dialogue.prompt(), "Your prediction");
    let mut dialogue = end();
    dialogue.line("m");
    assert_eq!(dialogue.prompt(), "Menu");
    assert_eq!(end().line("Q").action, Some(Action::Quit));
}

#[test]
fn help_names_every_word_that_is_understood_there() {
    for (mut dialogue, words) in [
        (menu(), &["a letter", "/ and words", "q: quits"][..]),
        (
            opened(vec![choose(false)]),
            &["first and an answer", "hands", "c: the code", "all:"],
        ),
    ] {
        for typed in ["?", "help"] {
            let turn = dialogue.line(typed);
            words.iter().for_each(|word| says(&turn, word));
        }
    }
}

#[test]
fn what_was_opened_and_how_it_came_out_is_remembered() {
    let mut dialogue = menu();
    let turn = dialogue.opened(story(vec![choose(false)]), &[]);
    assert_eq!(turn.remember, Some(Remember::Opened("second".to_owned())));
    dialogue.line("2");
    let turn = over(&mut dialogue);
    let remembered = Remember::Ended {
        scenario: "second".to_owned(),
        mark: Mark::Right,
        prediction: Some("that".to_owned()),
    };
    assert_eq!(turn.remember, Some(remembered));
    dialogue.line("m");
    says(
        &dialogue.line("a"),
        "2. about second (second), predicted right",
    );
}

#[test]
fn an_empty_line_leads_to_where_one_was_last() {
    let progress = Progress {
        last: Some("third".to_owned()),
        ..Progress::default()
    };
    let mut dialogue = Dialogue::new(menu().menu, progress);
    opens(&dialogue.line(""), "third");
}
