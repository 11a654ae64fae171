//! The end of a run: what was printed, against what was chosen, and what it took.

use super::super::timeline::Timeline;
use super::words::{capital, counted, seconds};
use crate::trace::{Choice, EndReason, Nanos, StepId};

/// More lines than this are counted, not repeated.
const MOST_LINES: usize = 8;

/// The end screen's sentences: the result, the reply to what was chosen before the run, and the
/// time that it took, all from the trace.
pub fn result(timeline: &Timeline, chosen: Option<&Choice>) -> String {
    let mut parts = Vec::new();
    let printed: Vec<&str> = timeline
        .outputs()
        .iter()
        .map(|line| timeline.trace().text(line.text))
        .collect();
    let about_lines = chosen.is_some_and(|choice| !choice.lines.is_empty());
    // A bare count of lines answers only who said something about lines.
    let said = printed_lines(&printed).filter(|_| about_lines || printed.len() <= MOST_LINES);
    let against = chosen.and_then(|choice| against(&printed, choice));
    match (said, against) {
        (Some(said), Some(against)) => parts.push(format!("{said}: {against}.")),
        (Some(said), None) => parts.push(format!("{said}.")),
        (None, Some(against)) => parts.push(format!("It was {against}.")),
        (None, None) => {}
    }
    let as_written = timeline.story().is_as_written();
    match chosen {
        Some(choice) if choice.right && choice.lines.is_empty() && as_written => {
            parts.push(format!("You said {}: so it was.", quoted(&choice.say)));
        }
        Some(choice) if choice.lines.is_empty() => {
            parts.push(format!("You said {}.", quoted(&choice.say)));
        }
        _ => {}
    }
    let reply = chosen.and_then(|choice| choice.reply.as_deref());
    if let Some(reply) = reply.filter(|_| as_written) {
        parts.push(reply.to_owned());
    }
    parts.extend(
        stopped(timeline)
            .or_else(|| super::outcome::lost(timeline))
            .or_else(|| took(timeline)),
    );
    parts.extend(super::outcome::given_up(timeline));
    // Who chose nothing, or chose right, gets the answer itself.
    let is_answer = chosen.is_none_or(|choice| choice.right) && as_written;
    if is_answer && !timeline.story().shows.is_empty() {
        parts.push(timeline.story().shows.clone());
    }
    parts.join(" ")
}

fn quoted(say: &str) -> &str {
    say.trim_end_matches('.')
}

fn printed_lines(printed: &[&str]) -> Option<String> {
    let length: usize = printed.iter().map(|line| line.chars().count() + 1).sum();
    match printed.len() {
        0 => None,
        1..=MOST_LINES if length <= 60 => Some(format!("It was {}", printed.join(" "))),
        count => Some(format!("{count} lines were printed")),
    }
}

/// `2 of your 4 lines`.
fn against(printed: &[&str], choice: &Choice) -> Option<String> {
    let said = &choice.lines;
    if said.is_empty() {
        return None;
    }
    let same = said.iter().zip(printed).filter(|(said, seen)| said == seen);
    let same = same.count();
    if same == said.len() && same == printed.len() {
        return Some("all as you said".to_owned());
    }
    let more = printed.len().saturating_sub(said.len());
    let more = match more {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    Some(format!("{same} of your {} lines{more}", said.len()))
}

/// `The limit stopped it at 2.00s: 2 tasks had not ended.`
fn stopped(timeline: &Timeline) -> Option<String> {
    let who = match timeline.ended()? {
        EndReason::Finished => return None,
        EndReason::Limit => "The limit stopped it",
        EndReason::Stopped => "It was stopped",
    };
    let world = timeline.live();
    let tasks = world.tasks.iter().filter(|task| task.role.is_story());
    let left = tasks.filter(|task| task.ended.is_none()).count();
    let left = match left {
        0 => String::new(),
        left => format!(": {} had not ended", counted(left, "task", "tasks")),
    };
    Some(format!("{who} at {}{left}.", seconds(timeline.settled())))
}

/// `Two sleeps of 5s took 10.01s.`
fn took(timeline: &Timeline) -> Option<String> {
    // The same figure as the clock of a run that begins at once.
    let (elapsed, end) = (timeline.elapsed()?, timeline.last_end()?);
    let begins_at_once = end.since(elapsed) < Nanos::from_millis(50);
    let total = seconds(if begins_at_once { end } else { elapsed });
    let sleeps = timeline.holds();
    let mut used = sleeps.iter().enumerate().filter(|(_, hold)| hold.count > 0);
    let (step, hold) = used.next()?;
    let nominal = nominal(timeline, step);
    let mean = hold.total.as_secs_f64() / f64::from(hold.count);
    // The figure in the listing is said only where the run really took it.
    let is_true = |nominal: f64| mean >= nominal * 0.98 && mean <= nominal * 1.1 + 0.05;
    match nominal.filter(|&nominal| used.next().is_none() && is_true(nominal)) {
        Some(nominal) => {
            let kind = if hold.computes {
                "computation"
            } else {
                "sleep"
            };
            let plural = if hold.count == 1 { "" } else { "s" };
            let count = capital(hold.count);
            Some(format!(
                "{count} {kind}{plural} of {nominal}s took {total}."
            ))
        }
        None => Some(format!("It took {total}.")),
    }
}

/// The seconds that a step names.
fn nominal(timeline: &Timeline, step: usize) -> Option<f64> {
    timeline.story().step(StepId::from(step))?.named_seconds()
}
