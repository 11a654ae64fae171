//! The clients of a story, and the requests that they will send.

use serde::{Deserialize, Serialize};

use crate::ids::id::{ClientId, FunctionId};
use crate::ids::time::Nanos;

/// A client.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Client {
    /// `tab 1`.
    pub name: String,
    /// It gives a request up so long after sending it.
    pub timeout: Option<Nanos>,
    /// It disconnects so long after sending, and waits for nothing any more.
    pub leaves: Option<Nanos>,
    /// Whether and when it prints the answers.
    pub prints: Option<Prints>,
}

/// When a client prints the answers that it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prints {
    /// Each as it comes.
    Answered,
    /// All in the order in which it asked, when the last is there.
    InOrder,
}

/// A request that a client will send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Planned {
    /// When.
    pub at: Nanos,
    /// By whom.
    pub client: ClientId,
    /// To which function.
    pub function: FunctionId,
    /// On the one connection that the client shares among such requests: one at a time.
    pub shared: bool,
}
