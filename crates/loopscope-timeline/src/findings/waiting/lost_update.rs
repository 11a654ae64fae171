//! Two wrote a variable from what both had read before, so one of the writes is lost.

use std::collections::BTreeMap;

use crate::findings::log::detector::{self, Log, Now};
use crate::findings::log::finding::{Kind, Link, Reason};
use crate::words::{line, who};
use crate::world::shared::{Variable, Write};
use loopscope_trace::{EventKind, ProcessId};

pub(crate) static KIND: Kind = Kind {
    id: "lost-update",
    word: "lost update",
    row_word: "lost update",
    symptoms: "lost update, race, race condition, duplicate, duplicates, atomic",
    runs_did: "lost at least one update",
    on_map: None,
    sentence: |names, finding, language| {
        let of = finding.of.unwrap_or(u32::MAX);
        let variable = names.story().variables.get(of as usize);
        let variable = variable.map_or("a variable", |variable| variable.name.as_str());
        let (times, verb, colon) = match finding.count {
            0 | 1 => ("An update".to_owned(), "was", ":"),
            count => (format!("{count} updates"), "were", ": first"),
        };
        let write = |link: &Link| {
            let value = match link.reason {
                Reason::Wrote(value) => names.trace().text(value),
                _ => "something",
            };
            let line = link.step.and_then(|step| line(names, step, language));
            let at_line = line.map_or(String::new(), |line| format!(" ({line})"));
            (who(names, link.actor), value, at_line)
        };
        let [before, after] = finding.chain.as_slice() else {
            return format!("{times} of {variable} {verb} lost.");
        };
        let ((first, old, old_line), (second, new, new_line)) = (write(before), write(after));
        format!(
            "{times} of {variable} {verb} lost{colon} {first} wrote {old}{old_line}, then {second} wrote {new} over it{new_line}, from what it had read before {first}'s write."
        )
    },
    short: |names, finding, _| {
        let variables = &names.story().variables;
        let variable = finding.of.and_then(|of| variables.get(of as usize));
        let name = variable.map_or("a variable", |variable| variable.name.as_str());
        format!("{} of {name}", finding.count)
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// A variable's finding.
    found: BTreeMap<(u16, Option<ProcessId>), usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        let EventKind::VariableWritten {
            actor, variable, ..
        } = event
        else {
            return;
        };
        let touched = now.world.values_of(actor);
        let over = touched.and_then(|values| values.of(variable)?.over);
        let process = now.world.process_of(actor);
        let variable = now.world.shared.variable(variable, process);
        if let (Some(before), Some(variable)) = (over, variable)
            && let Some(write) = variable.last
        {
            self.found(now, variable, [before, write], log);
        }
    }
}

impl Detector {
    fn found(&mut self, now: Now, variable: &Variable, writes: [Write; 2], log: &mut Log) {
        let at = now.world.now;
        let key = (variable.of, variable.process);
        let finding = *self.found.entry(key).or_insert_with(|| {
            let finding = log.open(now, &KIND, at, writes[1].actor);
            let found = &mut log.all[finding];
            found.of = Some(variable.of.into());
            let link = |write: Write| Link {
                actor: write.actor,
                step: write.step,
                reason: Reason::Wrote(write.value),
            };
            found.chain = writes.map(link).into();
            log.close(finding, at);
            finding
        });
        let count = log.all[finding].count.saturating_add(1);
        log.count(finding, count, at);
    }
}
