//! What functions share: variables, channels, locks, pools, loops; each name stands for one thing.

use std::ops::Range as Span;

use loopscope_trace::{
    Admits, Channel, ChannelId, Lock, LockId, LoopId, NamedEvent, NamedEventId, NamedPool, PoolId,
    Variable, VariableId,
};

use crate::scenario::decode::knobs::Knobs;
use crate::scenario::decode::record::Record;
use crate::scenario::resolve::tables::{channel, event_kind, lock_kind, variable};
use crate::scenario::text::finder::Finder;
use crate::scenario::text::words;

/// The most things of one kind.
const MOST: usize = 200;

/// Everything that has a name besides functions, clients and what is in a function.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) variables: Vec<Variable>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) locks: Vec<Lock>,
    pub(crate) events: Vec<NamedEvent>,
    pub(crate) pools: Vec<NamedPool>,
    pub(crate) loops: Vec<String>,
    /// Each name and what it is, as a sentence calls it: `channel`.
    taken: Vec<(String, &'static str)>,
    /// A name of this kind could not be read: one that resolves to nothing may be that one.
    unread: Vec<&'static str>,
}

/// An id that stands for what a table of the file declares.
pub(crate) trait Named: From<usize> {
    /// As a sentence calls it: `channel`.
    const WHAT: &'static str;
}

impl Named for VariableId {
    const WHAT: &'static str = "variable";
}

impl Named for ChannelId {
    const WHAT: &'static str = "channel";
}

impl Named for LockId {
    const WHAT: &'static str = "lock";
}

impl Named for NamedEventId {
    const WHAT: &'static str = "event";
}

impl Named for PoolId {
    const WHAT: &'static str = "pool";
}

impl Named for LoopId {
    const WHAT: &'static str = "loop";
}

impl Names {
    pub(crate) fn read(root: &Record, knobs: &Knobs, finder: &mut Finder<'_>) -> Self {
        let mut names = Self::default();
        let knob = |knob: &loopscope_trace::Knob| (knob.name.clone(), "knob");
        names.taken.extend(knobs.list.iter().map(knob));
        for (row, name) in names.named(root, "variable", finder) {
            names.variables.push(variable(row, name, finder));
        }
        for (row, name) in names.named(root, "channel", finder) {
            names.channels.push(channel(row, name, finder));
        }
        for (row, name) in names.named(root, "lock", finder) {
            names.locks.push(Lock {
                name,
                kind: lock_kind(row),
                ..Lock::default()
            });
        }
        for (row, name) in names.named(root, "semaphore", finder) {
            let permits = row.number("permits").map(u32::try_from);
            let permits = permits.and_then(Result::ok).unwrap_or(1);
            names.locks.push(Lock {
                name,
                kind: lock_kind(row),
                admits: Admits::Permits(permits),
            });
        }
        for (_, name) in names.named(root, "rwlock", finder) {
            names.locks.push(Lock {
                name,
                admits: Admits::Readers,
                ..Lock::default()
            });
        }
        for (row, name) in names.named(root, "event", finder) {
            let kind = event_kind(row);
            names.events.push(NamedEvent { name, kind });
        }
        for (row, name) in names.named(root, "pool", finder) {
            let threads = row.number("threads").map(u32::try_from);
            let threads = threads.and_then(Result::ok).unwrap_or(1);
            names.pools.push(NamedPool { name, threads });
        }
        let loops = names.named(root, "loop", finder).into_iter();
        names.loops = loops.map(|(_, name)| name).collect();
        names
    }

