//! What people answer, and how it is counted.

use loopscope::trace::{Answer, Choice, Quantity, Question, Tally};

#[test]
fn a_tally_grows_to_the_option_that_is_counted() {
    let mut tally = Tally::default();
    tally.set(2, 7);
    assert_eq!((tally.of(0), tally.of(2), tally.of(9)), (0, 7, 0));
    assert_eq!(tally.all(), 7);
}

#[test]
fn a_number_means_the_option_that_is_near() {
    let option = |number| Choice {
        number: Some(number),
        ..Choice::default()
    };
    let question = Question {
        options: vec![option(5.0), option(10.0)],
        ..Question::default()
    };
    let meant = |number| question.option_of(&Answer::Number(number)).cloned();
    assert_eq!(meant(10.2), Some(option(10.0)));
    assert_eq!(meant(7.0), None);
    let counted = Question {
        number: Quantity::Lines,
        ..question.clone()
    };
    assert_eq!(counted.option_of(&Answer::Number(9.0)), None);
    assert_eq!(
        counted.option_of(&Answer::Number(10.0)),
        Some(&option(10.0))
    );
}
