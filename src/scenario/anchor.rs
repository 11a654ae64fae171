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
    let text = || match said {
        "" => Ok(None),
        said => quoted(said).map(Some).ok_or_else(wrong),
    };
    let name = || quoted(said).ok_or_else(wrong);
    match word {
        "output" => Ok(Anchor::Output { text: text()?, nth }),
        "client-output" => Ok(Anchor::ClientOutput { text: text()?, nth }),
        "write" => {
            let variable = name()?;
            Ok(Anchor::Written { variable, nth })
        }
        "sent" => {
            let channel = name()?;
            Ok(Anchor::ChannelSent { channel, nth })
        }
        "received" => {
            let channel = name()?;
            Ok(Anchor::ChannelReceived { channel, nth })
        }
        "request" => counted(Anchor::Sent { nth }),
        "accepted" => counted(Anchor::Accepted { nth }),
        "answer" => counted(Anchor::Answered { nth }),
        "queued" => counted(Anchor::Queued { nth }),
        "given-up" => counted(Anchor::GivenUp { nth }),
        "timeout" => counted(Anchor::TimedOut { nth }),
        "chunk" => counted(Anchor::Chunk { nth }),
        "cancelled" => counted(Anchor::Cancelled { nth }),
        "child-ended" => counted(Anchor::ChildEnded { nth }),
        "stop" => counted(Anchor::Stopping { nth }),
        kind => {
            insight(kind)?;
            counted(Anchor::Insight {
                kind: kind.to_owned(),
                nth,
            })
        }
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

/// Whether there are insights of `kind`.
///
/// # Errors
/// A sentence about what is wrong, and the cure.
pub(super) fn insight(kind: &str) -> Result<(), (String, String)> {
    if INSIGHTS.contains(&kind) {
        return Ok(());
    }
    Err((
        format!("`{}` is no insight", words::short(kind)),
        words::suggest(kind, INSIGHTS, "the insights", ""),
    ))
}
