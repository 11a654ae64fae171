//! Durations and ranges as a scenario writes them: `"20ms"`, `"9s..12s"`, `"60..75"`.

use loopscope_trace::{Nanos, Range};

use crate::scenario::schema::row::MAX_SECONDS;
use crate::scenario::text::words;

const UNITS: &[(&str, u64)] = &[
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
];

/// Reads `"20ms"`, `"1.5s"`, `"2min"`.
///
/// # Errors
/// A sentence about what is wrong, and the cure.
pub(crate) fn length(text: &str) -> Result<Nanos, (String, String)> {
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
///
/// # Errors
/// A sentence about what is wrong, and the cure.
pub(crate) fn size(text: &str) -> Result<i64, (String, String)> {
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
///
/// # Errors
/// A sentence about what is wrong, and the cure.
pub(crate) fn elapsed(text: &str) -> Result<Range, (String, String)> {
    range(text, |part| length(part).map(Nanos::as_secs_f64))
}

/// Reads `"40"` or `"60..75"`.
///
/// # Errors
/// A sentence about what is wrong, and the cure.
pub(crate) fn figure(text: &str) -> Result<Range, (String, String)> {
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

fn range(
    text: &str,
    one: impl Fn(&str) -> Result<f64, (String, String)>,
) -> Result<Range, (String, String)> {
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
