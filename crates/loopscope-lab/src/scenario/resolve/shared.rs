//! Steps on what functions share: locks, variables, channels.

use loopscope_trace::{LockId, LockKind};

use crate::scenario::decode::record::Record;
use crate::scenario::model::step::Action;
use crate::scenario::resolve::bodies::{Bodies, Place};

impl Bodies<'_, '_, '_> {
    pub(crate) fn lock(&mut self, record: &Record, place: Place) -> Option<Action> {
        let lock: Option<LockId> = self.program.names.of(record, "lock", self.finder);
        if let (Some(id), Some(why)) = (lock, place.plain()) {
            let lock = &self.program.names.locks[id.index()];
            if lock.kind == LockKind::Async {
                let message = format!(
                    "the lock `{}` is awaited, which cannot be done here",
                    lock.name
                );
                let help = format!("give it kind = \"std\", or: {why}");
                self.help("plain", record.at("lock"), message, help);
            }
        }
        let body = self.body(record.steps("do").unwrap_or_default(), place.branch());
        Some(Action::Lock { lock: lock?, body })
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
