//! Which lines of two listings differ.

use std::collections::BTreeSet;

use loopscope::trace::{Listing, Token};
use loopscope::tui::screens::compare::text_bands::lines;

fn listing(lines: &[&str]) -> Listing {
    let token = |text: &&str| {
        vec![Token {
            text: (*text).to_owned(),
            ..Token::default()
        }]
    };
    Listing {
        lines: lines.iter().map(token).collect(),
        ..Listing::default()
    }
}

#[test]
fn an_inserted_line_marks_itself_only() {
    let [left, right] = lines(
        &listing(&["a", "sleep", "c"]),
        &listing(&["a", "b", "await sleep", "c"]),
    );
    assert_eq!(left, BTreeSet::from([1]));
    assert_eq!(right, BTreeSet::from([1, 2]));
}
