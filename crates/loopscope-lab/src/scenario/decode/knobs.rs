//! Knobs: their values in this run; `{…}` in texts, and calls such as `work(1, {x})`.

use std::ops::Range;

use loopscope_trace::Knob;

use crate::scenario::decode::grammar::{self, Mistake, Raw};
use crate::scenario::decode::record::{CallText, Origin, Piece, Record, Template, Tree};
use crate::scenario::model::expression::Value;
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

/// The knobs of a file with the values of this run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Knobs {
    pub(crate) list: Vec<Knob>,
}

impl Knobs {
    /// Reads the `[[knob]]` tables, then what was chosen.
    pub(crate) fn read(rows: &[Record], chosen: &[(String, i64)], finder: &mut Finder<'_>) -> Self {
        let mut knobs = Self::default();
        for row in rows {
            let (Some(name), Some(default), Some(min), Some(max)) = (
                row.text("name"),
                row.number("default"),
                row.number("min"),
                row.number("max"),
            ) else {
                continue;
            };
            if knobs.get(name).is_some() {
                let message = format!("there is a knob `{name}` already");
                finder.help("duplicate", row.at("name"), message, "give it another name");
                continue;
            }
            if min > max {
                let message = format!("the knob `{name}` has min {min} above max {max}");
                finder.help("knob", row.at("min"), message, "swap them");
            } else if default < min || default > max {
                let message = format!("the default {default} is not between {min} and {max}");
                let help = "choose a default that the knob can be turned to";
                finder.help("knob", row.at("default"), message, help);
            }
            knobs.list.push(Knob {
                name: name.to_owned(),
                value: default,
                default,
                min,
                max,
            });
        }
        for (name, value) in chosen {
            knobs.turn(name, *value, finder);
        }
        knobs
    }

    fn turn(&mut self, name: &str, value: i64, finder: &mut Finder<'_>) {
        let names: Vec<&str> = self.list.iter().map(|knob| knob.name.as_str()).collect();
        let Some(at) = names.iter().position(|known| *known == name) else {
            let help = words::suggest(name, &names, "its knobs", "this scenario has no knobs");
            let message = format!("there is no knob `{}`", words::short(name));
            return finder.outside("knob", message, Some(help));
        };
        let knob = &mut self.list[at];
        if value < knob.min || value > knob.max {
            let message = format!("the knob `{name}` cannot be {value}");
            let help = format!("choose a number from {} to {}", knob.min, knob.max);
            return finder.outside("knob", message, Some(help));
        }
        knob.value = value;
    }

    fn get(&self, name: &str) -> Option<&Knob> {
        self.list.iter().find(|knob| knob.name == name)
    }

    /// Whether every knob has the file's own value, so that `[expect]` must hold.
    pub(crate) fn untouched(&self) -> bool {
        self.list.iter().all(|knob| knob.value == knob.default)
    }

    /// The value of a knob.
    pub(crate) fn value(&self, name: &str) -> Option<i64> {
        self.get(name).map(|knob| knob.value)
    }
}

/// Reads `text`. Knobs become their values at once. A brace that begins no expression, as in
/// JSON, stays; `{{` and `}}` stand for braces.
pub(crate) fn template(
    text: &str,
    origin: &Origin,
    knobs: &Knobs,
    finder: &mut Finder<'_>,
) -> Template {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(['{', '}']) {
        words.push_str(&text[at..at + found]);
        at += found;
        let rest = &text[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            words.push_str(&rest[..1]);
            at += 2;
            continue;
        }
        match grammar::braces(rest) {
            None => {
                words.push_str(&rest[..1]);
                at += 1;
            }
            Some(Ok((raw, length))) => {
                let tree = raw.place(origin, at, knobs);
                if !words.is_empty() {
                    pieces.push(Piece::Words(std::mem::take(&mut words)));
                }
                pieces.push(Piece::Value(tree));
                at += length;
            }
            Some(Err((mistake, length))) => {
                report(mistake, origin, at, finder);
                at += length;
            }
        }
    }
    words.push_str(&text[at..]);
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    Template(pieces)
}

