//! Plays a small scenario on the virtual clock.

use std::sync::Arc;

use crate::vocabulary::VOCABULARY;
use loopscope_lab::engine;
use loopscope_lab::engine::{Extras, Options};
use loopscope_lab::scenario::{Choices, FileName, Scenario, load};
use loopscope_timeline::{Timeline, prediction};
use loopscope_trace::{Clock, EndReason, Language, Nanos, Quantity};

/// What a run came to.
pub(crate) struct Came {
    pub(crate) timeline: Timeline,
    /// The printed lines, and when they came.
    pub(crate) lines: Vec<(String, Nanos)>,
    /// In seconds.
    pub(crate) elapsed: f64,
}

impl Came {
    /// What a number came to.
    pub(crate) fn number(&self, quantity: &Quantity) -> Option<f64> {
        prediction::measured(&self.timeline, quantity)
    }

    /// Whether another run printed the same lines in the same order.
    pub(crate) fn same_order(&self, other: &Self) -> bool {
        self.texts().eq(other.texts())
    }

    /// The lines in order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|(text, _)| text.as_str())
    }
}

/// The scenario of a text, by the rules of a language; `None` where the text is no scenario.
pub(crate) fn scenario(text: &str, language: Language) -> Option<Arc<Scenario>> {
    let choices = Choices {
        clock: Clock::Virtual,
        ..Choices::default()
    };
    let mut scenario = load(text, &FileName::default(), &choices, &VOCABULARY).ok()?;
    scenario.story.language = Some(language);
    Some(Arc::new(scenario))
}

/// Plays it to its own end; `None` where it has none. Delays change an order only where nothing decides it.
pub(crate) fn play(scenario: &Arc<Scenario>, delays: Option<u64>) -> Option<Came> {
    let options = Options {
        speed: scenario.story.speed,
        seed: delays.unwrap_or(0),
    };
    let extras = Extras {
        delays,
        ..Extras::default()
    };
    let run = engine::start_with(Arc::clone(scenario), &options, extras).ok()?;
    let mut timeline = Timeline::new(scenario.story.clone());
    for batch in run.batches() {
        timeline.extend(batch);
    }
    if timeline.ended() != Some(EndReason::Finished) {
        return None;
    }
    let lines = timeline.outputs().iter();
    let lines = lines.map(|line| (timeline.trace().text(line.text).to_owned(), line.at));
    let elapsed = prediction::measured(&timeline, &Quantity::Elapsed)?;
    Some(Came {
        lines: lines.collect(),
        elapsed,
        timeline,
    })
}
