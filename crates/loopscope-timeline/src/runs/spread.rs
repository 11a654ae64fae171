//! Runs of one scenario beside each other: where each one's knobs stood and how long it took, and how often
//! each order of lines, each value and each finding came.

use std::collections::{BTreeMap, BTreeSet};

use crate::counts::number_of;
use crate::findings::TABLE;
use crate::moments::timeline::Timeline;
use crate::runs::load;
use loopscope_trace::{Clock, EndReason, Nanos};

/// How a run's time came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timing {
    /// It was waited for.
    Real,
    /// It was waited for, with all sleeps and work divided by the run's speed.
    Hurried,
    /// By the virtual clock.
    Computed,
}

/// A run among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Names and values of all knobs.
    pub knobs: Vec<(String, i64)>,
    /// In scenario time.
    pub elapsed: Nanos,
    /// How the time came to be.
    pub timing: Timing,
}

impl Sample {
    /// The point of a run that came to its own end; `None` for any other, whose length says
    /// nothing.
    pub fn of(timeline: &Timeline) -> Option<Self> {
        if timeline.ended() != Some(EndReason::Finished) {
            return None;
        }
        let story = timeline.story();
        let knobs = story.knobs.iter();
        Some(Self {
            knobs: knobs.map(|knob| (knob.name.clone(), knob.value)).collect(),
            elapsed: timeline.elapsed()?,
            timing: match story.clock {
                Clock::Virtual => Timing::Computed,
                Clock::Real if story.speed == 1.0 => Timing::Real,
                Clock::Real => Timing::Hurried,
            },
        })
    }

    /// Where this knob stood.
    pub fn value(&self, knob: &str) -> Option<i64> {
        let mut knobs = self.knobs.iter();
        knobs.find(|(name, _)| name == knob).map(|found| found.1)
    }

    /// The knobs, other than `knob`, that stood elsewhere than in `knobs`.
    pub fn others<'a>(
        &'a self,
        knob: &'a str,
        knobs: &'a [(String, i64)],
    ) -> impl Iterator<Item = &'a (String, i64)> {
        let own = self.knobs.iter();
        own.filter(move |own| own.0 != knob && !knobs.contains(own))
    }
}

/// What many runs of one scenario came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    /// How many runs there were.
    pub runs: u32,
    /// How many did not come to their own end.
    pub unfinished: u32,
    /// The printed lines in their order, and how many runs printed them so.
    pub orders: BTreeMap<Vec<String>, u32>,
    /// Scenario seconds in a wall second, where time was waited for; the same for all.
    pub pace: Option<f64>,
    /// The highest load average of the machine that was seen meanwhile, and its cores.
    pub load: Option<(f64, usize)>,
    /// How many runs computed on cores that others used meanwhile: they took longer by that.
    pub busy: u32,
    /// How long each run took, in scenario seconds, least first.
    pub elapsed: Vec<f64>,
    /// Of each variable its last values, and how many runs ended with them.
    pub variables: BTreeMap<String, BTreeMap<String, u32>>,
    /// Kinds of findings, and how many runs had at least one.
    pub insights: BTreeMap<&'static str, u32>,
}

impl Spread {
    /// Counts one more run.
    pub fn add(&mut self, timeline: &Timeline) {
        self.runs += 1;
        if timeline.ended() != Some(EndReason::Finished) {
            self.unfinished += 1;
        }
        let story = timeline.story();
        self.pace = (story.clock == Clock::Real).then_some(story.speed);
        self.busy += u32::from(load::busy(timeline).is_some());
        let trace = timeline.trace();
        let lines = timeline.outputs().iter();
        let lines = lines.map(|line| trace.text(line.text).to_owned()).collect();
        *self.orders.entry(lines).or_default() += 1;
        if let Some(elapsed) = timeline.elapsed() {
            let elapsed = elapsed.as_secs_f64();
            let place = self.elapsed.partition_point(|other| *other <= elapsed);
            self.elapsed.insert(place, elapsed);
        }
        for (name, value) in last_values(timeline) {
            let values = self.variables.entry(name).or_default();
            *values.entry(value).or_default() += 1;
        }
        let kinds = timeline.findings().iter().map(|finding| finding.kind.id);
        for kind in kinds.collect::<BTreeSet<_>>() {
            *self.insights.entry(kind).or_default() += 1;
        }
    }

    /// The orders, the most frequent one first.
    pub fn by_count(&self) -> Vec<(&[String], u32)> {
        let orders = self.orders.iter();
        let mut orders: Vec<_> = orders.map(|(lines, count)| (&lines[..], *count)).collect();
        orders.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        orders
    }

    /// Whether no run printed a line, so that there are no orders to tell of.
    pub fn is_silent(&self) -> bool {
        self.orders.keys().all(Vec::is_empty)
    }

    /// Least, median and most of the lengths.
    pub fn lengths(&self) -> Option<[f64; 3]> {
        let least = *self.elapsed.first()?;
        let most = *self.elapsed.last()?;
        Some([least, self.elapsed[self.elapsed.len() / 2], most])
    }

    /// Notes the load average of the machine.
    pub fn add_load(&mut self, load: f64, cores: usize) {
        let most = self.load.map_or(load, |(most, _)| most.max(load));
        self.load = Some((most, cores));
    }

    /// How their time passed: `at 5x, load 3.2 on 2 cores`, `on the virtual clock`.
    pub fn how(&self) -> String {
        match (self.pace, self.load) {
            (None, _) => "on the virtual clock".to_owned(),
            (Some(pace), None) => format!("at {pace}x"),
            (Some(pace), Some((load, cores))) => {
                let cores = number_of(cores, "core");
                format!("at {pace}x, load {load:.1} on {cores}")
            }
        }
    }

    /// What the runs came to, a sentence each: `83 of 100 runs lost at least one update`.
    pub fn sentences(&self) -> Vec<String> {
        let runs = self.runs;
        let mut words = vec![match self.orders.len() {
            _ if self.is_silent() => format!("None of {runs} runs printed a line."),
            0 | 1 => format!("All {runs} runs printed their lines in the same order."),
            orders => format!("{runs} runs printed their lines in {orders} different orders."),
        }];
        for (kind, count) in &self.insights {
            if let Some(kind) = TABLE.iter().find(|known| known.id == *kind) {
                words.push(format!("{count} of {runs} runs {}.", kind.runs_did));
            }
        }
        if self.unfinished > 0 {
            let unfinished = self.unfinished;
            words.push(format!(
                "{unfinished} of {runs} runs did not end by themselves."
            ));
        }
        if self.busy > 0 {
            let busy = self.busy;
            words.push(format!(
                "{busy} of {runs} runs were on a busy machine: they took longer by that."
            ));
        }
        words
    }
}

/// The last values of all variables; those of child processes with the process in front.
fn last_values(timeline: &Timeline) -> Vec<(String, String)> {
    let (story, trace, world) = (timeline.story(), timeline.trace(), timeline.live());
    let value = |variable: &crate::world::shared::Variable| {
        let declared = story.variables.get(usize::from(variable.of))?;
        let value = match &variable.last {
            Some(write) => trace.text(write.value).to_owned(),
            None => declared.initial.clone(),
        };
        let process = variable.process.and_then(|id| {
            let process = world.shared.processes.get(id.index())?;
            Some(trace.text(process.name))
        });
        let name = match process {
            Some(process) => format!("{process}.{}", declared.name),
            None => declared.name.clone(),
        };
        Some((name, value))
    };
    world.shared.variables().filter_map(value).collect()
}
