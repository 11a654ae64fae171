//! Reads the functions of a file: their heads first, then their bodies, in which every name
//! resolves and every step may stand where it stands.

use loopscope_trace as trace;
use loopscope_trace::{Flavor, FunctionId, StepId};

use crate::scenario::decode::record::{Record, StepRecord};
use crate::scenario::model::scenario::{Function, note_failing};
use crate::scenario::model::step::{Action, Step};
use crate::scenario::resolve::bodies::{Bodies, Executor, NameKind, Place};
use crate::scenario::resolve::names::Names;
use crate::scenario::resolve::program::{Declared, MAX_FUNCTIONS, Program};
use crate::scenario::text::finder::Finder;

impl Program {
    pub(crate) fn read(
        rows: &[Record],
        names: Names,
        flavor: Flavor,
        finder: &mut Finder<'_>,
    ) -> Self {
        let mut program = Self {
            names,
            flavor,
            ..Self::default()
        };
        if let Some(row) = rows.get(MAX_FUNCTIONS) {
            let message = format!("a scenario has at most {MAX_FUNCTIONS} functions");
            finder.add("limit", row.span.clone(), message);
        }
        let rows = &rows[..rows.len().min(MAX_FUNCTIONS)];
        for row in rows {
            program.declare(row, finder);
        }
        for (at, row) in rows.iter().enumerate() {
            let function = program.body(at, row, finder);
            program.functions.push(function);
        }
        note_failing(&mut program.functions);
        program
    }

    fn body(&mut self, at: usize, row: &Record, finder: &mut Finder<'_>) -> Function {
        let declared = self.declared[at].clone();
        let depends = row.calls("depends").iter();
        let depends = depends
            .filter_map(|call| self.outer_call(call, finder))
            .collect();
        let on = self.names.of(row, "on", finder);
        declared.fits(row, finder);
        let mut bodies = Bodies {
            program: self,
            finder,
            function: FunctionId::from(at),
            started: Vec::new(),
            intervals: Vec::new(),
            subscribed: Vec::new(),
            barrier: 0,
            known: declared.params.clone(),
            own: Vec::new(),
            leaving: false,
        };
        for (name, span) in row.lines("params").unwrap_or_default() {
            bodies.claim(name, NameKind::Param, span.clone());
        }
        let place = Place {
            executor: if declared.is_async {
                Executor::Async
            } else {
                Executor::Plain
            },
            route: declared.route.is_some(),
            round: false,
        };
        let body = bodies.body(row.steps("body").unwrap_or_default(), place);
        Function {
            id: FunctionId::from(at),
            name: declared.name,
            route: declared.route,
            is_async: declared.is_async,
            params: declared.params,
            depends,
            on,
            body,
            fails: false,
            encode: row.length("encode"),
        }
    }
}

impl Declared {
    /// Says so where a key of the head makes no sense beside the others.
    fn fits(&self, row: &Record, finder: &mut Finder<'_>) {
        if !self.is_async && row.get("on").is_some() {
            let message = "a plain function runs on the pool, not on a loop".to_owned();
            let help = "leave `on` out, or make the function async";
            finder.help("plain", row.at("on"), message, help);
        }
        if self.route.is_none() && row.get("encode").is_some() {
            let message = "no request reaches this function: it has no answer to encode".to_owned();
            let help = "give it a route, or leave `encode` out";
            finder.help("no-route", row.at("encode"), message, help);
        }
        if self.route.is_none() && row.get("depends").is_some() {
            let message = "no request reaches this function: nothing runs before it".to_owned();
            let help = "give the function a route, or leave `depends` out";
            finder.help("no-route", row.at("depends"), message, help);
        }
    }
}

