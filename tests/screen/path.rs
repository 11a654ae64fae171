//! What comes next, for made-up progress.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::sync::Arc;

use loopscope::protocol::menu::{Mark, MenuEntry};
use loopscope::protocol::path::next;
use loopscope::trace::Story;

/// Number, id, what it goes with, what is found in it.
const ROWS: [(&str, &str, &str, &str); 6] = [
    ("01", "one", "", ""),
    ("02", "block", "await", "blocked-loop"),
    ("03", "await", "block", ""),
    ("04", "many", "", "starved"),
    ("05", "json", "", "blocked-loop"),
    ("06", "late", "", "blocked-loop"),
];

fn rows() -> Vec<MenuEntry> {
    let rows = ROWS.iter().map(|(number, id, contrast, finding)| {
        let mut story = Story::default();
        let found = (!finding.is_empty()).then(|| (*finding).to_owned());
        story.expect.insights = found.into_iter().collect();
        MenuEntry {
            id: (*id).to_owned(),
            number: (*number).to_owned(),
            folder: "the loop".to_owned(),
            contrast: (!contrast.is_empty()).then(|| (*contrast).to_owned()),
            story: Some(Arc::new(story)),
            ..MenuEntry::default()
        }
    });
    let exercise = MenuEntry {
        id: "practice-loop-1".to_owned(),
        folder: "practice".to_owned(),
        ..MenuEntry::default()
    };
    rows.chain([exercise]).collect()
}

/// What comes next, with its reason.
fn after(marks: &str, behind: Option<&str>) -> String {
    let marks: BTreeMap<String, Mark> = marks
        .split_whitespace()
        .map(|mark| {
            let (id, sign) = mark.split_once('=').unwrap();
            let mark = match sign {
                "right" => Mark::Right,
                "wrong" => Mark::Wrong,
                _ => Mark::Seen,
            };
            (id.to_owned(), mark)
        })
        .collect();
    let rows = rows();
    let next = next(&rows, &marks, behind);
    next.map_or_else(String::new, |next| {
        format!("{}{}", next.entry.number, next.why.words())
    })
}

#[test]
fn a_wrong_prediction_leads_to_what_is_about_the_same() {
    let all = "one=right block=wrong await=right many=right json=right late=right";
    for (marks, behind, expected) in [
        ("", None, "01"),
        ("one=right", Some("one"), "02"),
        // What goes with it, whether it was right or wrong.
        ("block=right", Some("block"), "03, which goes with 02"),
        ("block=seen", Some("block"), "03, which goes with 02"),
        (
            "block=wrong",
            Some("block"),
            "03, because 02 was predicted wrong: the two go together",
        ),
        // Then what is found there, too, however the other one came out.
        (
            "block=wrong await=right",
            Some("await"),
            "05, because 02 was predicted wrong: both turn on the same",
        ),
        (
            "block=wrong await=wrong json=seen",
            None,
            "06, because 02 was predicted wrong: both turn on the same",
        ),
        // Two of them predicted right, and it goes on in the list, behind the one that was open.
        ("block=wrong await=right json=right", Some("json"), "06"),
        ("block=wrong await=right json=right", None, "01"),
        (
            "late=wrong",
            Some("late"),
            "02, because 06 was predicted wrong: both turn on the same",
        ),
        // The one that was open counts before others.
        (
            "block=wrong late=wrong await=seen",
            Some("late"),
            "05, because 06 was predicted wrong: both turn on the same",
        ),
        // All seen: what was wrong comes again, behind any other one.
        (all, Some("late"), "02, again: it was predicted wrong"),
        (all, Some("block"), ""),
        // Put right, it leads nowhere.
        ("block=right await=right", Some("await"), "04"),
    ] {
        assert_eq!(after(marks, behind), expected, "{marks} {behind:?}");
    }
}