/// Reads `work` or `work(1, 'x', {y})`.
pub(crate) fn call(
    text: &str,
    origin: &Origin,
    knobs: &Knobs,
    finder: &mut Finder<'_>,
) -> Option<CallText> {
    match grammar::call(text) {
        Ok((name, arguments)) => Some(CallText {
            name: text[name.clone()].to_owned(),
            span: origin.at(name),
            arguments: arguments
                .into_iter()
                .map(|(raw, bytes)| (raw.place(origin, 0, knobs), origin.at(bytes)))
                .collect(),
        }),
        Err(mistake) => {
            report(mistake, origin, 0, finder);
            None
        }
    }
}

fn report(mistake: Mistake, origin: &Origin, at: usize, finder: &mut Finder<'_>) {
    let bytes = mistake.at.start + at..mistake.at.end + at;
    finder.help(
        "expression",
        origin.at(bytes),
        mistake.message,
        mistake.help,
    );
}

impl Raw {
    /// Puts the knobs' values in and reckons what can be reckoned; each name learns where in the
    /// file it stands.
    pub(crate) fn place(self, origin: &Origin, at: usize, knobs: &Knobs) -> Tree {
        match self {
            Self::Integer(number) => Tree::Value(Value::Integer(number)),
            Self::Text(text) => Tree::Value(Value::Text(text)),
            Self::Name(name, bytes) => match knobs.value(&name) {
                Some(number) => Tree::Value(Value::Integer(number)),
                None => Tree::Name(name, origin.at(bytes.start + at..bytes.end + at)),
            },
            Self::Binary(left, operator, right) => {
                let left = left.place(origin, at, knobs);
                let right = right.place(origin, at, knobs);
                match (&left, &right) {
                    (Tree::Value(a), Tree::Value(b)) => Tree::Value(operator.apply(a, b)),
                    _ => Tree::Binary(Box::new(left), operator, Box::new(right)),
                }
            }
        }
    }
}

/// `text` with the value of each expression of knobs. `{{` and `}}` stand for braces; a brace
/// that begins no expression, as in JSON, stays.
pub(crate) fn fill(
    knobs: &Knobs,
    text: &str,
    span: &Range<usize>,
    finder: &mut Finder<'_>,
) -> String {
    let origin = Origin::new(finder.source(), span, text);
    let template = template(text, &origin, knobs, finder);
    for piece in &template.0 {
        if let Piece::Value(tree) = piece {
            for (name, at) in tree.names() {
                unknown(knobs, name, at, finder);
            }
        }
    }
    template.fixed().unwrap_or_default()
}

fn unknown(knobs: &Knobs, name: &str, at: &Range<usize>, finder: &mut Finder<'_>) {
    let names: Vec<&str> = knobs.list.iter().map(|knob| knob.name.as_str()).collect();
    let help = words::suggest(
        name,
        &names,
        "the knobs",
        "declare it in a [[knob]] table, or write {{ for a brace",
    );
    let message = format!("there is no knob `{}`", words::short(name));
    finder.help("unknown-knob", at.clone(), message, help);
}

/// The keys of what is told to people.
pub(crate) const PROSE: [&str; 8] = [
    "title", "asks", "shows", "remedy", "differs", "ask", "say", "reply",
];

/// `1 request`, where a knob made `1 requests` of a text.
pub(crate) fn singular(text: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for one in 0..words.len() {
        if words[one] != "1" {
            continue;
        }
        // `1 pool threads`: what is counted is one of the next two words.
        let near = (one + 1)..words.len().min(one + 3);
        let Some(noun) = near.into_iter().find(|&place| {
            let word = words[place].trim_end_matches([',', '.', ':', '?']);
            word.len() > 3 && word.ends_with('s') && !word.ends_with("ss")
        }) else {
            continue;
        };
        let word = words[noun].clone();
        let (bare, end) = word.split_at(word.trim_end_matches([',', '.', ':', '?']).len());
        let bare = bare.strip_suffix(if bare.ends_with("sses") { "es" } else { "s" });
        words[noun] = format!("{}{end}", bare.unwrap_or_default());
        if let Some(all) = one.checked_sub(1)
            && let Some(the) = [("all", "the"), ("All", "The")]
                .iter()
                .find(|(word, _)| words[all] == *word)
        {
            // `all 1 requests` are `the request`.
            words[all] = the.1.to_owned();
            words[one].clear();
        }
        match words.get(noun + 1).map(String::as_str) {
            Some("are") => words[noun + 1] = "is".to_owned(),
            Some("have") => words[noun + 1] = "has".to_owned(),
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}
