//! `loopscope compare`: two scenarios or recordings in lockstep on one axis.

use super::args::{CompareArgs, Look};
use super::prepare::Wish;
use super::settings::Settings;
use super::wire::config::Config;
use super::wire::{self, ask};
use super::{Outcome, stage};
use loopscope_trace::Clock;
use loopscope_tui::settings::start::Start;

/// Opens the screen on both.
pub(super) fn compare(args: &CompareArgs, look: &Look) -> Outcome {
    let settings = Settings::load(look);
    let wish = Wish::at(args.pace, Clock::Real);
    let client = wire::connect(Config::new(wish, None).set(&settings))?;
    // What is wrong with them is said here and not on a screen, as for `run`.
    let halves = ask::open_pair(&client, [args.left.clone(), args.right.clone()])?;
    stage::open(client, Start::Pair(halves), &settings)
}
