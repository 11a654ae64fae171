//! How fast a scenario runs, and when it is stopped.

use super::Choices;
use super::cost::Cost;
use super::diagnostic::Finder;
use super::record::Record;
use loopscope_trace::Nanos;

/// A run is stopped after so many times its longest story, and ten seconds of wall time more.
const PATIENCE: u64 = 10;
/// So many steps are done in a second of wall time even on a slow and busy machine.
const STEPS_A_SECOND: u64 = 10_000;

/// `speed` as the file has it, or as it was chosen.
pub(super) fn speed(root: &Record, choices: &Choices, finder: &mut Finder<'_>) -> f64 {
    let own = root.pace("speed").unwrap_or(1.0);
    if root.pace("max_speed").is_some_and(|most| own > most) {
        let message = "`speed` is above `max_speed`".to_owned();
        let help = "lower it: at this pace it does not tell the truth";
        finder.help("cannot-hold", root.at("speed"), message, help);
    }
    match choices.speed {
        Some(speed) if speed.is_finite() && (0.001..=1e6).contains(&speed) => speed,
        Some(speed) => {
            let help = "choose a number from 0.001 to 1000000".to_owned();
            finder.outside("speed", format!("the speed cannot be {speed}"), Some(help));
            1.0
        }
        None => own,
    }
}

/// `limit` as the file has it; else late enough that no run that ends is ever cut. What the steps
/// themselves take does not get shorter by a higher speed.
pub(super) fn limit(root: &Record, total: &Cost, speed: f64) -> Nanos {
    let longest = u64::try_from(total.nanos).unwrap_or(u64::MAX);
    let wall = Nanos::from_secs(10 + total.steps / STEPS_A_SECOND);
    let work = Nanos((wall.0 as f64 * speed.max(1.0)) as u64);
    let patient = Nanos(longest.saturating_mul(PATIENCE)) + work;
    root.length("limit").unwrap_or(patient)
}
