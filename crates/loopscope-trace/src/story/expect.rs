//! What a run must show.

use serde::{Deserialize, Serialize};

use crate::ids::Nanos;

/// What the run must show; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expectation {
    /// The lines of output in order.
    pub output: Option<Vec<String>>,
    /// The lines of output in any order.
    pub output_any_order: Option<Vec<String>>,
    /// Lines that must be printed at a moment (scenario time).
    pub timeline: Vec<(Nanos, String)>,
    /// Scenario seconds.
    pub elapsed: Option<Range>,
    /// Insights that must be found.
    pub insights: Vec<String>,
    /// Insights that must not be found; `*` stands for all.
    pub no_insights: Vec<String>,
    /// Names under `peak` of the report, and their figures.
    pub peak: Vec<(String, Range)>,
    /// How many requests were answered.
    pub requests: Option<Range>,
    /// How many requests their clients gave up.
    pub given_up: Option<Range>,
    /// How many different answers the requests got.
    pub distinct: Option<Range>,
    /// The last values of variables that are numbers.
    pub variables: Vec<(String, Range)>,
    /// `finished` or `unfinished`.
    pub outcome: Option<String>,
    /// The least number of cores that it makes sense on.
    pub needs_cores: Option<u32>,
    /// How long requests wait for their answers, by route.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub latency: Vec<Latency>,
    /// Pieces of streamed answers, and when they come to their clients.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chunks: Vec<Piece>,
    /// What clients get.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub got: Vec<Got>,
}

/// How long the requests of a route wait: from the sending to the answer, in scenario seconds; those that are given
/// up do not count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Latency {
    /// The route.
    pub route: String,
    /// The one in the middle; where there are two, what lies between them.
    pub median: Option<Range>,
    /// The longest.
    pub longest: Option<Range>,
}

/// A piece of a streamed answer that must come to a client at a moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Piece {
    /// The name of the client.
    pub client: String,
    /// When, in scenario time.
    pub at: Nanos,
    /// The piece.
    pub text: String,
}

/// What a client gets for each of its requests, in the order in which they are sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Got {
    /// The name of the client.
    pub client: String,
    /// The texts of the answers; [`GIVEN_UP`] and [`NOTHING`] where there is none.
    pub answers: Vec<String>,
}

/// What a client got that stopped waiting.
pub const GIVEN_UP: &str = "given up";

/// What a client got that still waited at the end of the run.
pub const NOTHING: &str = "nothing";

/// A figure that is expected: exact (both ends the same; a tolerance applies) or from–to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The least.
    pub from: f64,
    /// The most.
    pub to: f64,
}
