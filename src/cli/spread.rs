//! `loopscope run --times N`: many runs of one scenario, and what they came to.

use super::args::Form;
use super::failure::Failure;
use super::play::play;
use super::prepare::{self, Wish};
use super::signals::Signals;
use super::source::Source;
use super::{Outcome, output};
use crate::export::spread;
use loopscope_lab::engine::Extras;
use loopscope_timeline::Spread;

/// Runs a scenario so many times, one after the other, and prints how the runs differ.
pub(super) fn spread(source: &Source, wish: &Wish, times: u32, form: Form) -> Outcome {
    let signals = Signals::listen();
    let story = prepare::scenario(source, wish)?.story;
    let mut all = Spread::default();
    for run in 0..times {
        let played = play(
            prepare::scenario(source, &seeded(wish, run))?,
            Extras::default(),
            &signals,
            None,
            |_| Ok(()),
        )?;
        if let Some(failure) = played.failure {
            return Err(failure);
        }
        all.add(&played.timeline);
    }
    let report = spread::report(&story, &all);
    if form.json {
        output::json(&report)
    } else {
        output::text(&spread::text(&report))
    }
}

/// Each run makes random choices of its own, and the same ones whenever it is repeated.
pub(super) fn seeded(wish: &Wish, run: u32) -> Wish {
    Wish {
        seed: wish.seed.wrapping_add(u64::from(run)),
        ..wish.clone()
    }
}

/// Many runs need somebody who reads the result.
pub(super) fn demand_form(form: Form) -> Outcome {
    if form.json || form.plain {
        return Ok(());
    }
    Err(Failure::Usage(
        "--times counts many runs without a screen: add --plain for a chart or --json for a report; on the stage, R does it".to_owned(),
    ))
}
