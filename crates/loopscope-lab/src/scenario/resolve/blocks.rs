//! Steps that have bodies of their own: what is known after them, and whether they leave.

use loopscope_trace::Flavor;

use crate::scenario::decode::record::{Record, StepRecord, Value};
use crate::scenario::model::step::{Action, FOREVER, Step, Work};
use crate::scenario::resolve::bodies::{Bodies, Executor, Place};

impl Bodies<'_, '_, '_> {
    /// Reads bodies of which one is done: after them only that is known which all of them know.
    fn ways(&mut self, ways: &[&[StepRecord]], place: Place) -> Vec<Vec<Step>> {
        let mut bodies = Vec::new();
        self.each_way(ways.iter(), |own, records| {
            bodies.push(own.body(records, place.branch()));
        });
        bodies
    }

    /// Reads ways of which one is gone: after them only that is known which all of them know.
    pub(crate) fn each_way<T>(
        &mut self,
        ways: impl Iterator<Item = T>,
        mut read: impl FnMut(&mut Self, T),
    ) {
        let known = self.known.clone();
        let awaited: Vec<bool> = self.started.iter().map(|task| task.awaited).collect();
        let mut shared: Option<Vec<String>> = None;
        let mut any: Vec<bool> = awaited.clone();
        let mut all_leave = true;
        for way in ways {
            self.known.clone_from(&known);
            for (task, before) in self.started.iter_mut().zip(&awaited) {
                task.awaited = *before;
            }
            self.leaving = false;
            read(self, way);
            for (sum, task) in any.iter_mut().zip(&self.started) {
                *sum |= task.awaited;
            }
            if !self.leaving {
                all_leave = false;
                let here = std::mem::take(&mut self.known);
                shared = Some(match shared {
                    None => here,
                    Some(mut names) => {
                        names.retain(|name| here.contains(name));
                        names
                    }
                });
            }
        }
        for (task, awaited) in self.started.iter_mut().zip(any) {
            task.awaited = awaited;
        }
        self.known = shared.unwrap_or(known);
        self.leaving = all_leave;
    }

    /// A body that runs somewhere else: it sees what is known here, and nothing comes back.
    fn apart(&mut self, records: &[StepRecord], place: Place) -> Vec<Step> {
        let known = self.known.clone();
        let barrier = std::mem::replace(&mut self.barrier, self.started.len());
        let body = self.body(records, place);
        self.barrier = barrier;
        self.known = known;
        self.leaving = false;
        body
    }

    /// A body or a call of a plain function, for a thread or a child process.
    pub(crate) fn work(&mut self, key: &str, record: &Record, place: Place) -> Option<Work> {
        match record.get(key)? {
            Value::Steps(steps) => {
                let executor = if key == "process" {
                    Executor::Process
                } else {
                    Executor::Job
                };
                Some(Work::Inline(self.apart(steps, place.on(executor))))
            }
            Value::Call(call) => self.plain_call(call, place).map(Work::Function),
            _ => None,
        }
    }

    pub(crate) fn process(&mut self, record: &Record, place: Place) -> Option<Action> {
        let work = self.work("process", record, place);
        let limit = self.length(record, "limit", place);
        let (otherwise, _) = self.otherwise(record, place);
        Some(Action::Process {
            work: work?,
            limit,
            otherwise,
        })
    }

    /// What is done where a limit ran out, and whether that leaves the function.
    pub(crate) fn otherwise(&mut self, record: &Record, place: Place) -> (Vec<Step>, bool) {
        let Some(records) = record.steps("else") else {
            return (Vec::new(), false);
        };
        if record.get("limit").is_none() {
            let message = "`else` is never reached without a `limit`".to_owned();
            let help = "add limit = \"1s\", or remove `else`";
            self.help("unreachable", record.at("else"), message, help);
        }
        let known = self.known.clone();
        let body = self.body(records, place.branch());
        self.known = known;
        (body, std::mem::take(&mut self.leaving))
    }

    /// `as_completed` and `buffered`: a body for each result.
    pub(crate) fn as_completed(
        &mut self,
        key: &str,
        record: &Record,
        place: Place,
    ) -> Option<Action> {
        let calls = self.coroutines(key, record, place);
        let known = self.known.clone();
        let into = self.into(record);
        let barrier = std::mem::replace(&mut self.barrier, self.started.len());
        let body = self.body(record.steps("do").unwrap_or_default(), place.branch());
        self.barrier = barrier;
        self.known = known;
        self.leaving = false;
        let calls = calls?;
        if key == "buffered" {
            let all = i64::try_from(calls.len()).unwrap_or(i64::MAX);
            let most = record.number("at_once").unwrap_or(all);
            return Some(Action::Buffered {
                calls,
                most: u32::try_from(most).unwrap_or(u32::MAX),
                unordered: record.flag("unordered").unwrap_or(false),
                into,
                body,
            });
        }
        Some(Action::AsCompleted { calls, into, body })
    }

    pub(crate) fn timeout(&mut self, record: &Record, place: Place) -> Option<Action> {
        let limit = self.length(record, "timeout", place);
        let known = self.known.clone();
        let body = self.body(record.steps("do").unwrap_or_default(), place.branch());
        let body_leaves = self.leaving;
        // What the body has made is unknown where it was dropped; what it awaits is gone with it.
        let after = std::mem::replace(&mut self.known, known);
        let otherwise = self.body(record.steps("else").unwrap_or_default(), place.branch());
        match (body_leaves, self.leaving) {
            (true, _) => {}
            (false, true) => self.known = after,
            (false, false) => self.known.retain(|name| after.contains(name)),
        }
        self.leaving &= body_leaves;
        Some(Action::Timeout {
            limit: limit?,
            body,
            otherwise,
        })
    }

    pub(crate) fn block_in_place(&mut self, record: &Record, place: Place) -> Action {
        if self.program.flavor != Flavor::MultiThread {
            let message = "`block_in_place` needs several threads that poll".to_owned();
            let help = "write loop = \"multi_thread\" in [runtime], or use `spawn_blocking`";
            self.help("plain", record.span.clone(), message, help);
        }
        let records = record.steps("block_in_place").unwrap_or_default();
        let body = self.body(records, place.on(Executor::InPlace));
        self.leaving = false;
        Action::BlockInPlace(body)
    }

    pub(crate) fn decide(&mut self, record: &Record, place: Place) -> Option<Action> {
        let condition = record
            .template("if")
            .and_then(|template| self.worth(template, place));
        let ways = [
            record.steps("then").unwrap_or_default(),
            record.steps("else").unwrap_or_default(),
        ];
        let mut bodies = self.ways(&ways, place).into_iter();
        let (then, otherwise) = (bodies.next(), bodies.next());
        Some(Action::If {
            condition: condition?,
            then: then.unwrap_or_default(),
            otherwise: otherwise.unwrap_or_default(),
        })
    }

    pub(crate) fn repeat(&mut self, record: &Record, place: Place) -> Option<Action> {
        let barrier = std::mem::replace(&mut self.barrier, self.started.len());
        let body = self.body(record.steps("do").unwrap_or_default(), place.repeated());
        self.barrier = barrier;
        let until = record.template("until");
        let wanted = until.is_some();
        let until = until.and_then(|template| self.worth(template, place));
        let forever = matches!(record.get("repeat"), Some(Value::Forever));
        self.leaving = forever && !wanted;
        let times = if forever {
            FOREVER
        } else {
            u32::try_from(record.number("repeat")?).ok()?
        };
        if wanted && until.is_none() {
            return None;
        }
        Some(Action::Repeat { times, until, body })
    }
}
