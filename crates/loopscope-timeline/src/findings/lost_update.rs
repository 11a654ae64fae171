//! Findings about lost updates: a variable that two have read, and both have written.

use std::collections::BTreeMap;

use crate::findings::all::Findings;
use crate::findings::finding::{InsightKind, Link, Want};
use crate::tracks::lanes::Lanes;
use crate::world::shared::{Variable, Write};
use crate::world::world::World;
use loopscope_trace::{Actor, ProcessId};

/// What each actor has seen of each variable, and the findings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Updates {
    /// How often a variable had been written when an actor last read it; until it writes.
    seen: BTreeMap<Actor, Vec<(u16, u32)>>,
    /// A variable's finding.
    found: BTreeMap<(u16, Option<ProcessId>), usize>,
}

impl Findings {
    pub(crate) fn variable_read(&mut self, world: &World, actor: Actor, of: u16) {
        let process = world.process_of(actor);
        let Some(variable) = world.shared.variable(of, process) else {
            return;
        };
        let seen = self.updates.seen.entry(actor).or_default();
        match seen.iter_mut().find(|(other, _)| *other == of) {
            Some(entry) => entry.1 = variable.writes,
            None => seen.push((of, variable.writes)),
        }
    }

    pub(crate) fn variable_written(&mut self, world: &World, lanes: &Lanes, actor: Actor, of: u16) {
        let Some(seen) = self.updates.seen.get_mut(&actor) else {
            return;
        };
        let Some(place) = seen.iter().position(|&(other, _)| other == of) else {
            // It wrote without having read: it takes nothing for granted.
            return;
        };
        let (_, read) = seen.swap_remove(place);
        let process = world.process_of(actor);
        let Some(variable) = world.shared.variable(of, process) else {
            return;
        };
        // Its own write is the last one of those.
        if let (Some(write), Some(before)) = (variable.last, variable.before)
            && variable.writes > read + 1
            && before.actor != actor
        {
            self.lost_update(world, lanes, variable, [before, write]);
        }
    }

    fn lost_update(
        &mut self,
        world: &World,
        lanes: &Lanes,
        variable: &Variable,
        writes: [Write; 2],
    ) {
        let key = (variable.of, variable.process);
        let finding = self.updates.found.get(&key).copied().unwrap_or_else(|| {
            let [before, write] = writes;
            let actor = write.actor;
            let kind = InsightKind::LostUpdate;
            let finding = self.log.open(world, lanes, kind, world.now, actor);
            let insight = &mut self.log.all[finding];
            insight.of = Some(variable.of.into());
            insight.chain = [before, write]
                .map(|write| Link {
                    actor: write.actor,
                    step: write.step,
                    want: Want::Wrote(write.value),
                })
                .into();
            self.log.close(finding, world.now);
            self.updates.found.insert(key, finding);
            finding
        });
        let count = self.log.all[finding].count.saturating_add(1);
        self.log.count(finding, count, world.now);
    }

    /// An actor that has ended writes nothing.
    pub(crate) fn forget_reads(&mut self, actor: Actor) {
        self.updates.seen.remove(&actor);
    }
}
