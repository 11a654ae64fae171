//! Text from outside: nothing moves a column, nothing reaches the terminal as a command.

use loopscope::tui::text::text::{clean, fit, put, width, wrap};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

#[test]
fn what_cannot_be_seen_is_shown() {
    let cases = [
        ("a\tb", "a→b"),
        ("a\nb\r\nc", "a¶b¶c"),
        ("\u{1b}[31mred", "¿[31mred"),
        ("\u{9b}31m", "¿31m"),
        ("a\u{202E}b\u{2066}c", "a¿b¿c"),
        ("a\u{200B}b\u{FEFF}", "a¿b¿"),
        ("a\u{0}\u{7}\u{7f}", "a¿¿¿"),
        ("\u{E0041}", "¿"),
    ];
    for (text, shown) in cases {
        let shown = shown.replace("¶¶", "¶");
        assert_eq!(clean(text).replace("¶¶", "¶"), shown, "{text:?}");
    }
}

#[test]
fn pictures_keep_to_what_every_terminal_agrees_on() {
    assert_eq!(clean("👩‍👩‍👧‍👦"), "👩");
    assert_eq!(clean("👋🏽"), "👋");
    assert_eq!(clean("☎\u{FE0F}"), "☎");
    assert_eq!(width("👩‍👩‍👧‍👦"), 2);
    assert_eq!(width("🇩🇪"), 2);
}

#[test]
fn marks_stay_with_their_letter() {
    assert_eq!(width("e\u{301}"), 1);
    assert_eq!(clean("\u{301}"), "○\u{301}");
    let tower: String = std::iter::once('a')
        .chain(std::iter::repeat_n('\u{301}', 50))
        .collect();
    assert_eq!(clean(&tower).chars().count(), 5);
    assert_eq!(width("नमस्ते"), width(&clean("नमस्ते")));
}

#[test]
fn a_cut_is_marked_and_never_splits_a_wide_letter() {
    assert_eq!(fit("Hello", 5), "Hello");
    assert_eq!(fit("Hello!", 5), "Hell…");
    assert_eq!(fit("你好世界", 8), "你好世界");
    assert_eq!(fit("你好世界", 7), "你好世…");
    assert_eq!(fit("你好世界", 6), "你好…");
    assert_eq!(fit("你", 1), "…");
    assert_eq!(fit("你", 0), "");
}

#[test]
fn rows_break_at_words() {
    assert_eq!(wrap("one two three", 7, 9), ["one two", "three"]);
    assert_eq!(wrap("one two three", 7, 1), ["one tw…"]);
    assert_eq!(wrap("你好世界你好", 5, 9), ["你好", "世界", "你好"]);
    assert!(wrap("", 7, 9).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_comes_takes_the_columns_that_it_says(text in "\\PC{0,40}|[\\x00-\\x{10FFFF}]{0,20}", room in 0_usize..30) {
        let shown = clean(&text);
        prop_assert!(!shown.contains(char::is_control));
        prop_assert_eq!(clean(&shown), shown.clone());
        prop_assert_eq!(width(&shown), width(&text));
        let cut = fit(&text, room);
        prop_assert!(width(&cut) <= room);
        for row in wrap(&text, room, 5) {
            prop_assert!(width(&row) <= room);
        }
        let mut buf = Buffer::empty(Rect::new(0, 0, 30, 1));
        let used = put(&mut buf, 0, 0, &text, room, Style::new());
        prop_assert!(usize::from(used) <= room);
        for x in used..30 {
            prop_assert_eq!(buf[(x, 0)].symbol(), " ");
        }
    }
}
