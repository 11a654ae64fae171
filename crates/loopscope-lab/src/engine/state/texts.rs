//! The texts of a scenario, interned before the run.

use crate::scenario::model::scenario::Scenario;
use crate::scenario::model::step::{Action, Step};
use loopscope_probe::Recorder;
use loopscope_trace::{StepId, TextId};

/// The texts of the scenario, interned before the run.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    steps: Vec<TextId>,
    null: TextId,
}

impl Texts {
    pub(crate) fn new(scenario: &Scenario, recorder: &Recorder) -> Self {
        let mut texts = Self {
            steps: Vec::new(),
            null: recorder.intern("null"),
        };
        for function in &scenario.functions {
            texts.visit(&function.body, recorder);
        }
        texts
    }

    /// What a step prints or answers.
    pub(crate) fn of(&self, step: StepId) -> TextId {
        self.steps.get(step.index()).copied().unwrap_or(self.null)
    }

    /// The answer of a function that does not respond.
    pub(crate) const fn null(&self) -> TextId {
        self.null
    }

    fn visit(&mut self, body: &[Step], recorder: &Recorder) {
        for step in body {
            if let Action::Print(text) | Action::Respond(text) | Action::Chunk(text) = &step.action
                && let Some(text) = text.words()
            {
                let place = step.id.index();
                if self.steps.len() <= place {
                    self.steps.resize(place + 1, self.null);
                }
                self.steps[place] = recorder.intern(text);
            }
            for inner in step.action.bodies() {
                self.visit(inner, recorder);
            }
        }
    }
}
