//! What comes next, for made-up progress.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::sync::Arc;

use loopscope::protocol::menu::{Mark, MenuEntry};
use loopscope::protocol::path::next;
use loopscope::trace::Story;
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;

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

/// A menu over the rows, with these predicted wrong, and the cursor on the exercise.
fn menu(wrong: &[&str]) -> Model {
    let mut model = Model::new(rows(), Palette::Dark, &Settings::default());
    for id in wrong {
        model.marks.insert((*id).to_owned(), Mark::Wrong);
    }
    model.menu.go_to("practice-loop-1");
    model
}

#[test]
fn n_in_the_menu_goes_to_what_comes_next() {
    let under = |model: &Model| model.menu.selected().unwrap().id.clone();
    let press = |model: &mut Model| update(model, ScreenEvent::Key(Key::plain(KeyCode::Char('n'))));
    let mut model = menu(&["late"]);
    press(&mut model);
    assert_eq!(under(&model), "block");
    // Before the first run there is nothing to go by.
    let mut model = menu(&[]);
    press(&mut model);
    assert_eq!(under(&model), "practice-loop-1");
    let said = model.notice.as_ref().map(|notice| &*notice.text);
    assert_eq!(said, Some("nothing was run so far: begin anywhere"));
    // While something is sought it is a letter.
    let mut model = menu(&["late"]);
    update(&mut model, ScreenEvent::Key(Key::plain(KeyCode::Char('/'))));
    press(&mut model);
    assert_eq!(model.menu.filter.as_ref().unwrap().value(), "n");
}
