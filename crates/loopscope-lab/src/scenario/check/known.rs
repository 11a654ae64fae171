//! What is known of a run before it starts, and the notes that are said when the trace gets
//! there: `[[note]]`.

use loopscope_trace::{
    Anchor, ChannelId, Client, NamedPool, Note, Planned, RuntimeShape, VariableId,
};

use crate::scenario::check::cost::Prints;
use crate::scenario::decode::record::{Record, Value};
use crate::scenario::model::scenario::Start;
use crate::scenario::resolve::names::Names;
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

/// What an expectation is held against before the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) prints: &'a Prints,
    pub(crate) planned: &'a [Planned],
    pub(crate) clients: &'a [Client],
    pub(crate) pools: &'a [NamedPool],
    pub(crate) features: Features,
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

/// What is there besides the functions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileFacts<'a> {
    /// Clients send requests.
    pub(crate) server: bool,
    /// The file has a `limit` of its own.
    pub(crate) limit: bool,
    /// The file expects that the run does not end.
    pub(crate) unfinished: bool,
    /// The file is told in Python, too.
    pub(crate) python: bool,
    /// The programs that are started besides.
    pub(crate) starts: &'a [Start],
    /// It is told in Rust.
    pub(crate) rust: bool,
}

/// What a program does at all, wherever it does it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Features {
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

/// Reads `[[note]]`. With `facts`, a note about a moment that never comes is wrong.
pub(crate) fn notes(
    rows: &[Record],
    names: &Names,
    facts: Option<Known<'_>>,
    finder: &mut Finder<'_>,
) -> Vec<Note> {
    let mut notes = Vec::new();
    for row in rows {
        let (Some(Value::Anchor(when)), Some(say)) = (row.get("when"), row.text("say")) else {
            continue;
        };
        let place = row.at("when");
        match when {
            Anchor::Written { variable, .. } => {
                names.find::<VariableId>(variable, place, finder);
            }
            Anchor::ChannelSent { channel, .. } | Anchor::ChannelReceived { channel, .. } => {
                names.find::<ChannelId>(channel, place, finder);
            }
            when => {
                if let Some((message, help)) = facts.and_then(|facts| never(when, facts)) {
                    finder.help("cannot-hold", place, message, help);
                }
            }
        }
        notes.push(Note {
            when: when.clone(),
            say: say.to_owned(),
        });
    }
    notes
}

/// Why this moment never comes, where that is certain.
fn never(when: &Anchor, facts: Known<'_>) -> Option<(String, String)> {
    let prints = facts.prints;
    let (nth, there, what) = match when {
        Anchor::Output { .. } if prints.open => return None,
        Anchor::Output {
            text: Some(text),
            nth,
        } => {
            let Some(count) = prints.lines.get(text) else {
                return Some(unprinted(text, prints));
            };
            let line = format!("line `{}`", words::short(text));
            (*nth, *count, line)
        }
        Anchor::Output { text: None, nth } => {
            (*nth, prints.lines.values().sum(), "line".to_owned())
        }
        Anchor::Sent { nth } | Anchor::Accepted { nth } | Anchor::Answered { nth } => {
            (*nth, facts.planned.len() as u64, "request".to_owned())
        }
        _ => return nowhere(when, facts),
    };
    (u64::from(nth) > there).then(|| {
        let counted = words::count(there, &what);
        let verb = if there == 1 { "is" } else { "are" };
        let message = format!("this moment never comes: there {verb} {counted}");
        (message, "choose an earlier one".to_owned())
    })
}

/// Why nothing of this kind happens at all, where that is certain.
fn nowhere(when: &Anchor, facts: Known<'_>) -> Option<(String, String)> {
    let features = facts.features;
    let printing = || facts.clients.iter().any(|client| client.prints.is_some());
    let (happens, why) = match when {
        Anchor::GivenUp { .. } => (facts.gives_up(), "no client has a `timeout` or `leaves`"),
        Anchor::TimedOut { .. } => (features.limits, "no step has a `timeout` or a `limit`"),
        Anchor::Chunk { .. } => (features.chunks, "no function has a `chunk`"),
        Anchor::Stopping { .. } => (features.stops, "no function has a `stop`"),
        Anchor::ClientOutput { .. } => (printing(), "no client has `prints`"),
        Anchor::ChildEnded { .. } => (
            features.processes || facts.runtime.processes > 1,
            "there is no child process",
        ),
        _ => return None,
    };
    let message = format!("this moment never comes: {why}");
    (!happens).then(|| (message, "choose another one".to_owned()))
}
