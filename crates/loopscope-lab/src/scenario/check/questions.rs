//! What is asked of people: `[[predict]]` before the run, `[[why]]` after it.

use loopscope_trace::{How, Quantity, Question};

use crate::scenario::check::asked::{
    Asked, choice, few, lines_of_right, one_is_right, replies, spoken,
};
use crate::scenario::check::{number, order};
use crate::scenario::decode::record::Record;
use crate::scenario::text::finder::Finder;

/// The most questions after a run.
const MOST_WHYS: usize = 3;

/// Reads `[[predict]]` and `[[why]]`, those before the run first.
pub(crate) fn read(root: &Record, asked: Asked<'_>, finder: &mut Finder<'_>) -> Vec<Question> {
    let before = root.rows("predict").iter();
    let mut questions: Vec<Question> = before.map(|row| predict(row, asked, finder)).collect();
    let whys = root.rows("why");
    for (nth, row) in whys.iter().enumerate() {
        if nth == MOST_WHYS {
            let message = format!("there are more than {MOST_WHYS} why questions");
            let help = "keep those that a class should talk about";
            finder.help("limit", row.span.clone(), message, help);
        }
        let options = row.rows("options");
        if row.get("options").is_some() {
            one_is_right(row, options, finder);
            replies(options, asked, finder);
        }
        questions.push(Question {
            ask: row.text("ask").unwrap_or_default().to_owned(),
            after: true,
            options: options.iter().map(spoken).collect(),
            ..Question::default()
        });
    }
    questions
}

fn predict(row: &Record, asked: Asked<'_>, finder: &mut Finder<'_>) -> Question {
    let ask = row.text("ask").unwrap_or_default().to_owned();
    let (how, belongs) = match row.text("how") {
        Some("order") => (How::Order, "lines"),
        Some("number") => (How::Number, "number"),
        _ => (How::Choose, ""),
    };
    for (key, manner) in [("lines", "order"), ("number", "number")] {
        if key != belongs && row.get(key).is_some() {
            let message = format!("`{key}` belongs to a question with how = \"{manner}\"");
            let help = format!("add how = \"{manner}\", or leave `{key}` out");
            finder.help("unknown-key", row.at(key), message, help);
        }
    }
    let options = row.rows("options");
    let mut question = Question {
        ask,
        how,
        ..Question::default()
    };
    match how {
        How::Choose => {
            if row.get("options").is_some() {
                one_is_right(row, options, finder);
                lines_of_right(options, asked, finder);
            } else if asked.whole {
                let message = "a question needs `options`".to_owned();
                let help = "add `options`: 3 to 5 answers, exactly one of them right";
                finder.help("missing", row.span.clone(), message, help);
            }
            let known = |word: &str| asked.prints.lines.contains_key(word);
            question.options = options.iter().map(|row| choice(row, known)).collect();
        }
        How::Order => {
            few(options, finder);
            (question.lines, question.options) = order::read(row, asked, finder);
        }
        How::Number => {
            few(options, finder);
            let (number, options) = number::read(row, asked, finder);
            question.number = number.unwrap_or(Quantity::Elapsed);
            question.options = options;
        }
    }
    replies(options, asked, finder);
    question
}
