//! Durations, sizes, ranges and moments as a scenario writes them: `"20ms"`, `"3MB"`, `"9s..12s"`,
//! `first blocked-loop`.

use loopscope_trace::{Anchor, Nanos, Range};

use crate::scenario::schema::row::MAX_SECONDS;
use crate::scenario::text::words;

/// A sentence about what is wrong, and the cure.
pub(crate) type Fault = (String, String);

const UNITS: &[(&str, u64)] = &[
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
];

/// Reads `"20ms"`, `"1.5s"`, `"2min"`.
pub(crate) fn length(text: &str) -> Result<Nanos, Fault> {
    const CURE: &str = "write a number and its unit, as in \"20ms\" or \"5s\": us, ms, s or min";
    let wrong = |say: &str| {
        (
            format!("`{}` is no duration: {say}", words::short(text)),
            CURE.to_owned(),
        )
    };
    let text = text.trim();
    let split = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let (number, unit) = (&text[..split], text[split..].trim());
    if number.is_empty() {
        return Err(wrong("it does not begin with a number"));
    }
    if unit.is_empty() {
        return Err(wrong("its unit is missing"));
    }
    let Some((_, nanos)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(wrong("its unit is unknown"));
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || part.contains('.') || (number.contains('.') && part.is_empty()) {
        return Err(wrong("its number is not complete"));
    }
    exact(whole, part, *nanos).map(Nanos).map_err(|say| {
        (
            format!("`{}` is no duration: {say}", words::short(text)),
            format!("a duration is a whole number of nanoseconds, and at most {MAX_SECONDS}s"),
        )
    })
}

/// `whole.part` times `unit` in whole nanoseconds, without going through a float.
fn exact(whole: &str, part: &str, unit: u64) -> Result<u64, &'static str> {
    const LONG: &str = "it is longer than a day";
    let whole: u64 = whole.parse().map_err(|_| LONG)?;
    let mut nanos = whole.checked_mul(unit).ok_or(LONG)?;
    let part = part.trim_end_matches('0');
    if !part.is_empty() {
        let digits = u32::try_from(part.len()).unwrap_or(u32::MAX);
        let scale = 10_u64
            .checked_pow(digits)
            .ok_or("it has too many decimals")?;
        let part: u64 = part.parse().map_err(|_| "it has too many decimals")?;
        let product = u128::from(part) * u128::from(unit);
        if product % u128::from(scale) != 0 {
            return Err("it is no whole number of nanoseconds");
        }
        nanos += u64::try_from(product / u128::from(scale)).unwrap_or(u64::MAX);
    }
    if nanos > MAX_SECONDS * 1_000_000_000 {
        return Err(LONG);
    }
    Ok(nanos)
}

/// Reads `"500B"`, `"10kB"`, `"3MB"`.
pub(crate) fn size(text: &str) -> Result<i64, Fault> {
    const SIZES: &[(&str, i64)] = &[("kB", 1_000), ("MB", 1_000_000), ("B", 1)];
    let text = text.trim();
    let found = SIZES.iter().find_map(|(unit, bytes)| {
        let number: i64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        number.checked_mul(*bytes)
    });
    found
        .filter(|bytes| (1..=100_000_000).contains(bytes))
        .ok_or_else(|| {
            (
                format!("`{}` is no size", words::short(text)),
                "write a whole number and its unit, as in \"10kB\" or \"3MB\", at most 100MB"
                    .to_owned(),
            )
        })
}

/// The unit of a duration, in nanoseconds.
pub(crate) fn unit(name: &str) -> Option<Nanos> {
    let found = UNITS.iter().find(|(known, _)| *known == name);
    found.map(|(_, nanos)| Nanos(*nanos))
}

/// Reads `"10s"` or `"9s..12s"` as seconds.
pub(crate) fn elapsed(text: &str) -> Result<Range, Fault> {
    range(text, |part| length(part).map(Nanos::as_secs_f64))
}

/// Reads `"40"` or `"60..75"`.
pub(crate) fn figure(text: &str) -> Result<Range, Fault> {
    range(text, |part| {
        let part = part.trim();
        part.parse::<u32>().map(f64::from).map_err(|_| {
            (
                format!("`{}` is no figure", words::short(part)),
                "write a whole number, or two as in \"60..75\"".to_owned(),
            )
        })
    })
}

fn range(text: &str, one: impl Fn(&str) -> Result<f64, Fault>) -> Result<Range, Fault> {
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (one(from)?, one(to.trim_start_matches('='))?),
        None => {
            let exact = one(text)?;
            (exact, exact)
        }
    };
    if from > to {
        return Err((
            format!("`{}` ends before it begins", words::short(text.trim())),
            "write the smaller figure first".to_owned(),
        ));
    }
    Ok(Range { from, to })
}

