//! Answers while they are typed, put into order, and counted in the room.

use loopscope::protocol::reply::Round;
use loopscope::trace::{Answers, Choice, Quantity, Question, Story, Tally};
use loopscope::tui::session::asking::{Draft, number, written};
use loopscope::tui::session::votes::{Votes, any, summary, take};

#[test]
fn a_length_is_typed_in_seconds_or_milliseconds() {
    let read = |typed| number(&Quantity::Elapsed, typed);
    for (typed, seconds) in [
        ("5", 5.0),
        ("5s", 5.0),
        ("500ms", 0.5),
        (".5", 0.5),
        ("0,5s", 0.5),
    ] {
        assert!((read(typed).unwrap() - seconds).abs() < 1e-12, "{typed}");
    }
    for typed in ["", "s", "ms", "1..5", "5sm", "-1", "99999999", "5m"] {
        let sentence = read(typed).unwrap_err();
        assert!(sentence.contains("5, 0.5, 5s or 500ms"), "{sentence}");
    }
}

#[test]
fn lines_are_whole_and_variables_may_be_less_than_nothing() {
    assert_eq!(number(&Quantity::Lines, "4"), Ok(4.0));
    assert!(number(&Quantity::Lines, "4.5").is_err());
    assert!(number(&Quantity::Lines, "4s").is_err());
    assert_eq!(number(&Quantity::Variable("id".into()), "-2"), Ok(-2.0));
}

#[test]
fn what_was_said_is_read_again_as_it_is_written() {
    for seconds in [5.0, 0.25, 10.01, 0.0] {
        let typed = written(&Quantity::Elapsed, seconds);
        assert_eq!(number(&Quantity::Elapsed, &typed), Ok(seconds), "{typed}");
    }
}

#[test]
fn a_carried_line_takes_the_cursor_along_and_none_is_lost() {
    let lines = || ["a", "b", "c"].map(str::to_owned).to_vec();
    let mut draft = Draft::Lines {
        lines: lines(),
        cursor: 2,
    };
    draft.carry(0);
    let Draft::Lines { lines: now, cursor } = &draft else {
        unreachable!()
    };
    assert_eq!((now.join(""), *cursor), ("cab".to_owned(), 0));
    draft.carry(9);
    let Draft::Lines { lines: now, cursor } = &draft else {
        unreachable!()
    };
    assert_eq!((now.join(""), *cursor), ("abc".to_owned(), 2));
    let mut none = Draft::Lines {
        lines: Vec::new(),
        cursor: 0,
    };
    none.carry(1);
    none.step(1, 0);
    assert_eq!(
        none,
        Draft::Lines {
            lines: Vec::new(),
            cursor: 0
        }
    );
}

fn story() -> Story {
    Story {
        questions: vec![
            Question {
                options: vec![Choice::default(), Choice::default()],
                ..Question::default()
            },
            Question::default(),
        ],
        ..Story::default()
    }
}

fn votes(question: usize, round: Round, hands: &[u32]) -> Votes {
    Votes {
        question,
        round,
        tally: Tally(hands.to_vec()),
    }
}

#[test]
fn a_count_takes_the_place_of_its_round_only() {
    let (story, mut answers) = (story(), Answers::default());
    assert!(take(&mut answers, &story, votes(0, Round::Before, &[3, 4])));
    assert!(take(&mut answers, &story, votes(0, Round::After, &[1, 6])));
    assert!(take(&mut answers, &story, votes(0, Round::Before, &[5])));
    assert_eq!(summary(&answers, 0).unwrap(), "hands 5, then 7");
    assert!(!take(
        &mut answers,
        &story,
        votes(0, Round::Before, &[5, 0])
    ));
}

#[test]
fn hands_for_what_does_not_exist_are_left_out() {
    let (story, mut answers) = (story(), Answers::default());
    assert!(!take(&mut answers, &story, votes(1, Round::Before, &[9])));
    assert!(!take(&mut answers, &story, votes(7, Round::Before, &[9])));
    assert!(!take(&mut answers, &story, votes(0, Round::After, &[])));
    assert!(take(
        &mut answers,
        &story,
        votes(0, Round::After, &[1, 2, 90_000])
    ));
    assert_eq!(summary(&answers, 0).unwrap(), "hands 3 after");
    assert!(!any(&answers, 1));
}

#[test]
fn hands_that_were_taken_back_were_never_counted() {
    let (story, mut answers) = (story(), Answers::default());
    take(&mut answers, &story, votes(0, Round::Before, &[3]));
    assert!(take(&mut answers, &story, votes(0, Round::Before, &[0])));
    assert!(answers.of(0).is_some_and(|said| said.tallies.is_empty()));
}
