//! Why a moment is a stop: what was found there, or what was printed.

use crate::moments::timeline::{Moment, Timeline};
use crate::words::names::label;
use loopscope_trace::Language;

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
