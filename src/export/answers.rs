//! The report's part about what people said.

use crate::export::report::{AnswerRow, SaidRow};
use loopscope_timeline::{Timeline, prediction, verdict};
use loopscope_trace::{Answer, Answered, Tally};

/// What was said, by question; questions without an answer have no row.
pub(crate) fn answers(timeline: &Timeline) -> Vec<SaidRow> {
    let all = timeline.trace().answers.0.iter().enumerate();
    let said = all.filter(|(_, said)| **said != Answered::default());
    said.map(|(place, said)| row(timeline, place, said))
        .collect()
}

fn row(timeline: &Timeline, place: usize, said: &Answered) -> SaidRow {
    let question = timeline.story().questions.get(place);
    let answers = said.answers.iter();
    SaidRow {
        question: place,
        ask: question
            .map(|question| question.ask.clone())
            .unwrap_or_default(),
        after: question.is_some_and(|question| question.after),
        answers: answers.map(|answer| one(timeline, place, answer)).collect(),
        hands: said
            .tallies
            .iter()
            .map(|Tally(hands)| hands.clone())
            .collect(),
    }
}

fn one(timeline: &Timeline, place: usize, answer: &Answer) -> AnswerRow {
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
