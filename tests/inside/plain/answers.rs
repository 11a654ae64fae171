//! Answers, hands and knobs, as they are typed.

use super::{choose, opened, over, runs, says};
use crate::plain::state::Action;
use loopscope_protocol::menu::{Mark, Remember};
use loopscope_trace::{Answer, How, Quantity, Question, Tally};

#[test]
fn an_order_is_typed_as_numbers() {
    let order = Question {
        how: How::Order,
        lines: ["a", "b", "c"].map(str::to_owned).into(),
        ..Question::default()
    };
    for typed in ["3 1 2", "3,1,2", "312", " 3 , 1 2"] {
        let mut dialogue = opened(vec![order.clone()]);
        let answers = runs(&dialogue.line(typed));
        let lines = ["c", "a", "b"].map(str::to_owned).into();
        assert_eq!(answers.of(0).unwrap().answers, [Answer::Lines(lines)]);
    }
    for (typed, wrong) in [
        ("1 2", "3 is missing"),
        ("1 1 2", "3 is missing"),
        ("1 2 3 3", "3 in all"),
        ("0 1 2 3", "3 in all"),
        ("99999999999999999999", "1, 2, 3 are missing"),
    ] {
        says(&opened(vec![order.clone()]).line(typed), wrong);
    }
}

#[test]
fn a_number_is_typed() {
    let number = Question {
        how: How::Number,
        ..Question::default()
    };
    for (typed, meant) in [
        ("10", 10.0),
        ("2.5s", 2.5),
        ("2,5", 2.5),
        ("3 seconds", 3.0),
        ("500ms", 0.5),
        ("500 milliseconds", 0.5),
    ] {
        let mut dialogue = opened(vec![number.clone()]);
        let answers = runs(&dialogue.line(typed));
        assert_eq!(answers.of(0).unwrap().answers, [Answer::Number(meant)]);
    }
    for typed in ["-1", "5m", "99999999"] {
        let turn = opened(vec![number.clone()]).line(typed);
        says(&turn, "is no number here; expected is a length of time");
    }
    for typed in ["inf", "nan"] {
        says(&opened(vec![number.clone()]).line(typed), "is no answer");
    }
    let lines = Question {
        number: Quantity::Lines,
        ..number.clone()
    };
    says(&opened(vec![lines.clone()]).line("1"), "You said 1 line.");
    says(&opened(vec![lines]).line("4.5"), "a whole number of lines");
    let variable = Question {
        number: Quantity::Variable("count".to_owned()),
        ..number
    };
    let answers = runs(&opened(vec![variable]).line("-2"));
    assert_eq!(answers.of(0).unwrap().answers, [Answer::Number(-2.0)]);
}

#[test]
fn hands_are_counted_in_two_rounds_and_told_at_the_result() {
    let mut dialogue = opened(vec![choose(false)]);
    says(
        &dialogue.line("hands 3"),
        "hands and a number for each of the 2 answers",
    );
    says(&dialogue.line("hands 3 x"), "hands and a number for each");
    let counted = dialogue.line("Hands 20 10");
    says(&counted, "30 hands counted, before the discussion.");
    says(
        &dialogue.line("hands 5 25"),
        "30 hands counted, after the discussion.",
    );
    let answers = runs(&dialogue.line("2"));
    let tallies = [Tally(vec![20, 10]), Tally(vec![5, 25])];
    assert_eq!(answers.of(0).unwrap().tallies, tallies);
    let result = over(&mut dialogue);
    says(&result, "1. this: 20, then 5");
    says(&result, "2. that: 10, then 25, the right one");
    says(&dialogue.line("hands 5 99999"), "More than 9999 hands");
    let Some(Action::Keep(answers)) = dialogue.line("hands 6 24").action else {
        panic!("the recording does not hear of them");
    };
    assert_eq!(answers.of(0).unwrap().tallies[1], Tally(vec![6, 24]));
}

#[test]
fn a_second_answer_stands_beside_the_first() {
    let mut dialogue = opened(vec![choose(false)]);
    says(&dialogue.line("first 1"), "Kept as your first answer");
    let answers = runs(&dialogue.line("2"));
    assert_eq!(
        answers.of(0).unwrap().answers,
        [Answer::Option(0), Answer::Option(1)]
    );
    let result = over(&mut dialogue);
    says(&result, "First you said this.");
}

#[test]
fn knobs_are_turned_within_their_bounds() {
    let mut dialogue = opened(Vec::new());
    says(
        &dialogue.line("requests=10"),
        "requests is a whole number from 1 to 9.",
    );
    says(
        &dialogue.line("request=1"),
        "No knob is called request: it has requests.",
    );
    says(
        &dialogue.line("requests = 9"),
        "requests is 9 from the next run on.",
    );
    let Some(Action::Run { knobs, .. }) = dialogue.line("").action else {
        panic!("it does not run");
    };
    assert_eq!(knobs, [("requests".to_owned(), 9)]);
}

#[test]
fn of_two_predictions_both_have_to_come_true() {
    for (second, mark) in [("2", Mark::Right), ("1", Mark::Wrong)] {
        let mut dialogue = opened(vec![choose(false), choose(false)]);
        dialogue.line("2");
        runs(&dialogue.line(second));
        let Some(Remember::Ended { mark: kept, .. }) = over(&mut dialogue).remember else {
            panic!("nothing is remembered");
        };
        assert_eq!(kept, mark);
    }
}

#[test]
fn with_turned_knobs_nobody_says_which_hands_are_right() {
    let mut dialogue = opened(vec![choose(false)]);
    dialogue.line("hands 3 4");
    let open = dialogue.open.as_mut().unwrap();
    open.story.knobs[0].value = 9;
    runs(&dialogue.line(""));
    let result = over(&mut dialogue);
    assert!(
        result.lines.contains(&"2. that: 4".to_owned()),
        "{result:#?}"
    );
}
