//! Exercises: each number gives a good one.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Instant;

use super::*;
use loopscope_timeline::verdict;
use loopscope_trace::Answer;

/// Where the numbers of more exercises stand.
const NUMBERS: &str = "LOOPSCOPE_SEEDS";
/// As few as the normal suite has time for.
const FEW: Range<u64> = 1..3;

fn wanted() -> Range<u64> {
    let wanted = std::env::var(NUMBERS).ok();
    let ends = wanted
        .as_deref()
        .and_then(|numbers| numbers.split_once(".."));
    ends.map_or(FEW, |(from, to)| {
        from.parse().expect("a number")..to.parse().expect("a number")
    })
}

#[test]
fn some_of_the_locks_are_about_a_number_that_all_change() {
    let texts: Vec<String> = (1..9).filter_map(|it| text(Topic::Locks, it)).collect();
    let shared = texts.iter().filter(|text| text.contains("[[variable]]"));
    let shared = shared.count();
    assert!((1..texts.len()).contains(&shared), "{shared}");
    println!("{shared} of {}", texts.len());
}

#[test]
fn each_number_gives_a_good_exercise() {
    for topic in Topic::ALL {
        let began = Instant::now();
        let mut different = BTreeSet::new();
        for number in wanted() {
            let text = text(topic, number).unwrap_or_else(|| panic!("none: {topic:?} {number}"));
            good(topic, &text);
            different.insert(text);
        }
        println!("{topic:?}: {} in {:?}", different.len(), began.elapsed());
    }
}

/// It loads, and its run gives one of its answers, in each language.
fn good(topic: Topic, text: &str) {
    for (place, language) in topic.languages().iter().enumerate() {
        let ready = scenario(text, *language).unwrap_or_else(|| panic!("{text}"));
        let listing = ready.story.listing(*language).expect("it is told");
        assert!(place > 0 || is_short(listing), "{text}");
        let came = play(&ready, None).expect("it ends");
        let [asked] = came.timeline.story().questions.as_slice() else {
            panic!("one question\n{text}");
        };
        assert!((3..=4).contains(&asked.options.len()), "{text}");
        let says: BTreeSet<&str> = asked.options.iter().map(|it| it.say.as_str()).collect();
        assert_eq!(says.len(), asked.options.len(), "{text}");
        for (place, option) in asked.options.iter().enumerate() {
            let answer = option.number.map_or(Answer::Option(place), Answer::Number);
            let verdict = verdict(&came.timeline, 0, &answer).expect("an answer");
            assert_eq!(verdict.right, Some(option.right), "{}\n{text}", option.say);
        }
    }
}
