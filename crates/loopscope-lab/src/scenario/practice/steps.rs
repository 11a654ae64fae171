//! The steps of a small scenario as a scenario file has them.

use crate::scenario::practice::change::Change;
use crate::scenario::practice::numbers::Numbers;
use crate::scenario::practice::small::{Doing, Small, length};

/// Writes a program, and what its steps cost where they cost something.
pub(crate) struct Writer<'a> {
    pub(crate) small: &'a Small,
    pub(crate) change: Option<Change>,
    pub(crate) costs: Option<Numbers>,
    /// Milliseconds.
    pub(crate) late: u32,
    /// The function that is written.
    pub(crate) function: String,
    /// Lines of it, and values that it has made.
    pub(crate) lines: u32,
    pub(crate) made: u32,
    /// Values that were sent so far.
    sent: u8,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(small: &'a Small, change: Option<Change>) -> Self {
        Self {
            small,
            change,
            costs: None,
            late: 0,
            function: String::new(),
            lines: 0,
            made: 0,
            sent: 0,
        }
    }

    pub(crate) fn is(&self, change: Change) -> bool {
        self.change == Some(change)
    }

    /// Steps as the file has them. Each is followed by its line; where tasks have names, only those that have none
    /// inside and send nothing.
    pub(crate) fn steps(&mut self, steps: &[Doing], prefix: &str) -> Vec<String> {
        let mut all = Vec::new();
        let named = self.small.names.is_some();
        for (place, step) in steps.iter().enumerate() {
            let before = (!named).then(|| self.label(prefix, place));
            all.extend(self.cost());
            all.extend(self.step(step, before.as_deref().unwrap_or_default()));
            let sends = steps.get(place + 1) == Some(&Doing::Send);
            let label = match before {
                None if step.is_single() && !sends => Some(self.label(prefix, place)),
                before => before,
            };
            all.extend(label.map(|label| format!("{{ print = \"{label}\" }}")));
        }
        all
    }

    pub(crate) fn label(&mut self, prefix: &str, place: usize) -> String {
        self.lines += 1;
        match self.small.names {
            Some(_) => format!("{} {}", self.function, self.lines),
            None => format!("{prefix}.{place}"),
        }
    }

    pub(crate) fn cost(&mut self) -> Option<String> {
        let micros = self.costs.as_mut()?.below(10) * 100;
        (micros > 0).then(|| format!("{{ block = \"{micros}us\" }}"))
    }

    /// Steps that stand inside another one.
    fn inside(&mut self, steps: &[Doing], label: &str) -> String {
        format!("[{}]", self.steps(steps, label).join(", "))
    }

    fn time(&self, units: u32, late: bool) -> String {
        let late = if late && units > 0 { self.late } else { 0 };
        let units = if self.is(Change::Equal) {
            units.min(1)
        } else {
            units
        };
        length(units * self.small.unit + late)
    }

    fn timer(&self, units: u32) -> String {
        let late = if units > 0 { self.late } else { 0 };
        length(units * self.small.unit + late)
    }

    /// The name of something that the function makes; `label` is empty where functions have names.
    fn own(&mut self, what: &str, label: &str) -> String {
        self.made += 1;
        match (self.small.names, self.made) {
            (Some(_), 1) => what.to_owned(),
            (Some(_), made) => format!("{what}{made}"),
            // By the place of the step, in few letters.
            (None, _) => {
                let place = label
                    .replace("task", "")
                    .replace("leaf", "")
                    .replace('.', "_");
                format!("{}{place}", &what[..1])
            }
        }
    }

    pub(crate) fn step(&mut self, step: &Doing, label: &str) -> Vec<String> {
        if let Some(steps) = self.without(step, label) {
            return steps;
        }
        let one = match step {
            Doing::Yield => "{ yield = true }".to_owned(),
            Doing::Sleep(units) => {
                let blocks = *units > 0 && self.is(Change::Blocking);
                let word = if blocks { "block" } else { "sleep" };
                format!("{{ {word} = \"{}\" }}", self.time(*units, true))
            }
            Doing::Block(units) => {
                let word = if self.is(Change::Awaited) {
                    "sleep"
                } else {
                    "block"
                };
                format!("{{ {word} = \"{}\" }}", self.time(*units, false))
            }
            Doing::Compute(units) => {
                let most = 3 * self.small.unit;
                let more = self.costs.as_mut().map_or(0, |numbers| numbers.below(most));
                format!("{{ cpu = \"{}\" }}", length(units * self.small.unit + more))
            }
            Doing::Send => {
                self.sent += 1;
                let value = match self.small.names {
                    Some(_) => char::from(b'a' + (self.sent - 1) % 26).to_string(),
                    None => format!("from {label}"),
                };
                format!("{{ send = \"jobs\", value = \"{value}\" }}")
            }
            Doing::Take | Doing::Receive(_) => return self.receive(step, label),
            Doing::Call(leaf) => format!("{{ call = \"{}\" }}", self.small.leaf(*leaf)),
            Doing::Gather(leaves) => {
                let leaves = leaves.iter();
                let leaves = leaves.map(|leaf| format!("\"{}\"", self.small.leaf(*leaf)));
                let leaves: Vec<String> = leaves.collect();
                format!("{{ gather = [{}] }}", leaves.join(", "))
            }
            nested => return self.nested(nested, label),
        };
        vec![one]
    }

    /// A step that is not there with what is changed: what stands in its place.
    fn without(&mut self, step: &Doing, label: &str) -> Option<Vec<String>> {
        match (step, self.change?) {
            (Doing::Yield | Doing::Sleep(0), Change::NoYield) => Some(Vec::new()),
            (Doing::Within(_, steps), Change::Untimed)
            | (Doing::Locked(steps), Change::Unlocked) => Some(self.steps(steps, label)),
            (Doing::InPool(steps), Change::OnTheLoop | Change::Awaited) => {
                Some(self.in_one(steps, label))
            }
            (Doing::First(branches), Change::BranchesInTurn) => {
                let each = branches.iter().flat_map(|steps| self.steps(steps, label));
                Some(each.collect())
            }
            _ => None,
        }
    }

    /// A step with steps inside.
    fn nested(&mut self, step: &Doing, label: &str) -> Vec<String> {
        let one = match step {
            Doing::InPool(steps) => {
                let steps = self.in_one(steps, label).join(", ");
                format!("{{ spawn_blocking = [{steps}] }}")
            }
            Doing::Within(units, steps) => {
                let steps = self.inside(steps, label);
                let (after, late) = (self.timer(*units), self.gives_up(label));
                format!("{{ timeout = \"{after}\", do = {steps}, {late} }}")
            }
            Doing::First(branches) => {
                let branches = branches.iter().enumerate().map(|(place, steps)| {
                    let steps = self.inside(steps, &format!("{label}.{place}"));
                    format!("{{ do = {steps} }}")
                });
                let branches: Vec<String> = branches.collect();
                format!("{{ select = [{}] }}", branches.join(", "))
            }
            Doing::Locked(steps) => {
                let steps = self.inside(steps, label);
                format!("{{ lock = \"turn\", do = {steps} }}")
            }
            Doing::Beside(leaf, steps) => {
                let task = self.own("task", label);
                let leaf = self.small.leaf(*leaf);
                let mut all = vec![format!("{{ spawn = \"{leaf}\", as = \"{task}\" }}")];
                all.extend(self.steps(steps, label));
                all.push(format!("{{ await = \"{task}\" }}"));
                return all;
            }
            _ => return Vec::new(),
        };
        vec![one]
    }

    /// Steps of a job of the pool: where tasks have names, it is one line of code and prints none.
    fn in_one(&mut self, steps: &[Doing], label: &str) -> Vec<String> {
        match self.small.names {
            None => self.steps(steps, label),
            Some(_) => steps
                .iter()
                .flat_map(|step| self.step(step, label))
                .collect(),
        }
    }

    fn receive(&mut self, step: &Doing, label: &str) -> Vec<String> {
        let value = self.own("value", label);
        let who = if label.is_empty() {
            &self.function
        } else {
            label
        };
        let took = [
            format!("{{ recv = \"jobs\", into = \"{value}\" }}"),
            format!("{{ print = \"{who} got {{{value}}}\" }}"),
        ];
        match step {
            Doing::Receive(units) if !self.is(Change::Untimed) => vec![format!(
                "{{ timeout = \"{}\", do = [{}], {} }}",
                self.timer(*units),
                took.join(", "),
                self.gives_up(label)
            )],
            _ => took.to_vec(),
        }
    }

    fn gives_up(&self, label: &str) -> String {
        match self.small.names {
            Some(_) => format!("else = [{{ print = \"{} gives up\" }}]", self.function),
            None => format!("else = [{{ print = \"{label} is late\" }}]"),
        }
    }
}
