//! Parts of the report: variables, child processes, what people said.

use std::collections::BTreeMap;

use crate::export::report::{AnswerRow, ProcessRow, SaidRow, Value};
use crate::export::rows::{Name, Rows};
use loopscope_timeline::{Process, Timeline, Variable, prediction, verdict};
use loopscope_trace::{Answer, Answered, Nanos, Tally, TextId};

/// The last values of the story's variables by name. Where child processes have copies of their
/// own, each copy stands there too (`visits@process-1`), and the plain name has their sum.
pub(crate) fn variables(timeline: &Timeline) -> BTreeMap<Name<'_>, Option<Value<'_>>> {
    let shared = &timeline.live().shared;
    let mut values = BTreeMap::new();
    for (place, declared) in timeline.story().variables.iter().enumerate() {
        let of = u16::try_from(place).unwrap_or(u16::MAX);
        let all = shared.variables().filter(|variable| variable.of == of);
        let variable = declared.name.as_str();
        let mut sum = None;
        for seen in all {
            let value = parsed(value_of(timeline, seen));
            if let Some(process) = seen.process {
                let process = shared.processes.get(process.index());
                let process = process.map_or(TextId::NONE, |process| process.name);
                let process = Some(timeline.trace().text(process));
                values.insert(Name { variable, process }, Some(value));
            }
            sum = Some(match (sum, value) {
                (None, value) => value,
                (Some(Value::Number(one)), Value::Number(other)) => {
                    Value::Number(one.saturating_add(other))
                }
                // Texts of several copies have no sum: the first one stands for them.
                (Some(before), _) => before,
            });
        }
        let process = None;
        values.insert(Name { variable, process }, sum);
    }
    values
}

fn value_of<'a>(timeline: &'a Timeline, variable: &Variable) -> &'a str {
    let initial = timeline.story().variables.get(usize::from(variable.of));
    let initial = initial.map_or("", |variable| variable.initial.as_str());
    let last = variable.last.map(|write| write.value);
    last.map_or(initial, |value| timeline.trace().text(value))
}

/// A whole number where it is one, else a text.
fn parsed(value: &str) -> Value<'_> {
    value.parse().map_or(Value::Text(value), Value::Number)
}

/// All child processes, by id.
pub(crate) fn processes(timeline: &Timeline) -> Rows<'_, ProcessRow<'_>> {
    let row = |process: &Process| ProcessRow {
        name: timeline.trace().text(process.name),
        pid: process.pid,
        started: process.started.as_secs_f64(),
        ended: process.ended.map(Nanos::as_secs_f64),
        status: process.status,
    };
    Rows::new(move || timeline.live().shared.processes.iter().map(row))
}

/// What was said, by question; questions without an answer have no row.
pub(crate) fn answers(timeline: &Timeline) -> Vec<SaidRow> {
    let all = timeline.trace().answers.0.iter().enumerate();
    let said = all.filter(|(_, said)| **said != Answered::default());
    said.map(|(place, said)| said_row(timeline, place, said))
        .collect()
}

fn said_row(timeline: &Timeline, place: usize, said: &Answered) -> SaidRow {
    let question = timeline.story().questions.get(place);
    let answers = said.answers.iter();
    SaidRow {
        question: place,
        ask: question
            .map(|question| question.ask.clone())
            .unwrap_or_default(),
        after: question.is_some_and(|question| question.after),
        answers: answers
            .map(|answer| answer_row(timeline, place, answer))
            .collect(),
        hands: said
            .tallies
            .iter()
            .map(|Tally(hands)| hands.clone())
            .collect(),
    }
}

fn answer_row(timeline: &Timeline, place: usize, answer: &Answer) -> AnswerRow {
    let question = timeline.story().questions.get(place);
    let say = question.map(|question| prediction::in_words(question, answer));
    let row = AnswerRow {
        say: say.unwrap_or_default(),
        option: None,
        lines: None,
        number: None,
        right: verdict(timeline, place, answer).and_then(|verdict| verdict.right),
    };
    match answer.clone() {
        Answer::Option(option) => AnswerRow {
            option: Some(option),
            ..row
        },
        Answer::Lines(lines) => AnswerRow {
            lines: Some(lines),
            ..row
        },
        Answer::Number(number) => AnswerRow {
            number: Some(number),
            ..row
        },
    }
}
