//! What functions share: variables, channels, locks, pools, loops; each name stands for one thing.

use std::ops::Range as Span;

use loopscope_trace::{
    Channel, ChannelId, Keep, Lock, LockId, LockKind, LoopId, NamedPool, PoolId, Variable,
    VariableId,
};

use crate::scenario::decode::knobs::Knobs;
use crate::scenario::decode::record::Record;
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
    pub(crate) pools: Vec<NamedPool>,
    pub(crate) loops: Vec<String>,
    /// Each name and what it is, as a sentence calls it: `channel`.
    taken: Vec<(String, &'static str)>,
    /// A name of this kind could not be read: one that resolves to nothing may be that one.
    unread: Vec<&'static str>,
}

impl Names {
    pub(crate) fn read(root: &Record, knobs: &Knobs, finder: &mut Finder<'_>) -> Self {
        let mut names = Self::default();
        let knob = |knob: &loopscope_trace::Knob| (knob.name.clone(), "knob");
        names.taken.extend(knobs.list.iter().map(knob));
        for row in names.rows(root, "variable", finder) {
            let name = names.name(row, "variable", finder);
            names.variables.push(Variable {
                name,
                initial: row.text("initial").unwrap_or_default().to_owned(),
            });
        }
        for row in names.rows(root, "channel", finder) {
            let newest = row.text("keep") == Some("newest");
            let name = names.name(row, "channel", finder);
            names.channels.push(Channel {
                name,
                keep: if newest { Keep::Newest } else { Keep::All },
            });
        }
        for row in names.rows(root, "lock", finder) {
            let std = row.text("kind") == Some("std");
            let name = names.name(row, "lock", finder);
            names.locks.push(Lock {
                name,
                kind: if std { LockKind::Std } else { LockKind::Async },
            });
        }
        for row in names.rows(root, "pool", finder) {
            let name = names.name(row, "pool", finder);
            names.pools.push(NamedPool {
                name,
                threads: row
                    .number("threads")
                    .and_then(|threads| u32::try_from(threads).ok())
                    .unwrap_or(1),
            });
        }
        for row in names.rows(root, "loop", finder) {
            let name = names.name(row, "loop", finder);
            names.loops.push(name);
        }
        names
    }

    fn rows<'r>(
        &self,
        root: &'r Record,
        key: &'static str,
        finder: &mut Finder<'_>,
    ) -> &'r [Record] {
        let rows = root.rows(key);
        if let Some(row) = rows.get(MOST) {
            let message = format!("a scenario has at most {MOST} [[{key}]] tables");
            finder.add("limit", row.span.clone(), message);
        }
        &rows[..rows.len().min(MOST)]
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

    pub(crate) fn variable(
        &self,
        name: &str,
        span: Span<usize>,
        finder: &mut Finder<'_>,
    ) -> Option<VariableId> {
        self.find("variable", name, span, finder)
            .map(VariableId::from)
    }

    pub(crate) fn channel(
        &self,
        name: &str,
        span: Span<usize>,
        finder: &mut Finder<'_>,
    ) -> Option<ChannelId> {
        self.find("channel", name, span, finder)
            .map(ChannelId::from)
    }

    pub(crate) fn lock(
        &self,
        name: &str,
        span: Span<usize>,
        finder: &mut Finder<'_>,
    ) -> Option<LockId> {
        self.find("lock", name, span, finder).map(LockId::from)
    }

    pub(crate) fn pool(
        &self,
        name: &str,
        span: Span<usize>,
        finder: &mut Finder<'_>,
    ) -> Option<PoolId> {
        self.find("pool", name, span, finder).map(PoolId::from)
    }

    pub(crate) fn on(
        &self,
        name: &str,
        span: Span<usize>,
        finder: &mut Finder<'_>,
    ) -> Option<LoopId> {
        self.find("loop", name, span, finder).map(LoopId::from)
    }

    /// Its place among the names of its kind; says so where it is none of them.
    fn find(
        &self,
        what: &'static str,
        name: &str,
        span: Span<usize>,
        finder: &mut Finder<'_>,
    ) -> Option<usize> {
        let mut all = self.all(what);
        if let Some(at) = all.iter().position(|known| *known == name) {
            return Some(at);
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

    /// The names of a kind, in file order.
    fn all(&self, what: &str) -> Vec<&str> {
        match what {
            "variable" => self.variables.iter().map(|one| &*one.name).collect(),
            "channel" => self.channels.iter().map(|one| &*one.name).collect(),
            "lock" => self.locks.iter().map(|one| &*one.name).collect(),
            "pool" => self.pools.iter().map(|one| &*one.name).collect(),
            _ => self.loops.iter().map(String::as_str).collect(),
        }
    }
}

fn declare(what: &str) -> String {
    format!("declare it in a [[{what}]] table")
}