impl Bodies<'_, '_, '_> {
    /// Reads a body; `leaving` says afterwards whether it leaves the function on every way.
    pub(crate) fn body(&mut self, records: &[StepRecord], place: Place) -> Vec<Step> {
        let first = self.started.len();
        let mut steps = Vec::new();
        let mut left: Option<&StepRecord> = None;
        let mut leaves = false;
        for record in records {
            if let Some(last) = left.take() {
                let message = format!("nothing after `{}` is reached", last.row.key);
                let help = format!("make `{}` the last step", last.row.key);
                self.help("unreachable", record.record.span.clone(), message, help);
            }
            self.leaving = false;
            steps.extend(self.step(record, place));
            if self.leaving {
                left = Some(record);
                leaves = true;
            }
        }
        self.over(first);
        self.leaving = leaves;
        steps
    }

    fn step(&mut self, record: &StepRecord, place: Place) -> Option<Step> {
        let span = record.record.span.clone();
        let id = StepId::from(self.program.steps.len());
        self.program.steps.push(trace::Step {
            function: self.function,
            key: record.row.key.to_owned(),
            line: trace::Line {
                toml: u32::try_from(self.finder.line(span.start)).unwrap_or(u32::MAX),
                ..trace::Line::default()
            },
            ..trace::Step::default()
        });
        self.program.spans.push(span.clone());
        let why = match (record.row.awaits, place.plain()) {
            (true, Some(why)) => Some(why),
            _ => place.odd(record.row),
        };
        if let Some(why) = why {
            let message = format!("`{}` cannot stand here", record.row.key);
            self.help("plain", span, message, why);
        }
        let action = self.action(record, place);
        if action.is_none() && self.finder.count() == 0 {
            // Nothing is wrong with the file, and yet the step would be missing in the run.
            let message = format!("`{}` cannot be played", record.row.key);
            let help = "leave this step out";
            self.help("unplayed", record.record.span.clone(), message, help);
        }
        action.map(|action| Step { id, action })
    }

    // table
    fn action(&mut self, step: &StepRecord, place: Place) -> Option<Action> {
        let record = &step.record;
        let key = step.row.key;
        let action = match key {
            "print" => Action::Print(self.text(record.template(key)?, place)?),
            "sleep" => Action::Sleep(self.length(record, key, place)?),
            "block" => Action::Block(self.length(record, key, place)?),
            "cpu" => Action::Cpu {
                length: self.length(record, key, place)?,
                keeps_gil: record.flag("keeps_gil").unwrap_or_default(),
            },
            "yield" => Action::Yield,
            "yield_request" => Action::YieldRequest,
            "spawn_blocking" => self.spawn_blocking(record, place)?,
            "process" => self.process(record, place)?,
            "spawn" => self.spawn(record, place)?,
            "await" => self.await_started(record)?,
            "call" => self.call(record, place)?,
            "create" => self.create(record, place)?,
            "gather" | "join" => self.together(key, record, place)?,
            "as_completed" | "buffered" => self.as_completed(key, record, place)?,
            "interval" => self.interval(record, place)?,
            "tick" => self.tick(record)?,
            "group" => Action::Group(self.coroutines(key, record, place)?),
            "raise" => self.raise(record, place)?,
            "try" => self.attempt(record, place)?,
            "select" => self.select(record, place),
            "timeout" => self.timeout(record, place)?,
            "lock" | "acquire" | "read_lock" | "write_lock" => self.lock(key, record, place)?,
            "read" | "write" => self.variable(key, record, place)?,
            "send" | "recv" | "subscribe" => self.channel(key, record, place)?,
            "wait" | "set" | "clear" | "notify" => self.event(key, record)?,
            "block_on" => self.block_on(record, place)?,
            "background" => Action::Background(self.any_call(record.call(key)?, place)?),
            "chunk" => Action::Chunk(self.text(record.template(key)?, place)?),
            "read_file" => Action::ReadFile(record.number(key)?.unsigned_abs()),
            "abort" => self.abort(record)?,
            "block_in_place" => self.block_in_place(record, place),
            "if" => self.decide(record, place)?,
            "repeat" => self.repeat(record, place)?,
            "stop" => Action::Stop {
                polite: record.text(key)? == "polite",
            },
            "respond" | "return" => self.leave(key, record, place)?,
            _ => return None,
        };
        Some(action)
    }
}
