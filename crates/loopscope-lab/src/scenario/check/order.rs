//! Questions whose answer is an order of the printed lines.

use std::collections::BTreeMap;
use std::ops::Range as Span;

use loopscope_trace::Choice;

use crate::scenario::check::asked::{Asked, choice, is_right};
use crate::scenario::check::known::unprinted;
use crate::scenario::decode::record::Record;
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

/// More lines than this cannot be kept in sight while they are put into order.
const MOST_LINES: usize = 12;

/// The lines as they stand at first, and the orders that get a reply of their own.
pub(crate) fn read(
    row: &Record,
    asked: Asked<'_>,
    finder: &mut Finder<'_>,
) -> (Vec<String>, Vec<Choice>) {
    let written = |key: &str| -> Option<Vec<String>> {
        let lines = asked.expect?.lines(key)?.iter();
        Some(lines.map(|(line, _)| line.clone()).collect())
    };
    let right = written("output");
    let place = row.at("how");
    let open = written("output_any_order").is_some();
    if right.is_none() && open {
        let message = "[expect] leaves the order of the lines open".to_owned();
        let help = "give `output` instead of `output_any_order`, or let people choose";
        finder.help("cannot-hold", place.clone(), message, help);
    }
    let given = row.lines("lines");
    let before = finder.count();
    let lines: Vec<String> = match (given, &right) {
        (Some(given), _) => {
            let lines: Vec<String> = given.iter().map(|(line, _)| line.clone()).collect();
            printed(given, &row.at("lines"), right.as_deref(), asked, finder);
            if right.as_ref() == Some(&lines) && finder.count() == before {
                let message = "the lines stand in the right order already".to_owned();
                let help = "mix them, or leave `lines` out: then they are mixed";
                finder.help("options", row.at("lines"), message, help);
            }
            lines
        }
        (None, Some(right)) => mixed(right),
        (None, None) => {
            if asked.whole && !open && row.get("lines").is_none() {
                let message = "it is not known which lines to put into order".to_owned();
                let help = "write them as `output` of [expect], or as lines = [\"…\", \"…\"]";
                finder.help("missing", place, message, help);
            }
            return (Vec::new(), Vec::new());
        }
    };
    if finder.count() == before {
        sensible(row, &lines, finder);
    }
    let rows = row.rows("options");
    let known = |word: &str| lines.iter().any(|line| line == word);
    let options: Vec<Choice> = rows.iter().map(|row| choice(row, known)).collect();
    for (row, option) in rows.iter().zip(&options) {
        order(row, option, &lines, right.as_deref(), finder);
    }
    (lines, options)
}

/// An order in which nothing of the right one can be seen, and always the same.
fn mixed(right: &[String]) -> Vec<String> {
    let mut lines = right.to_vec();
    lines.sort();
    if lines == right {
        // Every second line first: sorted is right, so it may not stand so.
        let odd = right.iter().skip(1).step_by(2);
        lines = odd.chain(right.iter().step_by(2)).cloned().collect();
    }
    if lines == right {
        lines.reverse();
    }
    lines
}

/// There is something to put into order, and it can be kept in sight.
fn sensible(row: &Record, lines: &[String], finder: &mut Finder<'_>) {
    let place = if row.get("lines").is_some() {
        row.at("lines")
    } else {
        row.at("how")
    };
    let place = place.start..place.start + 1;
    if lines.len() > MOST_LINES {
        let message = format!("{} are too many to put into order", lines.len());
        let help = format!("print at most {MOST_LINES} lines, or let people choose");
        finder.help("limit", place, message, help);
    } else if lines.iter().all(|line| line == &lines[0]) {
        let message = "there is nothing to put into order: no two lines differ".to_owned();
        let help = "let people choose, or ask for a number";
        finder.help("options", place, message, help);
    }
}

/// Every line to be put into order is printed, and as often as it stands there.
fn printed(
    given: &[(String, Span<usize>)],
    whole: &Span<usize>,
    right: Option<&[String]>,
    asked: Asked<'_>,
    finder: &mut Finder<'_>,
) {
    let mut left: BTreeMap<String, u64> = match right {
        Some(right) => counts(right),
        None if asked.certain && !asked.prints.open => asked.prints.lines.clone(),
        None => return,
    };
    let all: u64 = left.values().sum();
    let before = finder.count();
    for (line, span) in given {
        match left.get_mut(line) {
            None => {
                let known: Vec<&str> = left.keys().map(String::as_str).collect();
                let (message, help) = match right {
                    Some(_) => (
                        format!(
                            "`{}` is not among the lines of [expect]",
                            words::short(line)
                        ),
                        words::suggest(line, &known, "its lines", "it has no line"),
                    ),
                    None => unprinted(line, asked.prints),
                };
                finder.help("cannot-hold", span.clone(), message, help);
            }
            Some(0) => {
                let message = format!("`{}` is not printed so often", words::short(line));
                let help = "let it stand there once for each time it is printed";
                finder.help("cannot-hold", span.clone(), message, help);
            }
            Some(count) => *count -= 1,
        }
    }
    let fewer = right.is_none() && asked.prints.less;
    if finder.count() == before && !fewer && left.values().sum::<u64>() > 0 {
        let lines = words::count(given.len() as u64, "line");
        let message = format!("{lines} to put into order, but {all} printed");
        let help = "list every line, or leave the key out";
        finder.help("cannot-hold", whole.start..whole.start + 1, message, help);
    }
}

/// A known answer is an order of just these lines, and the right one where it says so.
fn order(
    row: &Record,
    option: &Choice,
    lines: &[String],
    right: Option<&[String]>,
    finder: &mut Finder<'_>,
) {
    let place = if row.get("lines").is_some() {
        row.at("lines")
    } else {
        row.at("say")
    };
    if option.lines.is_empty() {
        let message = "this answer is no order of the lines".to_owned();
        let help = "write the lines in `say`, or beside it as lines = [\"…\", \"…\"]";
        return finder.help("options", place, message, help);
    }
    if counts(&option.lines) != counts(lines) {
        let message = "this answer has other lines than are to be put into order".to_owned();
        let help = format!("the lines: {}", words::list(&texts(lines)));
        return finder.help("cannot-hold", place, message, help);
    }
    let Some(expected) = right.filter(|expected| counts(expected) == counts(lines)) else {
        return;
    };
    match (option.lines == expected, is_right(row)) {
        (true, false) => {
            let message = "this is the order that [expect] gives".to_owned();
            finder.help("options", place, message, "add right = true to it");
        }
        (false, true) => {
            let message = "this is not the order that [expect] gives".to_owned();
            let help = format!("the order: {}", words::list(&texts(expected)));
            finder.help("options", place, message, help);
        }
        _ => {}
    }
}

fn texts(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

/// How often each line stands there.
fn counts(lines: &[String]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for line in lines {
        *counts.entry(line.clone()).or_default() += 1;
    }
    counts
}
