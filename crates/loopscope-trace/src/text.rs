//! Texts that no terminal obeys.

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
