//! Counts, lengths and lists as words.

use loopscope_trace::Nanos;

/// `A`, `A and B`, `A, B and C`, `A, B and 3 others`.
pub(crate) fn list(names: &[&str], total: usize) -> String {
    let shown = if total > 3 {
        2.min(names.len())
    } else {
        names.len()
    };
    let others = total.saturating_sub(shown);
    let mut parts: Vec<String> = names.iter().take(shown).map(ToString::to_string).collect();
    match others {
        0 => {}
        1 => parts.push("one other".to_owned()),
        _ => parts.push(format!("{others} others")),
    }
    match parts.split_last() {
        None => "nobody".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// `one request`, `12 requests`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("one {one}"),
        _ => format!("{count} {many}"),
    }
}

/// `1 request`, `12 requests`, `2 processes`: a count in figures, for rows and columns.
pub fn number_of(count: usize, noun: &str) -> String {
    let plural = match (count, noun.ends_with('s')) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{count} {noun}{plural}")
}

/// `Two`, up to ten; figures above.
pub(crate) fn capital(count: u32) -> String {
    let words = "No One Two Three Four Five Six Seven Eight Nine Ten";
    let word = words.split(' ').nth(count as usize);
    word.map_or_else(|| count.to_string(), ToString::to_string)
}

/// `3.40s`.
pub(crate) fn seconds(length: Nanos) -> String {
    format!("{}s", length.hundredths())
}

/// `first` to `tenth`, then `11th`.
pub(crate) fn ordinal(nth: u32) -> String {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    if let Some(word) = WORDS.get((nth as usize).wrapping_sub(1)) {
        return (*word).to_owned();
    }
    let ending = match (nth % 10, nth % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{nth}{ending}")
}

/// With a capital at its start.
pub fn capitalized(words: &str) -> String {
    let mut signs = words.chars();
    let first = signs.next().map(|first| first.to_uppercase());
    first.into_iter().flatten().chain(signs).collect()
}
