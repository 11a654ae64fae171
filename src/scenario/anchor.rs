//! When a note is said: `start`, `first blocked-loop`, `second output "bye"`.

use super::keys::INSIGHTS;
use super::words;
use crate::trace::Anchor;

const ORDINALS: &[&str] = &[
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

const CURE: &str = "write `start`, `end`, or an ordinal and what it counts, as in \
    `first blocked-loop`, `second output \"bye\"`, `first accepted`";

/// Reads a moment.
///
/// # Errors
/// A sentence about what is wrong, and the cure.
pub(super) fn parse(text: &str) -> Result<Anchor, (String, String)> {
    let text = text.trim();
    match text {
        "start" => return Ok(Anchor::Start),
        "end" => return Ok(Anchor::End),
        _ => {}
    }
    let wrong = || {
        (
            format!("`{}` is no moment", words::short(text)),
            CURE.to_owned(),
        )
    };
    let (first, rest) = text.split_once(char::is_whitespace).ok_or_else(wrong)?;
    let nth = ordinal(first).ok_or_else(|| {
        let help = match words::closest(first, ORDINALS.iter().copied()) {
            Some(other) => format!("did you mean `{other}`?"),
            None => CURE.to_owned(),
        };
        (format!("`{}` is no ordinal", words::short(first)), help)
    })?;
    let rest = rest.trim();
    let (word, said) = rest
        .split_once(char::is_whitespace)
        .map_or((rest, ""), |(word, said)| (word, said.trim()));
    let counted = |anchor| {
        if said.is_empty() {
            Ok(anchor)
        } else {
            Err(wrong())
        }
    };
    match word {
        "output" if said.is_empty() => Ok(Anchor::Output { text: None, nth }),
        "output" => {
            let quoted = said
                .strip_prefix('"')
                .and_then(|said| said.strip_suffix('"'))
                .or_else(|| {
                    said.strip_prefix('\'')
                        .and_then(|said| said.strip_suffix('\''))
                });
            let text = quoted.ok_or_else(wrong)?.to_owned();
            Ok(Anchor::Output {
                text: Some(text),
                nth,
            })
        }
        "request" => counted(Anchor::Sent { nth }),
        "accepted" => counted(Anchor::Accepted { nth }),
        "answer" => counted(Anchor::Answered { nth }),
        "queued" => counted(Anchor::Queued { nth }),
        kind => {
            insight(kind)?;
            counted(Anchor::Insight {
                kind: kind.to_owned(),
                nth,
            })
        }
    }
}

fn ordinal(word: &str) -> Option<u32> {
    if let Some(at) = ORDINALS.iter().position(|name| *name == word) {
        return u32::try_from(at + 1).ok();
    }
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u32 = digits.parse().ok().filter(|number| *number > 0)?;
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    (word[digits.len()..] == *ending).then_some(number)
}

/// Whether this version finds insights of `kind`.
///
/// # Errors
/// A sentence about what is wrong, and the cure.
pub(super) fn insight(kind: &str) -> Result<(), (String, String)> {
    let found: Vec<&str> = INSIGHTS
        .iter()
        .filter_map(|(name, now)| now.then_some(*name))
        .collect();
    match INSIGHTS.iter().find(|(name, _)| *name == kind) {
        Some((_, true)) => Ok(()),
        Some((_, false)) => Err((
            format!("`{kind}` is not found by this version yet"),
            format!("this version finds {}", words::list(&found)),
        )),
        None => Err((
            format!("`{}` is no insight", words::short(kind)),
            words::suggest(kind, &found, "this version finds", ""),
        )),
    }
}
