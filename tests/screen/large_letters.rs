//! The large letters of a sentence for the last row of the room.

use std::collections::HashSet;

use loopscope::tui::text::text;
use loopscope::tui::widgets::letters::{HEIGHT, large};

#[test]
fn every_letter_is_a_rectangle_of_its_own() {
    let mut drawn = HashSet::new();
    // A backtick is drawn as a straight quote is.
    let known = ('!'..='~').filter(|letter| !"\\|~^$`".contains(*letter));
    for letter in known.chain("…→".chars()) {
        let rows = large(&letter.to_string(), 80, HEIGHT);
        let rows = rows.unwrap_or_else(|| panic!("{letter} is missing"));
        assert_eq!(rows.len(), HEIGHT, "{letter}");
        let wide = text::width(&rows[0]);
        assert!((1..=5).contains(&wide), "{letter}");
        assert!(rows.iter().all(|row| text::width(row) == wide), "{letter}");
        assert!(drawn.insert(rows), "{letter} looks like another one");
    }
}

#[test]
fn what_is_too_long_or_unknown_has_no_large_letters() {
    assert_eq!(large("Hello", 20, 3).map(|rows| rows.len()), Some(3));
    assert_eq!(large("Hello Hello", 20, 3), None);
    assert_eq!(large("Hello Hello", 20, 7).map(|rows| rows.len()), Some(7));
    assert_eq!(large("Привет", 80, 10), None);
    assert_eq!(large("", 80, 10), None);
    let rows = large("A stuck loop answers nobody.", 80, 12).unwrap_or_default();
    assert!(rows.iter().all(|row| text::width(row) <= 80), "{rows:?}");
}
