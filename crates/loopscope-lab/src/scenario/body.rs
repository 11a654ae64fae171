//! Bodies: every name in them resolves, and every step may stand where it stands.

use super::diagnostic::Finder;
use super::place::Place;
use super::program::Program;
use super::record::StepRecord;
use super::scope::Own;
use super::tasks::Started;
use super::{Action, Step};
use loopscope_trace::{self as trace, FunctionId, StepId};

/// Reads the bodies of one function.
#[derive(Debug)]
pub(super) struct Bodies<'a, 'f, 's> {
    pub(super) program: &'a mut Program,
    pub(super) finder: &'f mut Finder<'s>,
    pub(super) function: FunctionId,
    /// All that the function has started; what a body that is over started is out of reach.
    pub(super) started: Vec<Started>,
    /// What was started before this place cannot be awaited: it would be in each round, or on
    /// another thread.
    pub(super) barrier: usize,
    /// Parameters, and the locals that have a value on every way to this step.
    pub(super) known: Vec<String>,
    /// Every name of the function, whether it has a value here or not.
    pub(super) own: Vec<(String, Own)>,
    /// The step that was read last leaves the function on every way through it.
    pub(super) leaving: bool,
}

impl Bodies<'_, '_, '_> {
    /// Reads a body; `leaving` says afterwards whether it leaves the function on every way.
    pub(super) fn body(&mut self, records: &[StepRecord], place: Place) -> Vec<Step> {
        let first = self.started.len();
        let mut steps = Vec::new();
        let mut left: Option<&StepRecord> = None;
        let mut leaves = false;
        for record in records {
            if let Some(last) = left.take() {
                let message = format!("nothing after `{}` is reached", last.row.key);
                let help = format!("make `{}` the last step", last.row.key);
                self.finder
                    .help("unreachable", record.record.span.clone(), message, help);
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
            _ => place.odd(record.row.key),
        };
        if let Some(why) = why {
            let message = format!("`{}` cannot stand here", record.row.key);
            self.finder.help("plain", span, message, why);
        }
        self.action(record, place).map(|action| Step { id, action })
    }

    // table
    fn action(&mut self, step: &StepRecord, place: Place) -> Option<Action> {
        let record = &step.record;
        let key = step.row.key;
        let action = match key {
            "print" => Action::Print(self.text(record.template(key)?, place)?),
            "sleep" => Action::Sleep(self.length(record, key, place)?),
            "block" => Action::Block(self.length(record, key, place)?),
            "cpu" => Action::Cpu(self.length(record, key, place)?),
            "yield" => Action::Yield,
            "spawn_blocking" => self.spawn_blocking(record, place)?,
            "process" => self.process(record, place)?,
            "spawn" => self.spawn(record, place)?,
            "await" => self.await_started(record)?,
            "call" => self.call(record, place)?,
            "create" => self.create(record, place)?,
            "gather" | "join" => self.together(key, record, place)?,
            "as_completed" => self.as_completed(record, place)?,
            "select" => self.select(record, place),
            "timeout" => self.timeout(record, place)?,
            "lock" => self.lock(record, place)?,
            "read" | "write" => self.variable(key, record, place)?,
            "send" | "recv" => self.channel(key, record, place)?,
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
