//! What an answer is worth: it is held against what the run did, never against the file alone.

use crate::counts::ordinal;
use crate::moments::timeline::Timeline;
use crate::runs::load;
use loopscope_trace::{Answer, Choice, EndReason, Nanos, Quantity, Question};

/// The most printed lines that a sentence repeats.
const MOST_LINES: usize = 8;
/// The most characters of them.
const MOST_LETTERS: usize = 60;
/// A duration is right when it is so near, in seconds of scenario time, or within 5 %.
const NEAR: f64 = 0.050;

/// What an answer is worth by the trace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict<'a> {
    /// Whether it is right; nothing while the run has not come to its own end, or where only the
    /// file could say and a knob is turned.
    pub right: Option<bool>,
    /// The lines that the answer predicts, in their order; empty where it predicts none.
    pub lines: Vec<Predicted<'a>>,
    /// The number that was asked for, once the run has given it; seconds for durations.
    pub measured: Option<f64>,
    /// What was said, and what came, in one or two sentences.
    pub sentence: String,
    /// The reply that the file has for this answer; only while all knobs stand as written.
    pub reply: Option<&'a str>,
}

/// A line that an answer predicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Predicted<'a> {
    /// Its text.
    pub text: &'a str,
    /// Whether the line printed at its place is the same; nothing while none is printed there.
    pub same: Option<bool>,
}

/// Holds an answer to a question of the story against the run, as far as it has come. Nothing
/// where the story has no such question, or the question no such answer.
pub fn verdict<'a>(
    timeline: &'a Timeline,
    question: usize,
    answer: &'a Answer,
) -> Option<Verdict<'a>> {
    let question = timeline.story().questions.get(question)?;
    let option = question.option_of(answer);
    let told = option.filter(|_| timeline.story().is_as_written());
    let lines = predicted(question, answer);
    let mut verdict = match (answer, option.and_then(|option| option.number)) {
        (Answer::Number(said), _) => of_number(timeline, &question.number, *said),
        (Answer::Option(_), Some(said)) => of_number(timeline, &question.number, said),
        (Answer::Option(_), None) if lines.is_empty() => of_words(timeline, question, option?),
        (Answer::Option(_) | Answer::Lines(_), _) => of_lines(timeline, lines),
    };
    verdict.reply = told.and_then(|option| option.reply.as_deref());
    if verdict.reply.is_none() {
        verdict
            .sentence
            .push_str(&first_difference(&verdict.lines, timeline));
    }
    Some(verdict)
}

/// What several predictions are worth together: wrong where one is, right where all are. Nothing
/// where there is none, or where one is open.
pub fn all_right(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let verdicts: Vec<Option<bool>> = verdicts.collect();
    if verdicts.contains(&Some(false)) {
        return Some(false);
    }
    let right = !verdicts.is_empty() && verdicts.iter().all(Option::is_some);
    right.then_some(true)
}

/// The lines that an answer predicts.
pub fn predicted<'a>(question: &'a Question, answer: &'a Answer) -> &'a [String] {
    match answer {
        Answer::Lines(lines) => lines,
        Answer::Option(place) => {
            let option = question.options.get(*place);
            option.map_or(&[], |option| &option.lines)
        }
        Answer::Number(_) => &[],
    }
}

/// An answer as a sentence repeats it: `Hello bye Hello bye`, `5s`, `40`.
pub fn in_words(question: &Question, answer: &Answer) -> String {
    match (answer, question.option_of(answer)) {
        (Answer::Number(number), _) => figure(&question.number, *number),
        (_, Some(option)) => option.say.trim_end_matches('.').to_owned(),
        (Answer::Lines(lines), None) => {
            let length: usize = lines.iter().map(|line| line.chars().count() + 1).sum();
            if length <= MOST_LETTERS {
                together(lines)
            } else {
                "another order".to_owned()
            }
        }
        (Answer::Option(_), None) => String::new(),
    }
}

/// Lines in one sentence: `Hello bye`; with commas where one of them has several words.
pub fn together(lines: &[impl AsRef<str>]) -> String {
    let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
    let apart = lines.iter().any(|line| line.contains(' '));
    lines.join(if apart { ", " } else { " " })
}

/// `It was Hello bye Hello bye`, or how many lines were printed.
pub(crate) fn printed_lines(timeline: &Timeline) -> Option<String> {
    let printed = printed(timeline);
    let length: usize = printed.iter().map(|line| line.chars().count() + 1).sum();
    match printed.len() {
        0 => None,
        1..=MOST_LINES if length <= MOST_LETTERS => Some(format!("It was {}", together(&printed))),
        count => Some(format!("{count} lines were printed")),
    }
}

/// Whether the printed lines are few enough to be repeated without being asked for.
pub(crate) fn few_lines(timeline: &Timeline) -> bool {
    timeline.outputs().len() <= MOST_LINES
}

fn printed(timeline: &Timeline) -> Vec<&str> {
    let lines = timeline.outputs().iter();
    lines.map(|line| timeline.trace().text(line.text)).collect()
}

/// Whether the run has come to its own end, so that nothing can change any more.
fn over(timeline: &Timeline) -> bool {
    let ended = timeline.ended();
    matches!(ended, Some(reason) if reason != EndReason::Stopped)
}

