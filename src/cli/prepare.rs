//! A source and the flags become a scenario that is ready to run.

use super::args::{ClockChoice, Pace};
use super::failure::Failure;
use super::source::Source;
use crate::scenario::{Choices, Scenario, load};
use crate::trace::{Clock, Knob};

/// What the flags say about a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish {
    /// Scenario seconds in a wall second; the file's own unless told.
    pub(super) speed: Option<f64>,
    /// For tokio's own random choices.
    pub(super) seed: u64,
    /// Values of knobs.
    pub(super) knobs: Vec<(String, i64)>,
}

impl Wish {
    /// The wish of a command with a pace.
    pub(super) fn at(pace: Pace) -> Result<Self, Failure> {
        if pace.clock == ClockChoice::Virtual {
            return Err(Failure::Usage(
                "--clock virtual is not available yet: leave it out, or hurry the real clock with --speed 20".to_owned(),
            ));
        }
        Ok(Self {
            speed: pace.speed,
            ..Self::default()
        })
    }
}

/// Loads a scenario with the choices of the wish.
pub(super) fn scenario(source: &Source, wish: &Wish) -> Result<Scenario, Failure> {
    let load = |knobs: &[(String, i64)]| {
        let choices = Choices {
            knobs: knobs.to_vec(),
            speed: wish.speed,
            clock: Clock::Real,
            seed: wish.seed,
        };
        load(&source.text, &source.file, &choices)
            .map_err(|problems| Failure::Scenario(Box::new(problems)))
    };
    // Loaded with its own values first, so that a wrong flag is told apart from a wrong file.
    let plain = load(&[])?;
    let mut scenario = if wish.knobs.is_empty() {
        plain
    } else {
        for (name, value) in &wish.knobs {
            knob(&plain.story.knobs, name, *value)?;
        }
        load(&wish.knobs)?
    };
    scenario.story.detail = crate::engine::detail();
    Ok(scenario)
}

fn knob(knobs: &[Knob], name: &str, value: i64) -> Result<(), Failure> {
    let Some(knob) = knobs.iter().find(|knob| knob.name == name) else {
        let names: Vec<_> = knobs.iter().map(|knob| knob.name.as_str()).collect();
        let hint = match names.as_slice() {
            [] => "it has none".to_owned(),
            names => format!("it has {}", names.join(", ")),
        };
        return Err(Failure::Usage(format!(
            "--set {name}={value}: the scenario has no knob of this name, {hint}"
        )));
    };
    if (knob.min..=knob.max).contains(&value) {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "--set {name}={value}: {name} goes from {} to {}",
        knob.min, knob.max
    )))
}
