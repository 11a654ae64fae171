//! Texts that no terminal obeys, and that are not endless.

use std::borrow::Cow;

/// `text` without anything that could steer a terminal: control characters and those that turn
/// the direction of writing become `�`, a tab becomes a space.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let safe = text.chars().map(|c| match c {
        '\t' => ' ',
        c if steers(c) => '�',
        c => c,
    });
    Cow::Owned(safe.collect())
}

/// Whether a character could move the cursor, ring, or turn the direction of writing.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` in at most `most` characters: a longer one is cut, and a mark at its end says how many
/// it has, `… (1,000,000 characters)`. What was cut is not cut again.
pub fn short(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let count = text.chars().count();
    if count <= most {
        return Cow::Borrowed(text);
    }
    let mark = format!("… ({} characters)", grouped(count));
    let kept = most.saturating_sub(mark.chars().count());
    let mut cut: String = text.chars().take(kept).collect();
    cut.push_str(&mark);
    Cow::Owned(cut)
}

/// The same for a text that is kept: only one that is too long is made anew.
pub(crate) fn shortened(text: String, most: usize) -> String {
    match short(&text, most) {
        Cow::Owned(cut) => cut,
        Cow::Borrowed(_) => text,
    }
}

/// `1,000,000`.
fn grouped(count: usize) -> String {
    let figures = count.to_string();
    let mut grouped = String::new();
    for (place, figure) in figures.chars().enumerate() {
        if place > 0 && (figures.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(figure);
    }
    grouped
}

/// `text` as it stands in an element or an attribute of XML; what XML cannot hold becomes a space.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
