//! `loopscope compare`: two scenarios or recordings in lockstep on one axis.

use super::args::{CompareArgs, Look};
use super::prepare::Wish;
use super::{Outcome, stage, wire};
use loopscope_trace::Clock;

/// Opens the screen on both.
pub(super) fn compare(args: &CompareArgs, look: &Look) -> Outcome {
    let wish = Wish::at(args.pace, Clock::Real);
    // Said here and not on a screen, as for `run`.
    wire::find_pair(&args.left, &args.right, &wish)?;
    stage::pair([args.left.clone(), args.right.clone()], wish, look)
}