/// Nanoseconds as a decimal number of `unit`s, exactly and without trailing zeros.
pub(crate) fn decimal(nanos: u64, unit: u64) -> String {
    let width = unit.ilog10() as usize;
    let text = format!("{}.{:0width$}", nanos / unit, nanos % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A duration in the unit in which it is shortest: `5s`, `20ms`, `1.5s`.
pub(crate) fn written(length: Nanos) -> String {
    let (unit, name) = match length.0 {
        n if n >= 1_000_000_000 || n == 0 => (1_000_000_000, "s"),
        n if n >= 1_000_000 => (1_000_000, "ms"),
        _ => (1_000, "us"),
    };
    format!("{}{name}", decimal(length.0, unit))
}

const ORDINALS: &[&str] = &[
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

const CURE: &str = "write `start`, `end`, or an ordinal and what it counts, as in \
    `first blocked-loop`, `second output \"bye\"`, `first accepted`";

/// Reads when a note is said: `start`, `first blocked-loop`, `second output "bye"`.
pub(crate) fn moment(text: &str, findings: &[&str]) -> Result<Anchor, Fault> {
    let text = text.trim();
    match text {
        "start" => return Ok(Anchor::Start),
        "end" => return Ok(Anchor::End),
        _ => {}
    }
    let wrong = || no_moment(text);
    let (first, rest) = text.split_once(char::is_whitespace).ok_or_else(wrong)?;
    let nth = ordinal(first).ok_or_else(|| {
        let help = match words::closest(first, ORDINALS.iter().copied()) {
            Some(other) => format!("did you mean `{other}`?"),
            None => CURE.to_owned(),
        };
        (format!("`{}` is no ordinal", words::short(first)), help)
    })?;
    let rest = rest.trim();
    let (word, name) = rest
        .split_once(char::is_whitespace)
        .map_or((rest, ""), |(word, name)| (word, name.trim()));
    let counted = COUNTED.iter().find(|(known, _)| *known == word);
    match (counted, name) {
        (Some((_, anchor)), "") => Ok(anchor(nth)),
        (Some(_), _) => Err(wrong()),
        (None, "") if matches!(word, "output" | "client-output") => Ok(named(word, None, nth)),
        (None, name) if NAMED.contains(&word) => match quoted(name) {
            Some(name) => Ok(named(word, Some(name), nth)),
            None => {
                let help = format!("name it in quotes: `{first} {word} \"name\"`");
                Err((wrong().0, help))
            }
        },
        (None, _) if !findings.contains(&word) => Err(uncounted(word, findings)),
        (None, "") => {
            let kind = word.to_owned();
            Ok(Anchor::Insight { kind, nth })
        }
        (None, _) => Err(wrong()),
    }
}

fn no_moment(text: &str) -> Fault {
    let message = format!("`{}` is no moment", words::short(text));
    (message, CURE.to_owned())
}

fn uncounted(word: &str, findings: &[&str]) -> Fault {
    let known = COUNTED.iter().map(|(known, _)| known);
    let known: Vec<&str> = known.chain(NAMED).chain(findings).copied().collect();
    let help = words::suggest(word, &known, "what can be counted", "");
    (format!("`{}` cannot be counted", words::short(word)), help)
}

/// A word, and the moment at which the nth of what it counts is there.
type Counted = (&'static str, fn(u32) -> Anchor);

/// What is counted as it is.
const COUNTED: &[Counted] = &[
    ("request", |nth| Anchor::Sent { nth }),
    ("accepted", |nth| Anchor::Accepted { nth }),
    ("answer", |nth| Anchor::Answered { nth }),
    ("queued", |nth| Anchor::Queued { nth }),
    ("given-up", |nth| Anchor::GivenUp { nth }),
    ("timeout", |nth| Anchor::TimedOut { nth }),
    ("chunk", |nth| Anchor::Chunk { nth }),
    ("cancelled", |nth| Anchor::Cancelled { nth }),
    ("child-ended", |nth| Anchor::ChildEnded { nth }),
    ("stop", |nth| Anchor::Stopping { nth }),
];

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
pub(crate) fn finding(kind: &str, findings: &[&str]) -> Result<(), Fault> {
    if findings.contains(&kind) {
        return Ok(());
    }
    Err((
        format!("`{}` is no insight", words::short(kind)),
        words::suggest(kind, findings, "the insights", ""),
    ))
}
