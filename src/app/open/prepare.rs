//! A source and the flags become a scenario that is ready to run.

use crate::app::failure::Failure;
use crate::app::library::source::Source;
use crate::vocabulary::VOCABULARY;
use loopscope_lab::scenario::{Choices, Scenario, load};
use loopscope_trace::{Clock, Detail, Knob, Story};

/// What the flags say about a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunChoices {
    /// Scenario seconds in a wall second; the file's own unless told.
    pub(crate) speed: Option<f64>,
    /// For tokio's own random choices.
    pub(crate) seed: u64,
    /// How time passes, where the scenario leaves a choice.
    pub(crate) clock: Clock,
    /// Values of knobs.
    pub(crate) knobs: Vec<(String, i64)>,
}

/// Loads a scenario with the choices of the wish, at the file's highest speed at most.
pub(crate) fn scenario(source: &Source, wish: &RunChoices) -> Result<Scenario, Failure> {
    let load = |knobs: &[(String, i64)], speed: Option<f64>| {
        let choices = Choices {
            knobs: knobs.to_vec(),
            speed,
            clock: wish.clock,
            seed: wish.seed,
        };
        load(&source.text, &source.file, &choices, &VOCABULARY)
            .map_err(|problems| Failure::Scenario(Box::new(problems)))
    };
    // Loaded with its own values first, so that a wrong flag is told apart from a wrong file.
    let plain = load(&[], wish.speed)?;
    let highest = plain.story.max_speed;
    let highest = highest.filter(|&highest| highest < plain.story.speed);
    let mut scenario = if wish.knobs.is_empty() && highest.is_none() {
        plain
    } else {
        for (name, value) in &wish.knobs {
            knob(&plain.story.knobs, name, *value)?;
        }
        load(&wish.knobs, highest.or(wish.speed))?
    };
    scenario.story.detail = loopscope_lab::engine::detail();
    if !loopscope_lab::engine::can_be_computed(&scenario.story) {
        scenario.story.clock = Clock::Real;
    }
    Ok(scenario)
}

/// What to say where a run is slower than was asked for: above the file's highest speed the gaps
/// between its events are so short that the machine's own delays would decide their order.
pub(crate) fn slowed(story: &Story, wish: &RunChoices) -> Option<String> {
    let wanted = wish.speed.filter(|&wanted| wanted > story.speed)?;
    Some(format!(
        "{} runs at speed {}, not {wanted}: faster, it would not tell the truth",
        story.id, story.speed
    ))
}

/// Why a scenario runs really although the virtual clock was asked for.
pub(crate) fn really(story: &Story, wish: &RunChoices) -> Option<String> {
    let why = match story.detail {
        Detail::Full => "virtual time cannot run processes or several workers",
        Detail::Reduced => "virtual time needs tokio_unstable, which this build is without",
    };
    (wish.clock == Clock::Virtual && story.clock == Clock::Real)
        .then(|| format!("{why}: this one runs really"))
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
