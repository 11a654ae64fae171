//! The caption's clauses for those who wait for one another, for a lock, or for CPython's lock.

use crate::findings::deadlock;
use crate::sentences::scene::Scene;
use crate::words::figures::list;
use crate::words::names::{inside, lock, thread_name, who};
use loopscope_trace::{Actor, ThreadId, ThreadRole};

impl Scene<'_> {
    /// Some wait for one another in a circle.
    pub(crate) fn circle(&self) -> Option<Vec<String>> {
        let now = self.world.now;
        let mut all = self.timeline.findings().iter().rev();
        let circle = all.find(|finding| {
            let goes_on = finding.open || finding.at + finding.length > now;
            *finding.kind == deadlock::KIND && finding.found <= now && goes_on
        })?;
        let links = deadlock::links(self.timeline.into(), circle, self.language);
        let mut parts = vec![format!("{}.", links.join("; "))];
        parts.push(" None of them can ever go on.".to_owned());
        Some(parts)
    }

    /// Jobs run in child processes.
    pub(crate) fn in_children(&self) -> Option<Vec<String>> {
        let threads = self.world.threads.iter();
        let threads = threads.filter(|thread| thread.role == ThreadRole::Process);
        let doing = threads.filter_map(|thread| Some((thread.id, thread.doing?.actor)));
        let doing: Vec<(ThreadId, Actor)> = doing.collect();
        let &(thread, first) = doing.first()?;
        let inside = inside(self.timeline, self.world.step_of(first), self.language);
        let first = match doing.len() {
            1 => {
                let (who, name) = (
                    who(self.timeline, first),
                    thread_name(self.timeline, thread),
                );
                format!("{who} is in {name}, a process of its own{inside}.")
            }
            count => format!("{count} jobs run in {count} processes, each on its own{inside}."),
        };
        Some(vec![
            first,
            " The loop is free, and the heartbeat beats.".to_owned(),
        ])
    }

    /// An actor has a lock that others want.
    pub(crate) fn locked(&self) -> Option<Vec<String>> {
        let mut locks = self.world.shared.locks.iter().enumerate();
        let (of, wanted) =
            locks.find(|(_, lock)| lock.owner.is_some() && !lock.waiters.is_empty())?;
        let owner = who(self.timeline, wanted.owner?.0);
        let count = wanted.waiters.len();
        let names: Vec<String> = wanted
            .waiters
            .iter()
            .take(3)
            .map(|&(actor, _)| who(self.timeline, actor))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let verb = if count == 1 { "wants" } else { "want" };
        let name = lock(self.timeline, u32::try_from(of).unwrap_or(u32::MAX));
        Some(vec![
            format!("{owner} has {name}; {} {verb} it.", list(&names, count)),
            " Whoever waits for it at an await needs no thread.".to_owned(),
        ])
    }

    /// ` pool-1 has CPython's lock, and 2 threads want it.`
    pub(crate) fn gil(&self) -> Option<String> {
        let mut gils = self.world.shared.gils.iter();
        let gil = gils.find(|gil| !gil.waiters.is_empty())?;
        let want = match gil.waiters.len() {
            1 => "another thread wants it".to_owned(),
            count => format!("{count} others want it"),
        };
        let owner = gil.owner.map_or_else(
            || "A thread".to_owned(),
            |(owner, _)| thread_name(self.timeline, owner),
        );
        Some(format!(" {owner} has CPython's lock; {want}."))
    }
}
