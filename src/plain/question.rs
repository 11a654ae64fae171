//! A question as lines, and a typed line as an answer to it.

use loopscope_timeline::prediction;
use loopscope_trace::{Answer, How, Quantity, Question, Tally};
use loopscope_tui::session::{asking, votes};

/// What a typed line was, as an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    /// An answer.
    Answer(Answer),
    /// Meant as one, and what is wrong with it.
    Wrong(String),
    /// Something else.
    Nothing,
}

/// The question, what one can choose from, and how it is answered.
pub(crate) fn lines(question: &Question) -> Vec<String> {
    let kind = if question.after {
        "Question"
    } else {
        "Prediction"
    };
    let mut lines = vec![format!("{kind}: {}", question.ask)];
    let choices: Vec<&str> = match question.how {
        How::Choose => question.options.iter().map(|it| it.say.as_str()).collect(),
        How::Order => question.lines.iter().map(String::as_str).collect(),
        How::Number => Vec::new(),
    };
    let numbered = choices.iter().zip(1..);
    lines.extend(numbered.map(|(choice, number)| format!("{number}. {choice}")));
    let how = how(question);
    let without = if question.after {
        "An empty line goes on without."
    } else {
        "An empty line runs it without a guess."
    };
    lines.push(format!("{how} {without} ? is help."));
    lines
}

/// How the question is answered, in a sentence.
pub(crate) fn how(question: &Question) -> String {
    match question.how {
        How::Choose => "Type the number of your answer.".to_owned(),
        How::Order => format!(
            "Type the numbers in the order in which these lines come, such as {}.",
            example(question.lines.len())
        ),
        How::Number => match &question.number {
            Quantity::Elapsed => "Type the seconds, such as 2.5.".to_owned(),
            Quantity::Lines => "Type how many lines, such as 4.".to_owned(),
            Quantity::Variable(name) => format!("Type the last value of {name}, such as 1."),
        },
    }
}

/// `2 1 3 4`: an order that is none of the question's.
fn example(count: usize) -> String {
    let numbers = (1..=count).rev().map(|number| number.to_string());
    numbers.collect::<Vec<_>>().join(" ")
}

/// What a line means as an answer.
pub(crate) fn hear(question: &Question, typed: &str) -> Heard {
    match question.how {
        How::Choose => choice(question, typed),
        How::Order => order(question, typed),
        How::Number => number(&question.number, typed),
    }
}

fn choice(question: &Question, typed: &str) -> Heard {
    let count = question.options.len();
    match typed.trim_end_matches('.').parse::<usize>() {
        Ok(number) if (1..=count).contains(&number) => Heard::Answer(Answer::Option(number - 1)),
        Ok(number) => Heard::Wrong(format!("There is no answer {number}: 1 to {count}.")),
        Err(_) => Heard::Nothing,
    }
}

fn order(question: &Question, typed: &str) -> Heard {
    let count = question.lines.len();
    let is_number = |sign: char| sign.is_ascii_digit() || sign == ',' || sign.is_whitespace();
    if !typed.chars().all(is_number) {
        return Heard::Nothing;
    }
    let apart = typed.split(|sign: char| !sign.is_ascii_digit());
    let mut words: Vec<String> = apart
        .filter(|word| !word.is_empty())
        .map(Into::into)
        .collect();
    // `1324` says the same as `1 3 2 4`, as long as no number has two digits.
    if let [word] = words.as_slice()
        && word.len() == count
        && count < 10
    {
        words = word.chars().map(String::from).collect();
    }
    let places: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let all: Vec<usize> = (1..=count).collect();
    let missing: Vec<String> = all
        .iter()
        .filter(|place| !places.contains(place))
        .map(ToString::to_string)
        .collect();
    if !missing.is_empty() {
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let missing = missing.join(", ");
        return Heard::Wrong(format!(
            "Each number from 1 to {count} once: {missing} {verb} missing."
        ));
    }
    if places.len() != count {
        return Heard::Wrong(format!(
            "Each number from 1 to {count} once, {count} in all."
        ));
    }
    let lines = places
        .iter()
        .filter_map(|place| question.lines.get(place - 1));
    Heard::Answer(Answer::Lines(lines.cloned().collect()))
}

/// A number as on the screen; units may also be written out, and stand apart.
fn number(quantity: &Quantity, typed: &str) -> Heard {
    let said = typed.to_lowercase().replace("milliseconds", "ms");
    let said = said.replace("seconds", "s").replace(' ', "");
    match asking::number(quantity, &said) {
        Ok(number) => Heard::Answer(Answer::Number(number)),
        Err(sentence) if said.starts_with(|sign: char| sign.is_ascii_digit() || sign == '-') => {
            Heard::Wrong(format!("{sentence}."))
        }
        Err(_) => Heard::Nothing,
    }
}

/// What an answer was, said back.
pub(crate) fn you_said(question: &Question, answer: &Answer) -> String {
    format!(
        "You said {}.",
        words(question, answer).trim_end_matches('.')
    )
}

/// An answer in words: an option with the number that stands before it, and every line of an order.
pub(crate) fn words(question: &Question, answer: &Answer) -> String {
    let words = || prediction::in_words(question, answer);
    match (answer, &question.number) {
        (Answer::Option(place), _) => format!("{}, {}", place + 1, words()),
        (Answer::Lines(lines), _) => lines.join(", "),
        (Answer::Number(_), Quantity::Lines) if words() == "1" => "1 line".to_owned(),
        (Answer::Number(_), Quantity::Lines) => format!("{} lines", words()),
        (Answer::Number(_), _) => words(),
    }
}

/// `hands 3 12 8 7`: the votes for each of the options.
pub(crate) fn hands(question: &Question, typed: &str) -> Result<Tally, String> {
    let count = question.options.len();
    if count == 0 {
        return Err("This question has no answers to count hands for.".to_owned());
    }
    let expected = || {
        let example: Vec<String> = (0..count)
            .map(|place| (3 + 4 * place).to_string())
            .collect();
        format!(
            "Type hands and a number for each of the {count} answers, such as hands {}.",
            example.join(" ")
        )
    };
    let numbers = typed.split_whitespace().skip(1);
    let numbers: Result<Vec<u32>, _> = numbers.map(str::parse).collect();
    match numbers {
        Ok(numbers) if numbers.iter().any(|hands| *hands > votes::MOST) => Err(format!(
            "More than {} hands for one answer are not counted.",
            votes::MOST
        )),
        Ok(numbers) if numbers.len() == count => Ok(Tally(numbers)),
        _ => Err(expected()),
    }
}