fn of_lines<'a>(timeline: &'a Timeline, lines: &'a [String]) -> Verdict<'a> {
    let printed = printed(timeline);
    let seen = |place: usize| printed.get(place).copied();
    let over = over(timeline);
    let lines = lines.iter().enumerate().map(|(place, text)| Predicted {
        text,
        // A line that never comes is no more right than another one in its place.
        same: match seen(place) {
            Some(seen) => Some(seen == text),
            None => over.then_some(false),
        },
    });
    let lines: Vec<Predicted> = lines.collect();
    let same = lines.iter().filter(|line| line.same == Some(true)).count();
    let all = same == lines.len() && same == printed.len();
    let against = if all {
        "all as you said".to_owned()
    } else {
        let more = match printed.len().saturating_sub(lines.len()) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        format!("{same} of your {} lines{more}", lines.len())
    };
    Verdict {
        right: over.then_some(all),
        sentence: match printed_lines(timeline) {
            Some(said) => format!("{said}: {against}."),
            None if over => "Nothing was printed.".to_owned(),
            None => "Nothing is printed yet.".to_owned(),
        },
        lines,
        ..Verdict::default()
    }
}

/// ` Your second line was Hello; bye was printed.`
fn first_difference(lines: &[Predicted], timeline: &Timeline) -> String {
    let differs = lines.iter().position(|line| line.same == Some(false));
    let Some(place) = differs else {
        return String::new();
    };
    let (nth, said) = (
        ordinal(u32::try_from(place + 1).unwrap_or(u32::MAX)),
        lines[place].text,
    );
    match printed(timeline).get(place) {
        Some(seen) => format!(" Your {nth} line was {said}; {seen} was printed."),
        None => format!(" Your {nth} line was {said}; no such line came."),
    }
}

fn of_words<'a>(timeline: &Timeline, question: &Question, option: &Choice) -> Verdict<'a> {
    let say = option.say.trim_end_matches('.');
    let known = timeline.story().is_as_written();
    let so = match (known && option.right, question.after) {
        (true, false) => ": so it was",
        (true, true) => ": so it is",
        (false, _) => "",
    };
    Verdict {
        right: (known && over(timeline)).then_some(option.right),
        sentence: format!("You said {say}{so}."),
        ..Verdict::default()
    }
}

fn of_number<'a>(timeline: &Timeline, quantity: &Quantity, said: f64) -> Verdict<'a> {
    let figures = |number: f64| figure(quantity, number);
    let Some(seen) = measured(timeline, quantity) else {
        return Verdict {
            sentence: format!("You said {}.", figures(said)),
            ..Verdict::default()
        };
    };
    // What others did to the machine is no part of what was asked.
    let free = load::on_a_free_machine(timeline).filter(|_| *quantity == Quantity::Elapsed);
    let free = free.map(Nanos::as_secs_f64);
    let right = quantity.near(free.unwrap_or(seen), said, NEAR);
    let joint = if right { ", and" } else { ":" };
    let (you, it) = (figures(said), figures(seen));
    let sentence = match quantity {
        Quantity::Elapsed => match free.map(figures) {
            None => format!("You said {you}{joint} it took {it}."),
            Some(free) if right => {
                format!("You said {you}, and on a free machine it takes {free}; it took {it}.")
            }
            Some(free) => format!("You said {you}: it took {it}; on a free machine {free}."),
        },
        Quantity::Lines => {
            let lines = if said == 1.0 { "line" } else { "lines" };
            let were = if seen == 1.0 { "was" } else { "were" };
            format!("You said {you} {lines}{joint} {it} {were} printed.")
        }
        Quantity::Variable(name) => format!("You said {you}{joint} {name} was {it} at the end."),
    };
    Verdict {
        right: over(timeline).then_some(right),
        measured: Some(seen),
        sentence,
        ..Verdict::default()
    }
}

/// The number that a question asks for, as far as the run has come.
pub fn measured(timeline: &Timeline, quantity: &Quantity) -> Option<f64> {
    match quantity {
        Quantity::Elapsed => timeline.elapsed().map(Nanos::as_secs_f64),
        Quantity::Lines => Some(timeline.outputs().len() as f64),
        Quantity::Variable(name) => {
            let declared = &timeline.story().variables;
            let of = declared.iter().position(|known| known.name == *name)?;
            let all = timeline.live().shared.variables();
            let copies = all.filter(|variable| usize::from(variable.of) == of);
            let values = copies.map(|copy| match copy.last {
                Some(write) => timeline.trace().text(write.value),
                None => declared[of].initial.as_str(),
            });
            let numbers: Option<Vec<i64>> = values.map(|value| value.parse().ok()).collect();
            let sum = numbers?.into_iter().fold(0, i64::saturating_add);
            Some(sum as f64)
        }
    }
}

/// A number with its unit: `10.01s`, `5s`, `0.025s`, `40`.
pub fn figure(quantity: &Quantity, number: f64) -> String {
    if *quantity != Quantity::Elapsed {
        return format!("{number:.0}");
    }
    let length = Nanos::from_secs_f64(number);
    let text = if length < Nanos::from_millis(100) {
        length.thousandths()
    } else {
        length.hundredths()
    };
    format!("{}s", text.trim_end_matches('0').trim_end_matches('.'))
}
