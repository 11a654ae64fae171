//! What is known of a run before it starts.

use loopscope_trace::{Client, NamedPool, Planned, RuntimeShape};

use crate::scenario::check::cost::Prints;
use crate::scenario::text::words;

/// What an expectation is held against before the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) prints: &'a Prints,
    pub(crate) planned: &'a [Planned],
    pub(crate) clients: &'a [Client],
    pub(crate) pools: &'a [NamedPool],
    pub(crate) does: Does,
    pub(crate) runtime: &'a RuntimeShape,
    pub(crate) limit: f64,
}

impl Known<'_> {
    /// Whether any client may stop waiting for a request.
    pub(crate) fn gives_up(&self) -> bool {
        let mut clients = self.clients.iter();
        clients.any(|client| client.timeout.is_some() || client.leaves.is_some())
    }
}

/// What a program does at all, wherever it does it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Does {
    pub(crate) chunks: bool,
    pub(crate) limits: bool,
    pub(crate) stops: bool,
    pub(crate) processes: bool,
}

/// No function prints `text`.
pub(crate) fn unprinted(text: &str, prints: &Prints) -> (String, String) {
    let known: Vec<&str> = prints.lines.keys().map(String::as_str).collect();
    (
        format!("nothing that runs prints `{}`", words::short(text)),
        words::suggest(text, &known, "the lines", "no line is printed at all"),
    )
}