    /// The tables of a kind, each with the name that it declares.
    fn named<'r>(
        &mut self,
        root: &'r Record,
        what: &'static str,
        finder: &mut Finder<'_>,
    ) -> Vec<(&'r Record, String)> {
        let rows = root.rows(what);
        if let Some(row) = rows.get(MOST) {
            let message = format!("a scenario has at most {MOST} [[{what}]] tables");
            finder.add("limit", row.span.clone(), message);
        }
        let rows = rows.iter().take(MOST);
        rows.map(|row| (row, self.name(row, what, finder)))
            .collect()
    }

    fn name(&mut self, row: &Record, what: &'static str, finder: &mut Finder<'_>) -> String {
        let Some(name) = row.text("name") else {
            self.unread.push(what);
            return String::new();
        };
        if let Some((message, help)) = words::reserved(name) {
            finder.help("bad-name", row.at("name"), message, help);
        }
        match self.what(name) {
            Some(other) => {
                let message = format!("there is a {other} `{name}` already");
                finder.help("duplicate", row.at("name"), message, "give it another name");
            }
            None => self.taken.push((name.to_owned(), what)),
        }
        name.to_owned()
    }

    /// What `name` stands for, where it stands for something.
    pub(crate) fn what(&self, name: &str) -> Option<&'static str> {
        let found = self.taken.iter().find(|(known, _)| known == name);
        found.map(|(_, what)| *what)
    }

    /// The names of all knobs and variables: what may stand in an expression.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        let values = self.taken.iter();
        values
            .filter(|(_, what)| matches!(*what, "knob" | "variable"))
            .map(|(name, _)| name.as_str())
    }

    /// What stands under `key` of a record, where that names something of this kind.
    pub(crate) fn of<I: Named>(
        &self,
        record: &Record,
        key: &str,
        finder: &mut Finder<'_>,
    ) -> Option<I> {
        self.kind(I::WHAT, record, key, finder)
    }

    /// The same for one of several kinds that have their ids in common.
    pub(crate) fn kind<I: Named>(
        &self,
        what: &'static str,
        record: &Record,
        key: &str,
        finder: &mut Finder<'_>,
    ) -> Option<I> {
        self.search(what, record.text(key)?, record.at(key), finder)
    }

    /// Its place among the names of its kind; says so where it is none of them.
    pub(crate) fn find<I: Named>(
        &self,
        name: &str,
        span: Span<usize>,
        finder: &mut Finder<'_>,
    ) -> Option<I> {
        self.search(I::WHAT, name, span, finder)
    }

    fn search<I: Named>(
        &self,
        what: &'static str,
        name: &str,
        span: Span<usize>,
        finder: &mut Finder<'_>,
    ) -> Option<I> {
        let mut all = self.all(what);
        if let Some(at) = all.iter().position(|known| *known == name) {
            return Some(I::from(at));
        }
        all.retain(|known| !known.is_empty());
        all.dedup();
        let (message, help) = match self.what(name) {
            Some(other) => (
                format!("`{name}` is a {other}, not a {what}"),
                words::suggest("", &all, &format!("the {what}s"), &declare(what)),
            ),
            None if self.unread.contains(&what)
                && words::closest(name, all.iter().copied()).is_none() =>
            {
                return None;
            }
            None => (
                format!("there is no {what} `{}`", words::short(name)),
                words::suggest(name, &all, &format!("the {what}s"), &declare(what)),
            ),
        };
        finder.help("unknown-name", span, message, help);
        None
    }

    /// The names of locks of a kind, each in its place among all; the others have none.
    fn locks_that(&self, wanted: impl Fn(Admits) -> bool) -> Vec<&str> {
        let name = |lock: &'_ Lock| wanted(lock.admits);
        let locks = self.locks.iter();
        locks
            .map(|lock| if name(lock) { &*lock.name } else { "" })
            .collect()
    }

    /// The names of a kind, each in its place among all that have their ids in common.
    fn all(&self, what: &str) -> Vec<&str> {
        match what {
            "variable" => self.variables.iter().map(|one| &*one.name).collect(),
            "channel" => self.channels.iter().map(|one| &*one.name).collect(),
            "lock" => self.locks_that(|admits| admits == Admits::One),
            "semaphore" => self.locks_that(|admits| matches!(admits, Admits::Permits(_))),
            "rwlock" => self.locks_that(|admits| admits == Admits::Readers),
            "event" => self.events.iter().map(|one| &*one.name).collect(),
            "pool" => self.pools.iter().map(|one| &*one.name).collect(),
            _ => self.loops.iter().map(String::as_str).collect(),
        }
    }
}

fn declare(what: &str) -> String {
    format!("declare it in a [[{what}]] table")
}
