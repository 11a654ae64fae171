//! What things and people are called in a sentence.

use crate::moments::timeline::Timeline;
use crate::tracks::track::LaneId;
use loopscope_trace::{Actor, Language, Nanos, StepId};

/// What a lane is called in a sentence: its letter, else its name.
pub fn label(timeline: &Timeline, lane: LaneId) -> &str {
    match timeline.lane(lane) {
        Some(lane) if lane.letter.is_empty() => &lane.name,
        Some(lane) => &lane.letter,
        None => "somebody",
    }
}

/// What an actor is called in a sentence.
pub(crate) fn who(timeline: &Timeline, actor: Actor) -> String {
    if let Some(lane) = timeline.lane_of(actor) {
        return label(timeline, lane).to_owned();
    }
    let name = match actor {
        Actor::Task(id) => timeline.live().task(id).map(|task| task.name),
        Actor::Job(id) => timeline.live().job(id).map(|job| job.name),
    };
    name.map_or("somebody", |name| timeline.trace().text(name))
        .to_owned()
}

/// How a step is written: `time.sleep(5)`.
pub fn step_text(timeline: &Timeline, step: StepId, language: Language) -> Option<&str> {
    let step = timeline.story().step(step)?;
    let text = match timeline.story().shown_in(language) {
        Language::Python => step.python.trim_end_matches(':'),
        Language::Rust => step.rust.trim_end_matches([';', '{', ' ']),
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The line of a step, where the listing shows it.
pub(crate) fn line(timeline: &Timeline, step: StepId, language: Language) -> Option<u32> {
    let story = timeline.story();
    let line = story.step(step)?.line.of(story.shown_in(language));
    (line > 0).then_some(line)
}

/// `time.sleep(5), line 5`, as much of it as is known and fits.
pub(crate) fn place(
    timeline: &Timeline,
    step: Option<StepId>,
    language: Language,
) -> Option<String> {
    let step = step?;
    let text = step_text(timeline, step, language).filter(|text| text.chars().count() <= 32);
    let line = line(timeline, step, language);
    match (text, line) {
        (Some(text), Some(line)) => Some(format!("{text}, line {line}")),
        (Some(text), None) => Some(text.to_owned()),
        (None, Some(line)) => Some(format!("line {line}")),
        (None, None) => None,
    }
}

/// ` inside time.sleep(5), line 5`, or ` at line 5` where the step is too long to be repeated.
pub(crate) fn inside(timeline: &Timeline, step: Option<StepId>, language: Language) -> String {
    place(timeline, step, language).map_or(String::new(), |place| {
        let how = if place.starts_with("line ") {
            "at"
        } else {
            "inside"
        };
        format!(" {how} {place}")
    })
}

/// `A`, `A and B`, `A, B and C`, `A, B and 3 others`.
pub(crate) fn list(names: &[&str], total: usize) -> String {
    let shown = if total > 3 {
        2.min(names.len())
    } else {
        names.len()
    };
    let others = total.saturating_sub(shown);
    let mut parts: Vec<String> = names.iter().take(shown).map(ToString::to_string).collect();
    match others {
        0 => {}
        1 => parts.push("one other".to_owned()),
        _ => parts.push(format!("{others} others")),
    }
    match parts.split_last() {
        None => "nobody".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// `one request`, `12 requests`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("one {one}"),
        _ => format!("{count} {many}"),
    }
}

/// `Two`, up to ten; figures above.
pub(crate) fn capital(count: u32) -> String {
    const WORDS: [&str; 11] = [
        "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
    ];
    let word = WORDS.get(count as usize);
    word.map_or_else(|| count.to_string(), ToString::to_string)
}

/// `3.40s`.
pub(crate) fn seconds(length: Nanos) -> String {
    format!("{}s", length.hundredths())
}

/// `first`, `second`, `third`; figures above.
pub(crate) fn ordinal(place: usize) -> String {
    match place {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        _ => format!("number {place}"),
    }
}
