//! What is asked of people: `[[predict]]` before the run, `[[why]]` after it.

use std::ops::Range as Span;

use loopscope_trace::{Choice, How, Quantity, Question};

use crate::scenario::check::asked::{
    Asked, choice, few, lines_of_right, one_is_right, replies, spoken,
};
use crate::scenario::check::order;
use crate::scenario::decode::notation;
use crate::scenario::decode::record::Record;
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

/// What is asked for, and the numbers that get a reply of their own.
fn number(
    row: &Record,
    asked: Asked<'_>,
    finder: &mut Finder<'_>,
) -> (Option<Quantity>, Vec<Choice>) {
    let rows = row.rows("options");
    let Some(quantity) = quantity(row, asked, finder) else {
        return (None, rows.iter().map(spoken).collect());
    };
    let mut options: Vec<Choice> = Vec::new();
    for row in rows {
        let number = row
            .text("say")
            .and_then(|say| stands_for(say, &quantity, row.at("say"), finder));
        let same = |other: &Choice| {
            let both = other.number.zip(number);
            both.is_some_and(|(other, number)| quantity.near(other, number, 0.0))
        };
        if asked.as_written && options.iter().any(same) {
            let message = "another option stands for the same number".to_owned();
            let help = "keep one of them: what is within 5 % counts as the same duration";
            finder.help("duplicate", row.at("say"), message, help);
        }
        options.push(Choice {
            number,
            ..spoken(row)
        });
    }
    (Some(quantity), options)
}

fn quantity(row: &Record, asked: Asked<'_>, finder: &mut Finder<'_>) -> Option<Quantity> {
    let Some(name) = row.text("number") else {
        if asked.whole && row.get("number").is_none() {
            let message = "it is not known which number is asked for".to_owned();
            let help = "add number = \"elapsed\", \"lines\", or the name of a variable";
            finder.help("missing", row.at("how"), message, help);
        }
        return None;
    };
    match name {
        "elapsed" => Some(Quantity::Elapsed),
        "lines" => Some(Quantity::Lines),
        name => {
            let known = asked
                .names
                .variables
                .iter()
                .map(|known| known.name.as_str());
            let known: Vec<&str> = known.collect();
            if known.contains(&name) {
                return Some(Quantity::Variable(name.to_owned()));
            }
            let names: Vec<&str> = ["elapsed", "lines"].into_iter().chain(known).collect();
            let message = format!("`{}` is nothing that a run measures", words::short(name));
            let help = words::suggest(name, &names, "what it measures", "");
            finder.help("unknown-name", row.at("number"), message, help);
            None
        }
    }
}

/// The number in an answer's words.
fn stands_for(
    say: &str,
    quantity: &Quantity,
    span: Span<usize>,
    finder: &mut Finder<'_>,
) -> Option<f64> {
    let (found, what) = match quantity {
        Quantity::Elapsed => {
            let length = notation::length(say).map(|length| length.as_secs_f64());
            (length.ok(), "a duration such as \"5s\" or \"250ms\"")
        }
        Quantity::Lines => {
            let number = say.trim().parse::<u32>().map(f64::from);
            (number.ok(), "a whole number such as \"40\"")
        }
        Quantity::Variable(_) => {
            let number = say.trim().parse::<i32>().map(f64::from);
            (number.ok(), "a whole number such as \"40\"")
        }
    };
    if found.is_none() {
        let message = format!("`{}` is no answer to this question", words::short(say));
        finder.help("bad-value", span, message, format!("write {what}"));
    }
    found
}

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
            let (number, options) = number(row, asked, finder);
            question.number = number.unwrap_or(Quantity::Elapsed);
            question.options = options;
        }
    }
    replies(options, asked, finder);
    question
}
