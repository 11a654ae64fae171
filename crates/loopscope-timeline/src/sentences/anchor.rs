//! The moment that a note waits for, and why a moment is a stop.

use crate::counts::ordinal;
use crate::moments::moment::Moment;
use crate::moments::timeline::Timeline;
use crate::words::label;
use loopscope_trace::{Anchor, Language};

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

/// What makes a moment a stop; `None` where a note says it, or where it is none.
pub fn stop(timeline: &Timeline, moment: Moment, language: Language) -> Option<String> {
    let stop = timeline.stop_at(moment)?;
    if stop.says {
        return None;
    }
    let known = timeline.findings();
    let first = known.partition_point(|finding| finding.found < stop.from.at);
    let news = timeline.news.partition_point(|news| *news < stop.from);
    let is_news = timeline.news.get(news).is_some_and(|at| *at <= moment);
    let here = known
        .get(first)
        .filter(|finding| finding.found <= moment.at);
    if is_news && here.is_some() {
        let finding = timeline.finding_as_found(first)?;
        let sentence = finding.sentence(timeline, language);
        return Some(format!("found: {sentence}"));
    }
    let lines = timeline.outputs();
    let place = lines.partition_point(|line| line.event + 1 < moment.applied);
    let line = lines
        .get(place)
        .filter(|line| line.event + 1 == moment.applied)?;
    let who = line.lane.map_or("somebody", |lane| label(timeline, lane));
    let words = timeline.trace().text(line.text);
    Some(format!("{who} prints {words}"))
}
