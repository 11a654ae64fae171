//! The moment that a note waits for, as a scenario file writes it: `second output "bye"`.

use loopscope_trace::Anchor;

const ORDINALS: [&str; 10] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

/// `start`, `first blocked-loop`, `second output "bye"`.
// table
pub fn anchor(anchor: &Anchor) -> String {
    let (nth, what, name) = match anchor {
        Anchor::Start => return "start".to_owned(),
        Anchor::End => return "end".to_owned(),
        Anchor::Insight { kind, nth } => (nth, kind.as_str(), None),
        Anchor::Output { text, nth } => (nth, "output", text.as_deref()),
        Anchor::Sent { nth } => (nth, "request", None),
        Anchor::Accepted { nth } => (nth, "accepted", None),
        Anchor::Answered { nth } => (nth, "answer", None),
        Anchor::Queued { nth } => (nth, "queued", None),
        Anchor::GivenUp { nth } => (nth, "given-up", None),
        Anchor::TimedOut { nth } => (nth, "timeout", None),
        Anchor::Written { variable, nth } => (nth, "write", Some(variable.as_str())),
        Anchor::Chunk { nth } => (nth, "chunk", None),
        Anchor::ClientOutput { text, nth } => (nth, "client-output", text.as_deref()),
        Anchor::Cancelled { nth } => (nth, "cancelled", None),
        Anchor::ChannelSent { channel, nth } => (nth, "sent", Some(channel.as_str())),
        Anchor::ChannelReceived { channel, nth } => (nth, "received", Some(channel.as_str())),
        Anchor::ChildEnded { nth } => (nth, "child-ended", None),
        Anchor::Stopping { nth } => (nth, "stop", None),
    };
    let name = name.map_or(String::new(), |name| format!(" \"{name}\""));
    format!("{} {what}{name}", ordinal(*nth))
}

/// `first` to `tenth`, then `11th`.
fn ordinal(nth: u32) -> String {
    let place = usize::try_from(nth).unwrap_or(usize::MAX);
    if let Some(word) = place.checked_sub(1).and_then(|place| ORDINALS.get(place)) {
        return (*word).to_owned();
    }
    let ending = match (nth % 10, nth % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{nth}{ending}")
}
