//! What is asked of people: `[[predict]]` before the run, `[[why]]` after it.

mod number;
mod order;

use super::cost::Prints;
use super::diagnostic::Finder;
use super::names::Names;
use super::record::Record;
use super::words;
use loopscope_trace::{Choice, How, Quantity, Question};

/// The most questions after a run.
const MOST_WHYS: usize = 3;
/// How many options are chosen from.
const OPTIONS: std::ops::RangeInclusive<usize> = 3..=5;

/// What a question is held against before the run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) prints: &'a Prints,
    pub(super) names: &'a Names,
    pub(super) expect: Option<&'a Record>,
    /// The text was TOML throughout: what is missing is really missing.
    pub(super) whole: bool,
    /// Nothing of the program is wrong and no knob is turned: what is printed is known.
    pub(super) certain: bool,
    /// No knob is turned: two texts that are the same always are.
    pub(super) as_written: bool,
}

/// Reads `[[predict]]` and `[[why]]`, those before the run first.
pub(super) fn read(root: &Record, asked: Asked<'_>, finder: &mut Finder<'_>) -> Vec<Question> {
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

fn is_right(option: &Record) -> bool {
    option.flag("right") == Some(true)
}

/// There are enough options to choose from, and one of them is right.
fn one_is_right(row: &Record, options: &[Record], finder: &mut Finder<'_>) {
    let place = row.at("options");
    if !OPTIONS.contains(&options.len()) {
        let message = format!(
            "a question has 3 to 5 options, this one {}",
            words::count(options.len() as u64, "option")
        );
        let help = "add what else people say, or leave out what nobody does";
        finder.help("options", place.start..place.start + 1, message, help);
    }
    if !options.iter().any(is_right) {
        let message = "no option is right".to_owned();
        let help = "write right = true in one of them";
        finder.help("options", place.start..place.start + 1, message, help);
    }
    second_right(options, "exactly one option is right", finder);
}

/// Where one does not choose: only answers that have something to be said about.
fn few(options: &[Record], finder: &mut Finder<'_>) {
    for option in options.iter().skip(*OPTIONS.end()) {
        let message = format!("a question has at most {} known answers", OPTIONS.end());
        let help = "keep those that many people give";
        finder.help("options", option.span.clone(), message, help);
    }
    second_right(options, "at most one option is right", finder);
}

fn second_right(options: &[Record], help: &str, finder: &mut Finder<'_>) {
    for option in options.iter().filter(|option| is_right(option)).skip(1) {
        let message = "a second option is right".to_owned();
        finder.help("options", option.at("right"), message, help);
    }
}

/// Every wrong option has a reply, and no two say the same.
fn replies(options: &[Record], asked: Asked<'_>, finder: &mut Finder<'_>) {
    for (at, option) in options.iter().enumerate() {
        if !is_right(option) && option.text("reply").is_none() {
            let message = "a wrong option needs a `reply`".to_owned();
            let help = "say in one sentence what the person who chose it takes for true";
            finder.help("missing", option.span.clone(), message, help);
        }
        let say = option.text("say").filter(|_| asked.as_written);
        if say.is_some() && options[..at].iter().any(|other| other.text("say") == say) {
            let message = "two options say the same".to_owned();
            finder.help("duplicate", option.at("say"), message, "change one of them");
        }
    }
}

/// Lines that an option names itself are lines that are printed.
fn lines_of_right(options: &[Record], asked: Asked<'_>, finder: &mut Finder<'_>) {
    if !asked.certain || asked.prints.open {
        return;
    }
    for option in options.iter().filter(|option| is_right(option)) {
        for (line, span) in option.lines("lines").unwrap_or_default() {
            if !asked.prints.lines.contains_key(line) {
                let (message, help) = super::said::unprinted(line, asked.prints);
                finder.help("cannot-hold", span.clone(), message, help);
            }
        }
    }
}

/// An option in words only.
fn spoken(option: &Record) -> Choice {
    Choice {
        say: option.text("say").unwrap_or_default().to_owned(),
        reply: option.text("reply").map(str::to_owned),
        right: is_right(option),
        ..Choice::default()
    }
}

/// An option, and the lines that it stands for.
fn choice(option: &Record, known: impl Fn(&str) -> bool) -> Choice {
    let choice = spoken(option);
    let lines = match option.lines("lines") {
        Some(lines) => lines.iter().map(|(line, _)| line.clone()).collect(),
        // `Hello bye Hello bye` predicts lines; `another order on every run` does not.
        None if choice.say.split_whitespace().all(known) => {
            choice.say.split_whitespace().map(str::to_owned).collect()
        }
        None => Vec::new(),
    };
    Choice { lines, ..choice }
}
