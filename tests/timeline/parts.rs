//! Small laws of what a timeline is made of.

use std::sync::Arc;

use crate::common::stories;
use crate::common::traces::Play;
use loopscope::timeline::explain::anchor;
use loopscope::timeline::{Timeline, Vector};
use loopscope::trace::Anchor;

#[test]
fn a_copy_keeps_what_it_saw_and_shares_the_rest() {
    let entry = |number: i32| Arc::new(number);
    let mut list = Vector::default();
    for number in 0..100 {
        list.push(entry(number));
    }
    let copy = list.clone();
    let first = Arc::strong_count(&list[0]);
    list[70] = entry(7);
    list.push(entry(100));
    assert_eq!((*copy[70], *list[70]), (70, 7));
    assert_eq!((copy.len(), list.len()), (100, 101));
    // What stands far from the two changes is there once, for both.
    assert_eq!((first, Arc::strong_count(&list[0])), (1, 1));
    assert_ne!(copy, list);
    assert!(copy.iter().map(|entry| **entry).eq(0..100));
}

#[test]
fn an_anchor_is_written_as_in_a_file() {
    let output = |nth| Anchor::Output {
        text: Some("bye".to_owned()),
        nth,
    };
    assert_eq!(anchor(&output(2)), "second output \"bye\"");
    assert_eq!(anchor(&output(21)), "21st output \"bye\"");
    assert_eq!(anchor(&Anchor::Answered { nth: 12 }), "12th answer");
    assert_eq!(anchor(&Anchor::End), "end");
}

#[test]
fn letters_go_on_after_z() {
    let mut play = Play::server(stories::shared());
    for request in 0..703 {
        play.request(200 + u64::from(request), request, 0, "/ping");
    }
    let timeline = Timeline::from_trace(play.done(2_000));
    let letters: Vec<&str> = timeline
        .lanes()
        .iter()
        .map(|lane| lane.letter.as_str())
        .filter(|letter| !letter.is_empty())
        .collect();
    let some = [0, 25, 26, 27, 51, 52, 701, 702].map(|place| letters[place]);
    assert_eq!(some, ["A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
}
