//! Loops without an end: those in whose rounds no time passes, and those that nothing ends.
//!
//! Only what is certain is called wrong. A variable that no step writes keeps its value; whatever else a condition
//! or a length looks at may be anything.

use std::collections::BTreeSet;

use loopscope_trace::{ChannelId, FunctionId, Keep, LockId, StepId};

use crate::scenario::check::constants::Constants;
use crate::scenario::check::dropped::{body_of, dropped};
use crate::scenario::check::known::FileFacts;
use crate::scenario::model::expression::{Call, Expression};
use crate::scenario::model::parts::deep;
use crate::scenario::model::scenario::{all_steps, call_fails, reach};
use crate::scenario::model::step::{Action, Arm, ArmFuture, FOREVER, Step};
use crate::scenario::resolve::program::Program;
use crate::scenario::schema::row::Fact;

/// What is wrong with a `repeat` without an end, and the cure.
pub(crate) type Fault = (&'static str, &'static str);

/// What time can pass in, function by function and lock by lock.
#[derive(Debug)]
pub(crate) struct Endless<'a> {
    program: &'a Program,
    around: FileFacts<'a>,
    constants: Constants<'a>,
    /// The steps that may be dropped where they give way, because something else has ended.
    dropped: BTreeSet<StepId>,
    known: Known,
}

/// What is known so far of where time may pass.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    /// A call of it, by function.
    functions: Vec<bool>,
    /// A call of it while it holds the thread of its loop, by function.
    holding: Vec<bool>,
    /// Owning it, by lock.
    locks: Vec<bool>,
    /// Jobs on threads: others may have to wait for one.
    jobs: bool,
    /// A loop without an end holds its thread now and then: others that give way to it see time pass.
    works_on: bool,
}

impl<'a> Endless<'a> {
    pub(crate) fn new(program: &'a Program, around: FileFacts<'a>) -> Self {
        let mut own = Self {
            program,
            around,
            constants: Constants::new(program),
            dropped: dropped(program, &around),
            known: Known {
                functions: vec![false; program.functions.len()],
                holding: vec![false; program.functions.len()],
                locks: vec![false; program.names.locks.len()],
                jobs: false,
                works_on: false,
            },
        };
        // What a function or a lock may wait for is known once nothing more comes of another round.
        while own.more() {}
        own
    }

    /// What is wrong with a `repeat` that goes on for ever, where its `until` and its body do not end it.
    pub(crate) fn fault(
        &self,
        step: StepId,
        until: Option<&Expression>,
        body: &[Step],
    ) -> Option<Fault> {
        let steps = reach(&self.program.functions, body);
        let is = |fact| steps.iter().any(|step| self.program.is(step, fact));
        let until_holds = until.map(|until| {
            self.constants
                .value(until)
                .is_none_or(|value| value.holds())
        });
        let stops =
            all_steps(&self.program.functions).any(|step| self.program.is(step, Fact::Stops));
        let gives_way = is(Fact::Waits) || is(Fact::Chunks);
        let is_dropped =
            gives_way && (stops || self.known.works_on || self.dropped.contains(&step));
        let ends = until_holds == Some(true) || self.leaves(body) || is(Fact::Stops) || is_dropped;
        if !ends && !self.body(body) {
            let help = match until_holds {
                None => "put a step into it that waits or works: `sleep`, `recv`, `cpu` …",
                Some(_) => {
                    "its `until` looks at what no step changes: write it, or wait or work in the body: `sleep`, `cpu` …"
                }
            };
            return Some((
                "a round of this `repeat` takes no time, and nothing ends it",
                help,
            ));
        }
        let own = deep(body);
        let leaves = own.iter().any(|step| self.program.is(step, Fact::Leaves));
        let receives = |step: &&Step| step.action.receives();
        let waits = steps.iter().any(receives);
        let help = "give it an `until`, a `return` or a `recv`; or give the file a `limit`";
        let ends = until.is_some() || leaves || waits || self.around.limit;
        (!ends).then_some(("this `repeat` never ends", help))
    }

    /// Looks at everything once more; whether time may pass somewhere else, too.
    fn more(&mut self) -> bool {
        let functions = || self.program.functions.iter();
        let mut found = Known {
            functions: functions().map(|one| self.body(&one.body)).collect(),
            holding: functions().map(|one| self.keeps(&one.body)).collect(),
            ..self.known.clone()
        };
        for step in all_steps(&self.program.functions) {
            match &step.action {
                Action::Lock { lock, body, .. } => {
                    if let Some(owned) = found.locks.get_mut(lock.index()) {
                        *owned |= self.body(body);
                    }
                }
                Action::SpawnBlocking { .. } => found.jobs |= self.within(step),
                Action::Repeat { times, body, .. } if *times == FOREVER => {
                    found.works_on |= self.keeps(body);
                }
                _ => {}
            }
        }
        let more = found != self.known;
        self.known = found;
        more
    }

    /// Whether time may pass in these steps.
    fn body(&self, body: &[Step]) -> bool {
        let mut steps = body.iter().enumerate();
        steps.any(|(place, step)| self.step(step, body, place))
    }

