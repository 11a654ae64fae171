//! When a note is said: `start`, `first blocked-loop`, `second output "bye"`.

use loopscope_trace::Anchor;

use crate::scenario::text::words;

const ORDINALS: &[&str] = &[
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

const CURE: &str = "write `start`, `end`, or an ordinal and what it counts, as in \
    `first blocked-loop`, `second output \"bye\"`, `first accepted`";

/// Reads a moment.
///
/// # Errors
/// A sentence about what is wrong, and the cure.
pub(crate) fn parse(text: &str, findings: &[&str]) -> Result<Anchor, (String, String)> {
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
    let anchor = match (counted(word, nth), said) {
        (Some(anchor), "") => anchor,
        (Some(_), _) => return Err(wrong()),
        (None, "") if matches!(word, "output" | "client-output") => named(word, None, nth),
        (None, said) if NAMED.contains(&word) => {
            let unquoted = || {
                let help = format!("name it in quotes: `{first} {word} \"name\"`");
                (wrong().0, help)
            };
            named(word, Some(quoted(said).ok_or_else(unquoted)?), nth)
        }
        (None, _) if !findings.contains(&word) => {
            let known = COUNTED.iter().chain(NAMED).chain(findings).copied();
            let known: Vec<&str> = known.collect();
            let help = words::suggest(word, &known, "what can be counted", "");
            return Err((format!("`{}` cannot be counted", words::short(word)), help));
        }
        (None, said) => {
            if !said.is_empty() {
                return Err(wrong());
            }
            Anchor::Insight {
                kind: word.to_owned(),
                nth,
            }
        }
    };
    Ok(anchor)
}

/// The words of [`counted`].
const COUNTED: &[&str] = &[
    "request",
    "accepted",
    "answer",
    "queued",
    "given-up",
    "timeout",
    "chunk",
    "cancelled",
    "child-ended",
    "stop",
];

/// What is counted as it is.
fn counted(word: &str, nth: u32) -> Option<Anchor> {
    Some(match word {
        "request" => Anchor::Sent { nth },
        "accepted" => Anchor::Accepted { nth },
        "answer" => Anchor::Answered { nth },
        "queued" => Anchor::Queued { nth },
        "given-up" => Anchor::GivenUp { nth },
        "timeout" => Anchor::TimedOut { nth },
        "chunk" => Anchor::Chunk { nth },
        "cancelled" => Anchor::Cancelled { nth },
        "child-ended" => Anchor::ChildEnded { nth },
        "stop" => Anchor::Stopping { nth },
        _ => return None,
    })
}

/// What is counted by a text or a name in quotes.
const NAMED: &[&str] = &["output", "client-output", "write", "sent", "received"];

fn named(word: &str, text: Option<String>, nth: u32) -> Anchor {
    let name = || text.clone().unwrap_or_default();
    match word {
        "output" => Anchor::Output { text, nth },
        "client-output" => Anchor::ClientOutput { text, nth },
        "write" => Anchor::Written {
            variable: name(),
            nth,
        },
        "sent" => Anchor::ChannelSent {
            channel: name(),
            nth,
        },
        _ => Anchor::ChannelReceived {
            channel: name(),
            nth,
        },
    }
}

/// What stands in quotes.
fn quoted(said: &str) -> Option<String> {
    let inner = |quote: char| said.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).map(str::to_owned)
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

/// Whether there are findings of `kind`.
///
/// # Errors
/// A sentence about what is wrong, and the cure.
pub(crate) fn finding(kind: &str, findings: &[&str]) -> Result<(), (String, String)> {
    if findings.contains(&kind) {
        return Ok(());
    }
    Err((
        format!("`{}` is no insight", words::short(kind)),
        words::suggest(kind, findings, "the insights", ""),
    ))
}
