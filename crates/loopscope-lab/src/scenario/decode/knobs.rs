//! Knobs: their values in this run, and `{name}` in texts, durations and numbers.

use loopscope_trace::Knob;

use crate::scenario::decode::record::Record;
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
