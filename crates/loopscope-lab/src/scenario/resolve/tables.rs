//! What single tables declare: variables, channels, and the kinds of locks and events.

use loopscope_trace::{Channel, Keep, LockKind, NamedEventKind, Variable};

use crate::scenario::decode::record::Record;
use crate::scenario::text::finder::Finder;

/// Who waits where it is taken.
pub(crate) fn lock_kind(row: &Record) -> LockKind {
    match row.text("kind") {
        Some("std") => LockKind::Std,
        _ => LockKind::Async,
    }
}

/// What sort of event a table declares.
pub(crate) fn event_kind(row: &Record) -> NamedEventKind {
    match row.text("kind") {
        Some("notify") => NamedEventKind::Notify,
        Some("condition") => NamedEventKind::Condition,
        _ => NamedEventKind::Event,
    }
}

/// A channel as its table has it.
pub(crate) fn channel(row: &Record, name: String, finder: &mut Finder<'_>) -> Channel {
    let keep = match row.text("keep") {
        Some("newest") => Keep::Newest,
        _ => match row.number("broadcast").map(u32::try_from) {
            Some(Ok(kept)) => Keep::Each(kept),
            _ => Keep::All,
        },
    };
    if row.get("keep").is_some() && row.get("broadcast").is_some() {
        let message = "a broadcast keeps values for each of its receivers".to_owned();
        let help = "leave `keep` out";
        finder.help("bad-value", row.at("keep"), message, help);
    }
    let capacity = row.number("capacity").map(u32::try_from);
    let capacity = capacity.and_then(Result::ok);
    if capacity.is_some() && keep != Keep::All {
        let message = "such a channel is never full".to_owned();
        let help = "leave `capacity` out, or `keep` and `broadcast`";
        finder.help("plain", row.at("capacity"), message, help);
    }
    Channel {
        name,
        keep,
        capacity,
        ..Channel::default()
    }
}

/// A variable as its table has it.
pub(crate) fn variable(row: &Record, name: String, finder: &mut Finder<'_>) -> Variable {
    let initial = row.text("initial").unwrap_or_default().to_owned();
    let file = row.flag("file").unwrap_or_default();
    if file && initial.parse::<i64>().is_err() {
        let message = format!("the file of `{name}` keeps a number");
        let help = "give it a whole number as `initial`, or leave `file` out";
        finder.help("bad-value", row.at("initial"), message, help);
    }
    Variable {
        name,
        initial,
        file,
    }
}
