//! A scenario before its run: what it is, its code, who asks for what, and its knobs.

use std::collections::BTreeMap;

use crate::export::text;
use loopscope_protocol::problem::Problem;
use loopscope_trace::{Clock, FunctionId, Language, Nanos, Planned, Story};

/// The most requests that are told one by one.
const FEW: usize = 8;

/// Title, question, code, and what will happen.
pub(crate) fn scenario(story: &Story, language: Language) -> Vec<String> {
    let number = story.number.trim_start_matches('0');
    let called = match number {
        "" => story.id.clone(),
        number => format!("{number}, {}", story.id),
    };
    let mut lines = vec![format!("Scenario {called}: {}", story.title)];
    if !story.asks.is_empty() {
        lines.push(story.asks.clone());
    }
    lines.extend(code(story, language));
    lines.push("What happens:".to_owned());
    lines.extend(asks(story));
    lines.push(text::shape(story));
    if story.clock == Clock::Virtual {
        lines.push("Its time is computed: nothing really sleeps.".to_owned());
    } else if story.speed > 0.0 && (story.speed - 1.0).abs() > f64::EPSILON {
        let speed = story.speed;
        lines.push(format!("It runs {speed} times as fast as its clock says."));
    }
    if !story.knobs.is_empty() {
        let values = story.knobs.iter();
        let values: Vec<_> = values.map(|knob| (knob.name.clone(), knob.value)).collect();
        lines.extend(knobs(story, &values));
    }
    lines
}

/// The listing, its lines numbered as everywhere else.
pub(crate) fn code(story: &Story, language: Language) -> Vec<String> {
    let shown = story.shown_in(language);
    let Some(listing) = story.listing(shown) else {
        return vec!["It has no code to show.".to_owned()];
    };
    let name = match shown {
        Language::Python => "Python",
        Language::Rust => "Rust",
    };
    let more = if story.languages.len() > 1 {
        "; c tells it in the other language"
    } else {
        ""
    };
    let count = listing.lines.len();
    let mut lines = vec![format!("Code in {name}, {count} lines{more}:")];
    for (place, tokens) in listing.lines.iter().enumerate() {
        let text: String = tokens.iter().map(|token| token.text.as_str()).collect();
        lines.push(format!("{} {text}", place + 1).trim_end().to_owned());
    }
    lines
}

/// The language to turn to; the same one where there is no other.
pub(crate) fn other(story: &Story, language: Language) -> Language {
    let shown = story.shown_in(language);
    let mut languages = story.listings.iter().map(|listing| listing.language);
    languages.find(|other| *other != shown).unwrap_or(shown)
}

/// A line for each request; where they are many, one for each moment and route.
fn asks(story: &Story) -> Vec<String> {
    if !story.is_server() {
        return vec!["It is a program that starts by itself.".to_owned()];
    }
    let route = |function: FunctionId| {
        let function = story.function(function);
        let route = function.and_then(|function| function.route.as_deref());
        route.unwrap_or("?").to_owned()
    };
    if story.planned.len() <= FEW {
        let each = story.planned.iter().zip('A'..='Z');
        let each = each.map(|(planned, letter): (&Planned, char)| {
            let client = story.clients.get(planned.client.index());
            let client = client.map_or("a client", |client| client.name.as_str());
            let at = planned.at.hundredths();
            format!(
                "{at}s: {letter}, from {client}, asks for {}",
                route(planned.function)
            )
        });
        return each.collect();
    }
    let mut groups: BTreeMap<(Nanos, FunctionId), usize> = BTreeMap::new();
    for planned in &story.planned {
        *groups.entry((planned.at, planned.function)).or_default() += 1;
    }
    let more = groups.len().saturating_sub(FEW);
    let first = groups.iter().take(FEW);
    let mut lines: Vec<String> = first
        .map(|((at, function), count)| {
            let plural = if *count == 1 { " asks" } else { "s ask" };
            let at = at.hundredths();
            format!("{at}s: {count} request{plural} for {}", route(*function))
        })
        .collect();
    if more > 0 {
        lines.push(format!(
            "And so on, {} requests in all.",
            story.planned.len()
        ));
    }
    lines
}

/// The knobs, and how one turns them.
pub(crate) fn knobs(story: &Story, values: &[(String, i64)]) -> Vec<String> {
    if story.knobs.is_empty() {
        return vec!["This scenario has no knobs.".to_owned()];
    }
    let mut lines = Vec::new();
    for (knob, (_, value)) in story.knobs.iter().zip(values) {
        lines.push(format!(
            "Knob {} is {value}; it goes from {} to {}.",
            knob.name, knob.min, knob.max
        ));
    }
    if let Some((name, value)) = values.first() {
        lines.push(format!(
            "Type {name}={value} with another number to turn it."
        ));
    }
    lines
}

/// The value that a knob is turned to, or what is wrong with it.
pub(crate) fn turned(story: &Story, name: &str, value: &str) -> Result<i64, String> {
    let names: Vec<&str> = story.knobs.iter().map(|knob| knob.name.as_str()).collect();
    let Some(knob) = story.knobs.iter().find(|knob| knob.name == name) else {
        return Err(match names.as_slice() {
            [] => "This scenario has no knobs.".to_owned(),
            names => format!("No knob is called {name}: it has {}.", names.join(", ")),
        });
    };
    match value.parse() {
        Ok(value) if (knob.min..=knob.max).contains(&value) => Ok(value),
        _ => Err(format!(
            "{name} is a whole number from {} to {}.",
            knob.min, knob.max
        )),
    }
}

/// Why something cannot be had, with the mistakes of a file as sentences: where, what, and what to
/// do. The screen's diagnostics are drawn.
pub(crate) fn mistakes(problem: Problem) -> Problem {
    let count = problem.mistakes.len();
    let mistakes = match count {
        0 => return problem,
        1 => "a mistake".to_owned(),
        count => format!("{count} mistakes"),
    };
    let mut details = Vec::new();
    for found in &problem.mistakes {
        details.push(match found.line {
            0 => format!("{}.", found.message),
            line => format!("Line {line}, column {}: {}.", found.column, found.message),
        });
        let help = found.help.as_ref();
        details.extend(help.map(|help| format!("What to do: {help}.")));
    }
    details.push("Type its path again when it is put right.".to_owned());
    Problem {
        sentence: format!("{} has {mistakes}", problem.path),
        details,
        ..problem
    }
}
