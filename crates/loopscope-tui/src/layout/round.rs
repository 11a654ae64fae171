//! Round lengths of time in nanoseconds, and how a tick is written.

/// The least of 1, 2, 5, 10, 20, 50 … nanoseconds that is not less than `length`.
pub(crate) fn round(length: u64) -> u64 {
    let tens = std::iter::successors(Some(1_u64), |ten| ten.checked_mul(10));
    let mut rounds = tens.flat_map(|ten| [1, 2, 5].map(|unit| ten.saturating_mul(unit)));
    rounds.find(|round| *round >= length).unwrap_or(u64::MAX)
}

/// The least length that is not less than `length` and on which ticks stand well: a quarter more at most.
pub(crate) fn snug(length: u64) -> u64 {
    const UNITS: [u64; 9] = [10, 12, 15, 20, 25, 30, 40, 50, 60];
    let tens = std::iter::successors(Some(1_u64), |ten| ten.checked_mul(10));
    let units = UNITS.into_iter().chain([80]);
    let mut lengths = tens.flat_map(|ten| units.clone().map(move |unit| ten.saturating_mul(unit)));
    lengths.find(|snug| *snug >= length).unwrap_or(u64::MAX)
}

/// `3s`, `0.4s`, `20ms`, as fine as ticks of `step` need.
pub(crate) fn label(at: u64, step: u64) -> String {
    let (unit, name) = match step {
        0..10_000 => (1_000, "us"),
        10_000..50_000_000 => (1_000_000, "ms"),
        _ => (1_000_000_000, "s"),
    };
    let (whole, rest) = (at / unit, at % unit);
    if rest == 0 {
        return format!("{whole}{name}");
    }
    let digits = format!("{:03}", rest * 1_000 / unit);
    format!("{whole}.{}{name}", digits.trim_end_matches('0'))
}
