//! Steps on what functions share: locks, variables, channels.

use loopscope_trace::{ChannelId, Keep, LockId, LockKind, NamedEventId, NamedEventKind, Notice};

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

    /// A step on an event.
    pub(crate) fn event(&mut self, key: &str, record: &Record) -> Option<Action> {
        let event: NamedEventId = self.program.names.of(record, key, self.finder)?;
        let known = &self.program.names.events[event.index()];
        let (is_set, name) = (known.kind == NamedEventKind::Event, known.name.clone());
        let how = match key {
            "wait" => return Some(Action::WaitFor(event)),
            "set" => Notice::Set,
            "clear" => Notice::Cleared,
            _ if record.flag("all").unwrap_or_default() => Notice::All,
            _ => Notice::One,
        };
        if is_set != matches!(how, Notice::Set | Notice::Cleared) {
            let (message, help) = match is_set {
                true => (
                    format!("the event `{name}` is set, not notified"),
                    "write `set`, or give it kind = \"notify\" or \"condition\"",
                ),
                false => (
                    format!("`{name}` is notified: it is never set or cleared"),
                    "write `notify`, or give it kind = \"event\"",
                ),
            };
            self.help("bad-value", record.at(key), message, help.to_owned());
        }
        Some(Action::Notify { event, how })
    }

    pub(crate) fn channel(&mut self, key: &str, record: &Record, place: Place) -> Option<Action> {
        let channel: Option<ChannelId> = self.program.names.of(record, key, self.finder);
        let known = channel.and_then(|id| self.program.names.channels.get(id.index()));
        let is_broadcast = known.is_none_or(|channel| matches!(channel.keep, Keep::Each(_)));
        let name = record.text(key).unwrap_or_default().to_owned();
        if !is_broadcast && (key == "subscribe" || record.get("lost").is_some()) {
            let message = format!("`{name}` is no broadcast: each value is taken once");
            let help = format!("give it broadcast = 16, or leave `{key}` as it is without this");
            self.help("bad-value", record.span.clone(), message, help);
        }
        if key == "subscribe" {
            self.subscribed.extend(channel);
            return Some(Action::Subscribe(channel?));
        }
        if key == "recv" && is_broadcast {
            let (into, lost) = (self.into(record), record.text("lost"));
            let lost = lost.map(str::to_owned);
            if let Some(lost) = &lost {
                self.local(lost, record.at("lost"));
            }
            if channel.is_some_and(|id| !self.subscribed.contains(&id)) {
                let message =
                    format!("nothing of `{name}` comes here: this function is no receiver");
                let help = format!(
                    "add {{ subscribe = \"{name}\" }} before it, where values begin to count"
                );
                self.help("unknown-task", record.at("recv"), message, help);
            }
            return Some(Action::ReceiveEach {
                channel: channel?,
                into,
                lost,
            });
        }
        if key == "recv" {
            let into = self.into(record);
            return Some(Action::Receive {
                channel: channel?,
                into,
            });
        }
        let known = channel.map(|id: ChannelId| &self.program.names.channels[id.index()]);
        let known_keep = known.map(|channel| channel.keep);
        let is_bounded = known.is_some_and(|channel| channel.capacity.is_some());
        if let (true, Some(why)) = (is_bounded, place.plain()) {
            let message = "room in a channel is awaited, which cannot be done here".to_owned();
            let help = format!("leave out its `capacity`, or: {why}");
            self.help("plain", record.at(key), message, help);
        }
        let value = self.kept_value(record, place);
        let is_unsafe = record.flag("unsafe").unwrap_or(false);
        if is_unsafe {
            self.past_the_loop(record, known_keep, place);
        }
        Some(Action::Send {
            channel: channel?,
            value: value?,
            is_unsafe,
        })
    }

    /// Only a thread can put something into a queue past its loop.
    fn past_the_loop(&mut self, record: &Record, keep: Option<Keep>, place: Place) {
        let fault = if place.plain().is_none() {
            Some((
                "this runs on the loop, which sees what it puts in itself",
                "leave `unsafe` out, or send from a plain function or a job",
            ))
        } else if keep.is_some_and(|keep| keep != Keep::All) {
            Some((
                "`unsafe` puts into a queue that keeps every value",
                "leave out the `keep` of the channel, or `unsafe` here",
            ))
        } else {
            None
        };
        if let Some((message, help)) = fault {
            self.help(
                "plain",
                record.at("unsafe"),
                message.to_owned(),
                help.to_owned(),
            );
        }
    }
}
