//! One function, called several times at once, that reads a number and writes it with something added.

use crate::scenario::practice::change::Change;
use crate::scenario::practice::numbers::Numbers;
use crate::scenario::practice::small::{Doing, Held, Update};
use crate::scenario::practice::steps::Writer;

/// Functions that change a number, each with the name of its number.
const UPDATES: [(&str, &str); 4] = [
    ("add", "total"),
    ("sell", "sold"),
    ("vote", "votes"),
    ("owe", "debt"),
];

impl Update {
    /// The next one: so many calls.
    pub(crate) fn drawn(numbers: &mut Numbers, calls: u32) -> Self {
        let mut amounts = vec![1, 2, 3, 4];
        numbers.mix(&mut amounts);
        amounts.truncate(calls as usize);
        let units = |numbers: &mut Numbers| numbers.between(1, 6);
        Self {
            names: UPDATES[numbers.below(UPDATES.len() as u32) as usize],
            amounts,
            pause: match numbers.below(5) {
                0 => Some(Doing::Block(units(numbers))),
                1 => Some(Doing::Sleep(0)),
                2 => Some(Doing::Sleep(units(numbers))),
                _ => None,
            },
            held: match numbers.below(4) {
                0 => Held::Nothing,
                1 => Held::Write,
                _ => Held::All,
            },
        }
    }

    /// The calls, as steps name them: `add(2)`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let amounts = self.amounts.iter();
        let call = |amount| format!("{}({amount})", self.names.0);
        amounts.map(call).collect()
    }
}

impl Writer<'_> {
    /// A function that changes what is shared, and a main that calls it several times at once.
    pub(crate) fn update(&mut self, update: &Update) -> String {
        let (function, shared) = update.names;
        let (body, calls) = (self.changes(update), self.calls(update));
        format!(
            "\n[[variable]]\nname = \"{shared}\"\ninitial = 0\n\
             \n[[function]]\nname = \"{function}\"\nparams = [\"n\"]\nbody = [\n  {},\n]\n\
             \n[[function]]\nname = \"main\"\nbody = [\n  {},\n  {{ print = \"{shared} {{{shared}}}\" }},\n]\n\
             \n[[start]]\nrun = \"main\"\n",
            body.join(",\n  "),
            calls.join(",\n  ")
        )
    }

    /// The body of the function.
    fn changes(&mut self, update: &Update) -> Vec<String> {
        let shared = update.names.1;
        let held = match self.change {
            Some(Change::Unlocked) => Held::Nothing,
            Some(Change::Locked) => Held::All,
            _ => update.held,
        };
        let mut inside = vec![format!("{{ read = \"{shared}\", into = \"seen\" }}")];
        inside.extend(self.cost());
        inside.extend(match &update.pause {
            Some(pause) => self.step(pause, ""),
            None if self.is(Change::Equal) => self.step(&Doing::Sleep(1), ""),
            None if self.is(Change::Blocking) => vec!["{ block = \"{n}s\" }".to_owned()],
            None => vec!["{ sleep = \"{n}s\" }".to_owned()],
        });
        inside.extend(self.cost());
        let mut write = format!("{{ write = \"{shared}\", value = \"{{seen + n}}\" }}");
        if held == Held::Write {
            write = format!("{{ lock = \"turn\", do = [{write}] }}");
        }
        inside.push(write);
        let mut body = match held {
            Held::All => vec![format!(
                "{{ lock = \"turn\", do = [{}] }}",
                inside.join(", ")
            )],
            _ => inside,
        };
        body.push(format!("{{ print = \"{{n}} makes {{{shared}}}\" }}"));
        body
    }

    /// What calls it: all at once, or one after the other.
    fn calls(&self, update: &Update) -> Vec<String> {
        let mut calls = update.calls();
        if self.is(Change::LastFirst) {
            calls.reverse();
        }
        let calls: Vec<String> = calls.iter().map(|call| format!("\"{call}\"")).collect();
        match self.is(Change::InTurn) {
            true => calls
                .iter()
                .map(|call| format!("{{ call = {call} }}"))
                .collect(),
            false => vec![format!("{{ gather = [{}] }}", calls.join(", "))],
        }
    }
}
