//! The words of diagnostics: quoting what stood in the file, and "did you mean".

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The name in `names` that looks most like `name`, if one does.
pub fn closest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for other in names {
        let likeness = strsim::jaro_winkler(&name, &other.to_lowercase());
        if likeness > 0.78 && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, other));
        }
    }
    best.map(|(_, other)| other)
}

/// Words that people bring along from elsewhere, and what they are called here.
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("answer", &["say", "respond"]),
    ("answers", &["options"]),
    ("asyncio", &["sleep"]),
    ("choices", &["options"]),
    ("compute", &["cpu"]),
    ("correct", &["right"]),
    ("explanation", &["reply"]),
    ("feedback", &["reply"]),
    ("path", &["route"]),
    ("question", &["ask"]),
    ("steps", &["body"]),
    ("text", &["say"]),
    ("time", &["block", "at"]),
    ("to_thread", &["spawn_blocking"]),
    ("url", &["route"]),
    ("wait", &["sleep"]),
];

/// The one of `names` that was probably meant: as others call it, or nearly as it is written.
pub(crate) fn meant<'a>(
    name: &str,
    names: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Option<&'a str> {
    let names = names.into_iter();
    let called = ELSEWHERE.iter().find(|(elsewhere, _)| *elsewhere == name);
    let here = called.and_then(|(_, here)| names.clone().find(|name| here.contains(name)));
    here.or_else(|| closest(name, names))
}

/// "did you mean …", or else all that would do.
pub(crate) fn suggest(name: &str, names: &[&str], are: &str, none: &str) -> String {
    if let Some(other) = meant(name, names.iter().copied()) {
        return format!("did you mean `{other}`?");
    }
    if names.is_empty() {
        return none.to_owned();
    }
    format!("{are}: {}", list(names))
}

/// `a, b, c`, each in back quotes; cut where there are very many.
pub(crate) fn list(names: &[&str]) -> String {
    const MOST: usize = 40;
    let mut all: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{}`", short(name)))
        .collect();
    if names.len() > MOST {
        all.push(format!("and {} more", names.len() - MOST));
    }
    all.join(", ")
}

/// A piece of the file as a sentence shows it: safe to print, and no longer than 40 characters.
pub(crate) fn short(text: &str) -> String {
    let safe = loopscope_trace::plain(text);
    if safe.chars().count() <= 40 {
        return safe.into_owned();
    }
    let mut cut: String = safe.chars().take(39).collect();
    cut.push('…');
    cut
}

/// The beginning of `text` in this many columns; `…` stands for the rest.
pub(crate) fn head(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for cluster in text.graphemes(true) {
        if kept.width() + cluster.width() >= columns {
            break;
        }
        kept.push_str(cluster);
    }
    kept.push('…');
    kept
}

/// A sentence of the key table in the middle of another: no capital, no full stop.
pub(crate) fn inner(say: &str) -> String {
    let mut letters = say.trim_end_matches('.').chars();
    let first = letters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// `1 line`, `4 lines`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// What a listing cannot call its own: Python's keywords, and what both listings begin with.
const RESERVED: &[&str] = &[
    "False", "None", "Self", "True", "and", "app", "as", "assert", "async", "asyncio", "await",
    "break", "class", "continue", "crate", "def", "del", "elif", "else", "except", "finally",
    "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass",
    "print", "raise", "range", "return", "self", "std", "super", "time", "tokio", "try", "while",
    "with", "yield",
];

/// Why nothing may be called `name`, where that is so, and the cure.
pub(crate) fn reserved(name: &str) -> Option<(String, &'static str)> {
    RESERVED.contains(&name).then(|| {
        (
            format!("`{name}` has a meaning in the listings already"),
            "give it another name: it stands in the Python and Rust programs",
        )
    })
}
