//! Tasks, jobs and coroutines by name: each is awaited once, in the function that started it, or
//! left running on purpose.

use loopscope_trace::{LoopId, Nanos};

use crate::scenario::decode::record::Record;
use crate::scenario::model::step::{Action, Missed};
use crate::scenario::resolve::bodies::{Bodies, NameKind, Place, Started};
use crate::scenario::text::words;

impl Bodies<'_, '_, '_> {
    /// A body is over that began when `first` things had been started.
    pub(crate) fn over(&mut self, first: usize) {
        for task in self.started.iter_mut().skip(first) {
            let waited = task.awaited || task.polled;
            let left = !waited && !task.aborted && !task.detached && !task.gone;
            if left && !matches!(task.what, "coroutine" | "interval") {
                let message = format!("the {} `{}` is never awaited", task.what, task.name);
                let help = format!(
                    "add {{ await = \"{}\" }}, or detach = true to leave it running",
                    task.name
                );
                self.finder
                    .help("never-awaited", task.span.clone(), message, help);
            }
            // Out of reach from here on, but its name stays taken.
            task.gone = true;
        }
    }

    /// Remembers what has been started as `as`, or without a name.
    fn start(&mut self, what: &'static str, record: &Record, fallback: &str) -> String {
        let detached = record.flag("detach").unwrap_or(false);
        let (name, span, named) = match record.text("as") {
            Some(name) => {
                let own = if detached {
                    NameKind::Detached
                } else {
                    NameKind::Task
                };
                self.claim(name, own, record.at("as"));
                (name.to_owned(), record.at("as"), true)
            }
            // `as` gives identifiers only, so no other task can be called so.
            None => (
                format!("{fallback}-{}", self.started.len() + 1),
                record.span.clone(),
                false,
            ),
        };
        self.started.push(Started {
            name: name.clone(),
            span,
            what,
            gone: !named,
            detached,
            awaited: false,
            polled: false,
            aborted: false,
        });
        name
    }

    pub(crate) fn spawn_blocking(&mut self, record: &Record, place: Place) -> Option<Action> {
        let pool = self.program.names.of(record, "pool", self.finder);
        let work = self.work("spawn_blocking", record, place);
        let name = record
            .text("as")
            .is_some()
            .then(|| self.start("job", record, ""));
        Some(Action::SpawnBlocking {
            work: work?,
            pool,
            name,
            detach: record.flag("detach").unwrap_or(false),
        })
    }

    pub(crate) fn spawn(&mut self, record: &Record, place: Place) -> Option<Action> {
        let text = record.call("spawn")?;
        if record.text("as").is_none() && record.flag("detach") != Some(true) {
            let message = format!("the task of `{}` has no name to await it by", text.name);
            let help = "add as = \"name\", or detach = true to leave it running";
            self.help("never-awaited", record.span.clone(), message, help);
        }
        let call = self.coroutine(text, place);
        let on = self.on(record);
        let name = self.start("task", record, &text.name);
        Some(Action::Spawn {
            call: call?,
            name,
            on,
        })
    }

    pub(crate) fn create(&mut self, record: &Record, place: Place) -> Option<Action> {
        let text = record.call("create")?;
        let call = self.coroutine(text, place);
        let name = record
            .text("as")
            .is_some()
            .then(|| self.start("coroutine", record, ""));
        Some(Action::Create { call: call?, name })
    }

    pub(crate) fn interval(&mut self, record: &Record, place: Place) -> Option<Action> {
        let period = self.length(record, "interval", place)?;
        if period.fixed() == Some(Nanos::ZERO) {
            let message = "the ticks of an interval cannot come all at once".to_owned();
            self.help(
                "bad-value",
                record.at("interval"),
                message,
                "give it a period, such as \"100ms\"",
            );
        }
        record.text("as")?;
        let missed = match record.text("missed") {
            Some("delay") => Missed::Delay,
            Some("skip") => Missed::Skip,
            _ => Missed::Burst,
        };
        let name = self.start("interval", record, "");
        self.intervals.push((name.clone(), period.clone()));
        Some(Action::Interval {
            name,
            period,
            missed,
        })
    }

    pub(crate) fn tick(&mut self, record: &Record) -> Option<Action> {
        let name = record.text("tick")?;
        let known = self.started.iter().rev().find(|own| own.name == name);
        let (message, help) = match known {
            Some(own) if own.what != "interval" => (
                format!("the {} `{name}` has no ticks", own.what),
                "make an interval first: { interval = \"100ms\", as = \"ticks\" }".to_owned(),
            ),
            Some(own) if own.gone => (
                format!("the interval `{name}` was made in another body"),
                "make it in the body that waits for its ticks, or in one around".to_owned(),
            ),
            Some(_) => {
                let own = self.intervals.iter().rev().find(|(own, _)| own == name);
                let period = own.map(|(_, period)| period.clone())?;
                let name = name.to_owned();
                return Some(Action::Tick { name, period });
            }
            None => {
                let (_, help) = self.unknown(name);
                (
                    format!("there is no interval `{}`", words::short(name)),
                    help,
                )
            }
        };
        self.help("unknown-task", record.at("tick"), message, help);
        None
    }

    /// The loop of `on`, where it is told.
    pub(crate) fn on(&mut self, record: &Record) -> Option<LoopId> {
        self.program.names.of(record, "on", self.finder)
    }

    pub(crate) fn await_started(&mut self, record: &Record) -> Option<Action> {
        let name = record.text("await")?;
        let span = record.at("await");
        let place = self.started.iter().rposition(|task| task.name == name);
        let into = self.into(record);
        let (message, help) = match place.map(|at| (at, &self.started[at])) {
            Some((at, task)) if !task.gone => {
                let what = task.what;
                if what == "interval" {
                    let message = format!("the interval `{name}` has no end to be awaited");
                    (
                        message,
                        format!("wait for its next tick: {{ tick = \"{name}\" }}"),
                    )
                } else if task.detached {
                    let message = format!("the {what} `{name}` is detached");
                    (message, "remove detach = true".to_owned())
                } else if task.awaited {
                    let message = format!("the {what} `{name}` has been awaited already");
                    (message, "remove one of the two".to_owned())
                } else if at < self.barrier {
                    let message = format!("the {what} `{name}` would be awaited in each round");
                    let help = "await it before or after the repeat, or start it in there";
                    (message, help.to_owned())
                } else {
                    self.started[at].awaited = true;
                    return Some(Action::Await {
                        name: name.to_owned(),
                        into,
                        shield: record.flag("shield").unwrap_or(false),
                    });
                }
            }
            Some((_, task)) => (
                format!("the {} `{name}` was started in another body", task.what),
                "await it in the body that starts it, or in one inside".to_owned(),
            ),
            None => self.unknown(name),
        };
        self.help("unknown-task", span, message, help);
        None
    }

    /// What is polled by reference is there, and has not been awaited on the way to this place.
    pub(crate) fn polled(&mut self, name: &str, record: &Record) {
        let span = record.at("by_ref");
        let place = self.started.iter().rposition(|task| task.name == name);
        let (message, help) = match place.map(|at| &mut self.started[at]) {
            Some(task) if task.gone => (
                format!("the {} `{name}` was started in another body", task.what),
                "poll it in the body that starts it, or in one inside".to_owned(),
            ),
            Some(task) if task.what == "interval" => (
                format!("the interval `{name}` is no future"),
                format!("wait for its next tick: {{ do = [ {{ tick = \"{name}\" }} ] }}"),
            ),
            Some(task) if task.detached => (
                format!("the {} `{name}` is detached", task.what),
                "remove detach = true".to_owned(),
            ),
            Some(task) if task.awaited => (
                format!("the {} `{name}` has been awaited already", task.what),
                "poll it before it is awaited".to_owned(),
            ),
            Some(task) => {
                task.polled = true;
                return;
            }
            None => self.unknown(name),
        };
        self.help("unknown-task", span, message, help);
    }

    pub(crate) fn abort(&mut self, record: &Record) -> Option<Action> {
        let name = record.text("abort")?;
        let place = self.started.iter().rposition(|task| task.name == name);
        let (message, help) = match place.map(|at| &mut self.started[at]) {
            Some(task) if task.what == "interval" => (
                format!("the interval `{name}` is no task"),
                "leave it alone: it is dropped with its function".to_owned(),
            ),
            Some(task) if task.what == "coroutine" => (
                format!("the coroutine `{name}` has never been started"),
                "spawn the function instead of `create`".to_owned(),
            ),
            Some(task) if !task.gone => {
                task.aborted = true;
                return Some(Action::Abort(name.to_owned()));
            }
            Some(task) => (
                format!("the {} `{name}` was started in another body", task.what),
                "abort it in the body that starts it, or in one inside".to_owned(),
            ),
            None => self.unknown(name),
        };
        self.help("unknown-task", record.at("abort"), message, help);
        None
    }

    fn unknown(&self, name: &str) -> (String, String) {
        let mut names: Vec<&str> = self
            .started
            .iter()
            .filter(|task| !task.gone)
            .map(|task| task.name.as_str())
            .collect();
        names.dedup();
        let none = "spawn it first: { spawn = \"work\", as = \"job\" }";
        (
            format!("there is no task `{}`", words::short(name)),
            words::suggest(name, &names, "the tasks so far", none),
        )
    }
}
