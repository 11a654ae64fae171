//! Questions whose answer is a number that the run gives.

use std::ops::Range as Span;

use loopscope_trace::{Choice, Quantity};

use crate::scenario::check::asked::{Asked, spoken};
use crate::scenario::decode::figure;
use crate::scenario::decode::record::Record;
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

/// What is asked for, and the numbers that get a reply of their own.
pub(crate) fn read(
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
            both.is_some_and(|(other, number)| quantity.near(other, number))
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
            let length = figure::length(say).map(|length| length.as_secs_f64());
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
