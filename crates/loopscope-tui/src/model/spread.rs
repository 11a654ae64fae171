//! Many runs of the opened scenario, counted while one looks on.

use loopscope_timeline::Spread;

/// How many runs a key asks for.
pub const TIMES: u32 = 100;

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
