//! Draws until a scenario is a good exercise, and writes its file.

use std::fmt::Write as _;

use toml::Value;

use crate::practice::options::{self, Other, others, reply, sentence};
use crate::practice::play::{Came, play, scenario};
use loopscope_lab::scenario::practice::{Numbers, Small, Topic};
use loopscope_protocol::practice;
use loopscope_timeline::prediction;
use loopscope_trace::{Listing, Quantity, Token};

/// The most lines with words in them of the listing that is shown first.
const LISTING: usize = 15;
/// The fewest and most lines that are printed.
const LINES: std::ops::RangeInclusive<usize> = 3..=8;

/// Draws that are tried: nearly always a few are enough.
const TRIES: u32 = 1000;

/// Runs with delays, the ones that `check` plays, and runs in which steps cost something: each finds another order where nothing
/// decides one.
const RACES: std::ops::Range<u64> = 1..8;
const COSTS: std::ops::Range<u64> = 0..3;

/// The fewest and most wrong answers.
const WRONG: std::ops::RangeInclusive<usize> = 2..=3;

/// The topic and the number of an exercise's name.
pub(crate) fn named(id: &str) -> Option<(Topic, u64)> {
    let (row, number) = practice::parts(id)?;
    let topic = Topic::ALL.into_iter().find(|topic| row_of(*topic) == row)?;
    Some((topic, number))
}

/// The id of a topic's row in the menu: `practice-loop`.
pub(crate) fn row_of(topic: Topic) -> String {
    format!("{}{}", practice::PREFIX, topic.word())
}

/// The topics, each with the id of its row, in learning order.
pub(crate) fn rows() -> impl Iterator<Item = (String, Topic)> {
    Topic::ALL.into_iter().map(|topic| (row_of(topic), topic))
}

/// The text of an exercise: the same whenever it is asked for.
pub(crate) fn text(topic: Topic, number: u64) -> Option<String> {
    let begin = number
        .wrapping_mul(Topic::ALL.len() as u64)
        .wrapping_add(topic as u64);
    let mut numbers = Numbers::new(begin.wrapping_mul(0x2545_f491_4f6c_dd1d));
    (0..TRIES).find_map(|_| one(topic, number, &mut numbers))
}

/// The next draw, where it is a good exercise.
fn one(topic: Topic, number: u64, numbers: &mut Numbers) -> Option<String> {
    let small = topic.draw(numbers);
    let text = small.toml();
    let languages = topic.languages();
    let language = *languages.first()?;
    let ready = scenario(&text, language)?;
    if !ready.story.listing(language).is_some_and(is_short) {
        return None;
    }
    let real = play(&ready, None)?;
    if !LINES.contains(&real.lines.len()) {
        return None;
    }
    let others = others(&small, language);
    let asked = (numbers.below(3) == 0).then(|| match small.shared() {
        Some(name) => Quantity::Variable(name.to_owned()),
        None => Quantity::Elapsed,
    });
    let mut wrong = match &asked {
        Some(quantity) => options::numbers(&real, &others, quantity),
        None => options::orders(&real, &others),
    };
    numbers.mix(&mut wrong);
    // What the topic is about stands among them.
    let first = wrong
        .iter()
        .position(|other| topic.about().contains(&other.change))?;
    wrong.swap(0, first);
    wrong.truncate(*WRONG.end());
    if wrong.len() < *WRONG.start() {
        return None;
    }
    let same = |came: Option<Came>| {
        came.is_some_and(|came| {
            came.same_order(&real) && (came.elapsed - real.elapsed).abs() < 0.02
        })
    };
    let told_alike = languages
        .iter()
        .skip(1)
        .all(|other| scenario(&text, *other).is_some_and(|ready| same(play(&ready, None))));
    let decided = told_alike
        && COSTS.into_iter().all(|seed| {
            let costly = scenario(&small.toml_with_costs(seed), language);
            costly.is_some_and(|ready| same(play(&ready, None)))
        })
        && RACES.into_iter().all(|seed| same(play(&ready, Some(seed))));
    if !decided {
        return None;
    }
    let question = match &asked {
        Some(quantity) => number_question(&real, &wrong, quantity, &small)?,
        None => order_question(&real, &wrong, numbers, &small),
    };
    Some(file(topic, number, &small, &real, &question))
}

/// Whether few lines of a listing have words in them.
fn is_short(listing: &Listing) -> bool {
    let has_words = |line: &&Vec<Token>| {
        let mut texts = line.iter().map(|token| &token.text);
        texts.any(|text| text.contains(char::is_alphabetic))
    };
    listing.lines.iter().filter(has_words).count() <= LISTING
}

/// What is asked, in the menu and before the run.
struct Asked {
    asks: String,
    /// The table in the file.
    table: String,
}

