//! Bodies: every name in them resolves, and every step may stand where it stands.

use loopscope_trace as trace;
use loopscope_trace::StepId;

use crate::scenario::decode::record::StepRecord;
use crate::scenario::model::step::{Action, Step};
use crate::scenario::resolve::bodies::Bodies;
use crate::scenario::resolve::place::Place;

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
            _ => place.odd(record.row),
        };
        if let Some(why) = why {
            let message = format!("`{}` cannot stand here", record.row.key);
            self.finder.help("plain", span, message, why);
        }
        let action = self.action(record, place);
        if action.is_none() && self.finder.count() == 0 {
            // Nothing is wrong with the file, and yet the step would be missing in the run.
            let message = format!("`{}` cannot be played", record.row.key);
            let help = "leave this step out";
            self.finder
                .help("unplayed", record.record.span.clone(), message, help);
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
