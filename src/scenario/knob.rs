//! Knobs: their values in this run, and `{name}` in texts, durations and numbers.

use std::ops::Range;

use super::decode::Record;
use super::diagnostic::Finder;
use super::words;
use crate::trace::Knob;

/// The knobs of a file with the values of this run.
#[derive(Clone, Debug, Default)]
pub(super) struct Knobs {
    pub(super) list: Vec<Knob>,
}

impl Knobs {
    /// Reads the `[[knob]]` tables, then what was chosen.
    pub(super) fn read(rows: &[Record], chosen: &[(String, i64)], finder: &mut Finder<'_>) -> Self {
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
    pub(super) fn untouched(&self) -> bool {
        self.list.iter().all(|knob| knob.value == knob.default)
    }

    /// `text` with the value of each `{knob}`. `{{` and `}}` stand for braces; a brace that is no
    /// knob's, as in JSON, stays.
    pub(super) fn fill(&self, text: &str, span: &Range<usize>, finder: &mut Finder<'_>) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                filled.push_str(&rest[..1]);
                rest = &rest[2..];
                continue;
            }
            match named(rest) {
                Some(name) => {
                    match self.get(name) {
                        Some(knob) => filled.push_str(&knob.value.to_string()),
                        None => self.unknown(name, span, finder),
                    }
                    rest = &rest[name.len() + 2..];
                }
                None => {
                    filled.push_str(&rest[..1]);
                    rest = &rest[1..];
                }
            }
        }
        filled.push_str(rest);
        filled
    }

    fn unknown(&self, name: &str, span: &Range<usize>, finder: &mut Finder<'_>) {
        let written = format!("{{{name}}}");
        let place = finder
            .source()
            .get(span.clone())
            .and_then(|text| text.find(&written))
            .map_or(span.clone(), |at| {
                span.start + at..span.start + at + written.len()
            });
        let names: Vec<&str> = self.list.iter().map(|knob| knob.name.as_str()).collect();
        let help = words::suggest(
            name,
            &names,
            "the knobs",
            "declare it in a [[knob]] table, or write {{ for a brace",
        );
        let message = format!("there is no knob `{}`", words::short(name));
        finder.help("unknown-knob", place, message, help);
    }
}

/// The name in `{name}` at the beginning of `text`.
fn named(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?;
    let name = &inner[..inner.find('}')?];
    let first = name.chars().next()?;
    let word = first.is_ascii_alphabetic() || first == '_';
    (word && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')).then_some(name)
}