    fn step(&self, step: &Step, body: &[Step], place: usize) -> bool {
        let parts = step.action.parts();
        let called = || self.program.is(step, Fact::WaitsForCalls) && self.within(step);
        let bodies = || parts.bodies.iter().any(|body| self.body(body));
        match &step.action {
            Action::Receive { channel, .. } => !self.is_fed(*channel, body, place),
            Action::Await { name, .. } => self.started(step, name),
            Action::SpawnBlocking { name, detach, .. } => {
                let waits = name.is_none() && !detach;
                waits && (self.known.jobs || self.within(step))
            }
            Action::Chunk(_) => self.known.jobs,
            Action::BlockOn { limit, .. } => limit.is_some() || self.within(step),
            Action::Select { arms, .. } => {
                let is_quick = |arm: &Arm| {
                    let waits = match &arm.future {
                        ArmFuture::Body(body) => self.body(body),
                        ArmFuture::ByRef { name, .. } => self.started(step, name),
                    };
                    !waits && !self.body(&arm.then)
                };
                let keeps = arms
                    .iter()
                    .filter_map(Arm::body)
                    .any(|body| self.keeps(body));
                keeps || !arms.iter().any(is_quick)
            }
            Action::Lock { lock, .. } => self.owned(*lock) || bodies(),
            Action::If {
                condition,
                then,
                otherwise,
            } => match self.constants.value(condition) {
                Some(value) if value.holds() => self.body(then),
                Some(_) => self.body(otherwise),
                None => bodies(),
            },
            _ => {
                // What is a limit says nothing of how long it takes.
                let limits = self.program.is(step, Fact::Limits);
                let takes_time = self.program.is(step, Fact::TakesTime);
                let own = takes_time && (limits || self.constants.is_long(parts.length));
                own || bodies() || called()
            }
        }
    }

    /// Whether time may pass in the bodies of a step, or in what it calls.
    fn within(&self, step: &Step) -> bool {
        let parts = step.action.parts();
        let mut calls = parts.calls.iter();
        calls.any(|call| self.function(call.function))
            || parts.bodies.iter().any(|body| self.body(body))
    }

    fn function(&self, function: FunctionId) -> bool {
        let known = self.known.functions.get(function.index());
        known.copied().unwrap_or(true)
    }

    fn owned(&self, lock: LockId) -> bool {
        self.known.locks.get(lock.index()).copied().unwrap_or(true)
    }

    /// Whether a step of these, or of what they call, keeps its thread while time passes. Jobs have threads of their own.
    fn keeps(&self, body: &[Step]) -> bool {
        body.iter().any(|step| {
            let is = |fact| self.program.is(step, fact);
            let parts = step.action.parts();
            let own = match &step.action {
                Action::SpawnBlocking { .. } | Action::Process { .. } => return false,
                Action::BlockOn { call, limit, .. } => {
                    limit.is_some() || self.function(call.function)
                }
                Action::Lock { lock, .. } => self.owned(*lock),
                _ => {
                    is(Fact::TakesTime) && !is(Fact::Waits) && self.constants.is_long(parts.length)
                }
            };
            let held = |call: &Call| self.known.holding.get(call.function.index()) == Some(&true);
            own || parts.calls.iter().any(held) || parts.bodies.iter().any(|body| self.keeps(body))
        })
    }

    /// Whether what an `await` waits for may take time.
    fn started(&self, step: &Step, name: &str) -> bool {
        let known = self.program.steps.get(step.id.index());
        let body = known.map_or(&[][..], |known| body_of(self.program, known.function));
        let runs = deep(body).into_iter().find_map(|step| {
            let (other, function) = step.action.parts().starts?;
            let is_job = matches!(step.action, Action::SpawnBlocking { .. });
            (other == name).then_some((function, is_job))
        });
        runs.is_none_or(|(function, is_job)| is_job && self.known.jobs || self.function(function))
    }

    /// Whether there is a value in the channel whenever this step takes one: each of its readers has sent one before.
    fn is_fed(&self, channel: ChannelId, body: &[Step], place: usize) -> bool {
        let takes = |step: &&Step| matches!(step.action, Action::Receive { channel: other, .. } if other == channel);
        let gives = |step: &&Step| matches!(step.action, Action::Send { channel: other, .. } if other == channel);
        let all = all_steps(&self.program.functions).filter(takes).count();
        let here = body.iter().filter(takes).count();
        let before = &body[..place];
        let sent = before.iter().filter(gives).count() > before.iter().filter(takes).count();
        let keeps = self.program.names.channels.get(channel.index());
        keeps.is_some_and(|channel| channel.keep == Keep::All) && all == here && sent
    }

    /// Whether a step may leave the function that these stand in.
    fn leaves(&self, body: &[Step]) -> bool {
        body.iter().any(|step| match &step.action {
            // What was aborted and is awaited then ends who awaits it.
            Action::Abort(_) => true,
            Action::If {
                condition,
                then,
                otherwise,
            } => match self.constants.value(condition) {
                Some(value) if value.holds() => self.leaves(then),
                Some(_) => self.leaves(otherwise),
                None => self.leaves(then) || self.leaves(otherwise),
            },
            action => {
                let parts = action.parts();
                let fails = match action {
                    Action::Await { .. } => self.program.functions.iter().any(|own| own.fails),
                    _ => {
                        let mut calls = parts.calls.iter();
                        calls.any(|call| call_fails(&self.program.functions, call))
                    }
                };
                let mut bodies = parts.bodies.into_iter();
                fails || self.program.is(step, Fact::Leaves) || bodies.any(|body| self.leaves(body))
            }
        })
    }
}
