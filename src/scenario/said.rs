//! What is said to people: `[[note]]` and `[[predict]]`.

use super::cost::Prints;
use super::diagnostic::Finder;
use super::expect::Facts;
use super::names::Names;
use super::record::{Record, Value};
use super::words;
use crate::trace::{Anchor, Choice, Note, Question};

/// Reads `[[note]]`. With `facts`, a note about a moment that never comes is wrong.
pub(super) fn notes(
    rows: &[Record],
    names: &Names,
    facts: Option<Facts<'_>>,
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
                names.variable(variable, place, finder);
            }
            Anchor::ChannelSent { channel, .. } | Anchor::ChannelReceived { channel, .. } => {
                names.channel(channel, place, finder);
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
fn never(when: &Anchor, facts: Facts<'_>) -> Option<(String, String)> {
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
fn nowhere(when: &Anchor, facts: Facts<'_>) -> Option<(String, String)> {
    let does = facts.does;
    let printing = || facts.clients.iter().any(|client| client.prints.is_some());
    let (happens, why) = match when {
        Anchor::GivenUp { .. } => (facts.gives_up(), "no client has a `timeout` or `leaves`"),
        Anchor::TimedOut { .. } => (does.limits, "no step has a `timeout` or a `limit`"),
        Anchor::Chunk { .. } => (does.chunks, "no function has a `chunk`"),
        Anchor::Stopping { .. } => (does.stops, "no function has a `stop`"),
        Anchor::ClientOutput { .. } => (printing(), "no client has `prints`"),
        Anchor::ChildEnded { .. } => (
            does.processes || facts.runtime.processes > 1,
            "there is no child process",
        ),
        _ => return None,
    };
    let message = format!("this moment never comes: {why}");
    (!happens).then(|| (message, "choose another one".to_owned()))
}

/// No function prints `text`.
pub(super) fn unprinted(text: &str, prints: &Prints) -> (String, String) {
    let known: Vec<&str> = prints.lines.keys().map(String::as_str).collect();
    (
        format!("nothing that runs prints `{}`", words::short(text)),
        words::suggest(text, &known, "the lines", "no line is printed at all"),
    )
}

/// Reads `[[predict]]`.
pub(super) fn questions(
    rows: &[Record],
    prints: &Prints,
    finder: &mut Finder<'_>,
) -> Vec<Question> {
    let mut questions = Vec::new();
    for row in rows {
        let options = row.rows("options");
        if row.get("options").is_some() {
            check(row, options, finder);
        }
        questions.push(Question {
            ask: row.text("ask").unwrap_or_default().to_owned(),
            options: options.iter().map(|row| choice(row, prints)).collect(),
            ..Question::default()
        });
    }
    questions
}

fn check(row: &Record, options: &[Record], finder: &mut Finder<'_>) {
    let place = row.at("options");
    if !(3..=5).contains(&options.len()) {
        let message = format!(
            "a question has 3 to 5 options, this one {}",
            words::count(options.len() as u64, "option")
        );
        finder.add("options", place.start..place.start + 1, message);
    }
    let right = |option: &Record| option.flag("right") == Some(true);
    match options.iter().filter(|option| right(option)).count() {
        1 => {}
        0 => {
            let message = "no option is right".to_owned();
            let help = "write right = true in one of them";
            finder.help("options", place.start..place.start + 1, message, help);
        }
        _ => {
            for option in options.iter().filter(|option| right(option)).skip(1) {
                let message = "a second option is right".to_owned();
                let help = "exactly one option is right";
                finder.help("options", option.at("right"), message, help);
            }
        }
    }
    for (at, option) in options.iter().enumerate() {
        if !right(option) && option.text("reply").is_none() {
            let message = "a wrong option needs a `reply`".to_owned();
            let help = "say in one sentence what the person who chose it takes for true";
            finder.help("missing", option.span.clone(), message, help);
        }
        let say = option.text("say");
        if say.is_some() && options[..at].iter().any(|other| other.text("say") == say) {
            let message = "two options say the same".to_owned();
            finder.help("duplicate", option.at("say"), message, "change one of them");
        }
    }
}

fn choice(option: &Record, prints: &Prints) -> Choice {
    let say = option.text("say").unwrap_or_default();
    let lines = match option.lines("lines") {
        Some(lines) => lines.iter().map(|(line, _)| line.clone()).collect(),
        // `Hello bye Hello bye` predicts lines; `another order on every run` does not.
        None if say
            .split_whitespace()
            .all(|word| prints.lines.contains_key(word)) =>
        {
            say.split_whitespace().map(str::to_owned).collect()
        }
        None => Vec::new(),
    };
    Choice {
        say: say.to_owned(),
        reply: option.text("reply").map(str::to_owned),
        right: option.flag("right").unwrap_or(false),
        lines,
        number: None,
    }
}
