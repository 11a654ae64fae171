//! Knobs: their values in this run, and `{name}` in texts, durations and numbers.

use std::ops::Range;

use super::diagnostic::Finder;
use super::record::Record;
use super::template::{self, Origin, Piece};
use super::words;
use loopscope_trace::Knob;

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

    /// The value of a knob.
    pub(super) fn value(&self, name: &str) -> Option<i64> {
        self.get(name).map(|knob| knob.value)
    }

    /// `text` with the value of each expression of knobs. `{{` and `}}` stand for braces; a brace
    /// that begins no expression, as in JSON, stays.
    pub(super) fn fill(&self, text: &str, span: &Range<usize>, finder: &mut Finder<'_>) -> String {
        let origin = Origin::new(finder.source(), span, text);
        let template = template::template(text, &origin, self, finder);
        for piece in &template.0 {
            if let Piece::Value(tree) = piece {
                for (name, at) in tree.names() {
                    self.unknown(name, at, finder);
                }
            }
        }
        template.fixed().unwrap_or_default()
    }

    fn unknown(&self, name: &str, at: &Range<usize>, finder: &mut Finder<'_>) {
        let names: Vec<&str> = self.list.iter().map(|knob| knob.name.as_str()).collect();
        let help = words::suggest(
            name,
            &names,
            "the knobs",
            "declare it in a [[knob]] table, or write {{ for a brace",
        );
        let message = format!("there is no knob `{}`", words::short(name));
        finder.help("unknown-knob", at.clone(), message, help);
    }
}
