//! What a question is held against, and what all ways of asking share.

use loopscope_trace::Choice;

use crate::scenario::check::cost::Prints;
use crate::scenario::check::known::unprinted;
use crate::scenario::decode::record::Record;
use crate::scenario::resolve::names::Names;
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

/// How many options are chosen from.
const OPTIONS: std::ops::RangeInclusive<usize> = 3..=5;

/// What a question is held against before the run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) prints: &'a Prints,
    pub(crate) names: &'a Names,
    pub(crate) expect: Option<&'a Record>,
    /// The text was TOML throughout: what is missing is really missing.
    pub(crate) whole: bool,
    /// Nothing of the program is wrong and no knob is turned: what is printed is known.
    pub(crate) certain: bool,
    /// No knob is turned: two texts that are the same always are.
    pub(crate) as_written: bool,
}

pub(crate) fn is_right(option: &Record) -> bool {
    option.flag("right") == Some(true)
}

/// There are enough options to choose from, and one of them is right.
pub(crate) fn one_is_right(row: &Record, options: &[Record], finder: &mut Finder<'_>) {
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
pub(crate) fn few(options: &[Record], finder: &mut Finder<'_>) {
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
pub(crate) fn replies(options: &[Record], asked: Asked<'_>, finder: &mut Finder<'_>) {
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
pub(crate) fn lines_of_right(options: &[Record], asked: Asked<'_>, finder: &mut Finder<'_>) {
    if !asked.certain || asked.prints.open {
        return;
    }
    for option in options.iter().filter(|option| is_right(option)) {
        for (line, span) in option.lines("lines").unwrap_or_default() {
            if !asked.prints.lines.contains_key(line) {
                let (message, help) = unprinted(line, asked.prints);
                finder.help("cannot-hold", span.clone(), message, help);
            }
        }
    }
}

/// An option in words only.
pub(crate) fn spoken(option: &Record) -> Choice {
    Choice {
        say: option.text("say").unwrap_or_default().to_owned(),
        reply: option.text("reply").map(str::to_owned),
        right: is_right(option),
        ..Choice::default()
    }
}

/// An option, and the lines that it stands for.
pub(crate) fn choice(option: &Record, known: impl Fn(&str) -> bool) -> Choice {
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
