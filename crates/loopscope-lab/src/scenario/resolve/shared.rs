//! Steps on what functions share: locks, variables, channels.

use loopscope_trace::{LockId, LockKind};

use crate::scenario::decode::record::Record;
use crate::scenario::model::step::Action;
use crate::scenario::resolve::bodies::{Bodies, Place};

impl Bodies<'_, '_, '_> {
    /// A body under a lock, or with a permit of one.
    pub(crate) fn lock(&mut self, key: &str, record: &Record, place: Place) -> Option<Action> {
        let what = match key {
            "acquire" => "semaphore",
            "read_lock" | "write_lock" => "rwlock",
            _ => "lock",
        };
        let lock: Option<LockId> = self.program.names.kind(what, record, key, self.finder);
        if let (Some(id), Some(why)) = (lock, place.plain()) {
            let lock = &self.program.names.locks[id.index()];
            if lock.kind == LockKind::Async {
                let name = &lock.name;
                let message = format!("the {what} `{name}` is awaited, which cannot be done here");
                let help = format!("give it kind = \"std\", or: {why}");
                self.help("plain", record.at(key), message, help);
            }
        }
        let body = self.body(record.steps("do").unwrap_or_default(), place.branch());
        Some(Action::Lock {
            lock: lock?,
            reads: key == "read_lock",
            body,
        })
    }

    pub(crate) fn variable(&mut self, key: &str, record: &Record, place: Place) -> Option<Action> {
        let variable = self.program.names.of(record, key, self.finder);
        if key == "read" {
            let into = self.into(record);
            return Some(Action::Read {
                variable: variable?,
                into: into?,
            });
        }
        let value = self.kept_value(record, place);
        Some(Action::Write {
            variable: variable?,
            value: value?,
        })
    }

    pub(crate) fn channel(&mut self, key: &str, record: &Record, place: Place) -> Option<Action> {
        let channel = self.program.names.of(record, key, self.finder);
        if key == "recv" {
            let into = self.into(record);
            return Some(Action::Receive {
                channel: channel?,
                into,
            });
        }
        let value = self.kept_value(record, place);
        Some(Action::Send {
            channel: channel?,
            value: value?,
        })
    }
}
