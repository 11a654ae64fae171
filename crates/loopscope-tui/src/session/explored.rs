//! What other runs of the opened scenario came to: points over a knob, and counts of many runs.

use std::collections::BTreeMap;

use loopscope_timeline::{Sample, Spread};
use loopscope_trace::Knob;

/// The most runs of a scenario that are kept.
const MOST: usize = 500;

/// About how many steps a sweep takes.
const STEPS: i64 = 10;

/// Steps that one reads easily, times a power of ten.
const ROUND: [i64; 6] = [10, 20, 25, 30, 40, 50];

/// What the runs of this program's life came to.
#[derive(Clone, Debug, Default)]
pub struct Explored {
    points: BTreeMap<String, Vec<Sample>>,
    /// The sweep that was begun last.
    pub sweep: Option<Sweep>,
    /// The computed run that tells how long the last run takes on a free machine: its number, and of which scenario.
    pub free: Option<(u32, String)>,
}

/// Whether the knobs stand at these values.
pub(crate) fn stand(knobs: &[Knob], values: &[(String, i64)]) -> bool {
    let told = |knob: &Knob| (knob.name.clone(), knob.value);
    knobs.iter().all(|knob| values.contains(&told(knob)))
}

/// The knobs that are not where the file has them: `threads 5`; nothing where all are.
pub(crate) fn not_as_written(knobs: &[Knob]) -> String {
    let turned = knobs.iter().filter(|knob| knob.value != knob.default);
    let turned = turned.map(|knob| format!("{} {}", knob.name, knob.value));
    turned.collect::<Vec<_>>().join(", ")
}

/// One run for each of some values of a knob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// Given back with each of its points.
    pub number: u32,
    /// The scenario's id.
    pub scenario: String,
    /// How many runs were asked for.
    pub wanted: usize,
    /// How many are over.
    pub done: usize,
    /// How many of them came to no end of their own.
    pub without: usize,
    /// No more will come.
    pub over: bool,
}

impl Explored {
    /// Keeps what a run of `scenario` came to.
    pub(crate) fn add(&mut self, scenario: &str, point: Sample) {
        let points = self.points.entry(scenario.to_owned()).or_default();
        if points.len() == MOST {
            points.remove(0);
        }
        points.push(point);
    }

    /// What the runs of `scenario` came to, the last one last.
    pub fn of(&self, scenario: &str) -> &[Sample] {
        self.points.get(scenario).map_or(&[], Vec::as_slice)
    }

    /// Whether a sweep goes on.
    pub(crate) fn sweeps(&self) -> bool {
        self.sweep.as_ref().is_some_and(|sweep| !sweep.over)
    }
}

/// The values of a sweep: all of a short range; else round ones about the file's own, from a
/// quarter of it to two and a half times as much, because at the ends of a wide range one run
/// is often so long or so short that all others look alike beside it.
pub fn values(knob: &Knob) -> Vec<i64> {
    let (min, max) = (knob.min, knob.max.max(knob.min));
    if max.saturating_sub(min) <= STEPS {
        return (min..=max).collect();
    }
    let (low, high) = if knob.default > min.max(0) {
        let high = knob.default.saturating_mul(5) / 2;
        (knob.default / 4, high)
    } else {
        (min, max)
    };
    let low = low.clamp(min, max);
    let high = high.max(low.saturating_add(STEPS)).min(max);
    let low = low.min(high.saturating_sub(STEPS)).max(min);
    let step = round_step(high.saturating_sub(low));
    let first = low.div_euclid(step).saturating_mul(step);
    let rounds = (0..=STEPS + 1).map_while(|place| first.checked_add(place.checked_mul(step)?));
    let inside = rounds.filter(|value| *value > low && *value <= high);
    std::iter::once(low).chain(inside).collect()
}

/// The least round step that covers `span` in [`STEPS`] steps.
fn round_step(span: i64) -> i64 {
    // A tenth of it, rounded up: then no product can be too large for its type.
    let tenth = span / STEPS + i64::from(span % STEPS > 0);
    let mut power: i64 = 1;
    while let Some(next) = power.checked_mul(10) {
        let rounds = ROUND.iter().filter(|round| power >= 10 || *round % 10 == 0);
        // 2.5 is no step where only whole numbers are.
        let steps = rounds.filter_map(|round| Some(round.checked_mul(power)? / 10));
        if let Some(step) = steps.into_iter().find(|step| *step >= tenth) {
            return step;
        }
        power = next;
    }
    tenth.max(1)
}

/// The value that one press further leads to: ones below twenty, tens below two hundred, and so
/// on, so that no knob takes hundreds of presses.
pub fn turned(knob: &Knob, value: i64, up: bool) -> i64 {
    // Down from 20 leads to 19, so the step is that of the side one goes to.
    let size = if up { value } else { value.saturating_sub(1) }.unsigned_abs();
    let mut step: i64 = 1;
    while size / 20 >= step.unsigned_abs() {
        step = step.saturating_mul(10);
    }
    let low = value.div_euclid(step).saturating_mul(step);
    let next = match (up, low == value) {
        (true, _) => low.saturating_add(step),
        (false, true) => value.saturating_sub(step),
        (false, false) => low,
    };
    next.clamp(knob.min, knob.max.max(knob.min))
}

/// How many runs a key asks for.
pub(crate) const TIMES: u32 = 100;

/// Many runs that are being counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Many {
    /// Given back with each count.
    pub number: u32,
    /// What is run.
    pub title: String,
    /// What they came to so far.
    pub spread: Spread,
    /// No more will come.
    pub over: bool,
}