fn order_question(real: &Came, wrong: &[&Other], numbers: &mut Numbers, small: &Small) -> Asked {
    let option = |came: &Came, rest: &str| {
        let lines: Vec<&str> = came.texts().collect();
        let say = quoted(&prediction::together(&lines));
        format!("  {{ say = {say}, lines = {}, {rest} }},\n", list(&lines))
    };
    let mut options = vec![option(real, "right = true")];
    options.extend(wrong.iter().map(|other| {
        let reply = quoted(&reply(real, other));
        option(&other.came, &format!("reply = {reply}"))
    }));
    numbers.mix(&mut options);
    // Where numbers are printed, other lines come, and not only in another order.
    let (asks, ask) = match small.shared() {
        Some(_) => ("Which lines do they print?", "Which lines are printed?"),
        None => (
            "In which order do their lines come?",
            "In which order do these lines come?",
        ),
    };
    Asked {
        asks: format!("{}. {asks}", together(small)),
        table: format!(
            "[[predict]]\nask = {}\noptions = [\n{}]\n",
            quoted(ask),
            options.concat()
        ),
    }
}

fn number_question(
    real: &Came,
    wrong: &[&Other],
    quantity: &Quantity,
    small: &Small,
) -> Option<Asked> {
    let say = |came: &Came| match quantity {
        Quantity::Elapsed => Some(seconds(came.elapsed)),
        _ => Some(came.number(quantity)?.to_string()),
    };
    let mut options = format!("  {{ say = {}, right = true }},\n", quoted(&say(real)?));
    for other in wrong {
        let (say, reply) = (say(&other.came)?, reply(real, other));
        let _ = writeln!(
            options,
            "  {{ say = {}, reply = {} }},",
            quoted(&say),
            quoted(&reply)
        );
    }
    let (ask, number) = match (quantity, small.is_requested()) {
        (Quantity::Variable(name), _) => (format!("Which number is {name} in the end?"), &**name),
        (_, true) => (
            "How long does it take until the last one is answered?".to_owned(),
            "elapsed",
        ),
        (_, false) => (
            "How long does it take until all have ended?".to_owned(),
            "elapsed",
        ),
    };
    Some(Asked {
        asks: format!("{}. {ask}", together(small)),
        table: format!(
            "[[predict]]\nask = {}\nhow = \"number\"\nnumber = {}\noptions = [\n{options}]\n",
            quoted(&ask),
            quoted(number)
        ),
    })
}

/// `tea, egg and jam start together`
fn together(small: &Small) -> String {
    let names = small.called();
    if let ([others @ .., main], true) = (&names[..], small.starts_others()) {
        return format!("{main} starts {}, and goes on", others.join(" and "));
    }
    let all = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    };
    let verb = match small.is_requested() {
        true => "are asked for",
        false => "start together",
    };
    match small.threads() {
        Some(1) => format!("{all} {verb}; the pool has one thread"),
        Some(threads) => format!("{all} {verb}; the pool has {threads} threads"),
        None => format!("{all} {verb}"),
    }
}

fn file(topic: Topic, number: u64, small: &Small, real: &Came, asked: &Asked) -> String {
    let languages = topic.languages().iter();
    let languages: Vec<String> = languages.map(|it| it.name().to_lowercase()).collect();
    let lines: Vec<&str> = real.texts().collect();
    let findings = real.timeline.findings();
    let mut text = format!(
        "# loopscope quiz --topic {} --seed {number}\ntitle = {}\nasks = {}\n",
        topic.word(),
        quoted(&format!("exercise {number}, {}", topic.title())),
        quoted(&asked.asks)
    );
    let shows = findings.iter().find_map(|finding| sentence(real, finding));
    if let Some(shows) = shows {
        let _ = writeln!(text, "shows = {}", quoted(&shows));
    }
    let _ = writeln!(
        text,
        "max_speed = 10\nlanguages = {}\n{}\n{}",
        list(&languages),
        small.tables(),
        asked.table
    );
    let _ = writeln!(
        text,
        "[expect]\noutput = {}\nelapsed = {}",
        list(&lines),
        quoted(&seconds(real.elapsed))
    );
    let mut kinds: Vec<&str> = findings.iter().map(|finding| finding.kind.id).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if !kinds.is_empty() {
        let _ = writeln!(text, "insights = {}", list(&kinds));
    }
    text
}

/// `2.5s`
fn seconds(length: f64) -> String {
    let hundredths = (length * 100.0).round();
    format!("{}s", hundredths / 100.0)
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn list(texts: &[impl AsRef<str>]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", texts.join(", "))
}

#[cfg(test)]
#[path = "../../tests/inside/practice.rs"]
mod tests;
