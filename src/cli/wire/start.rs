//! Begins a run of what is open.

use std::sync::mpsc::Sender;

use super::forward::{Kept, launch};
use super::recorded::send_recorded;
use super::{Desk, Opened};
use crate::cli::failure::Failure;
use crate::cli::prepare::{self, Wish};
use loopscope_lab::engine::Extras;
use loopscope_trace::{Answers, Story};
use loopscope_tui::message::Message;

impl Desk {
    /// The wish of a run with these knobs.
    pub(super) fn with(&self, knobs: &[(String, i64)]) -> Wish {
        Wish {
            knobs: knobs.to_vec(),
            speed: self.pace.or(self.wish.speed),
            ..self.wish.clone()
        }
    }

    /// Begins a run.
    pub(super) fn start(
        &mut self,
        number: u32,
        wish: &Wish,
        answers: &Answers,
        messages: Sender<Message>,
    ) -> Result<Story, Failure> {
        let source = match &self.opened {
            Some(Opened::Scenario(source)) => source,
            Some(Opened::Recording(trace)) => return Ok(send_recorded(trace, number, &messages)),
            None => return Err(Failure::Usage("open a scenario first".to_owned())),
        };
        let scenario = prepare::scenario(source, wish)?;
        let extras = Extras {
            hold: self.watch.hold,
            metrics: self.watch.metrics,
            ..Extras::default()
        };
        let kept = Kept {
            target: self.record.as_deref(),
            answers,
            recordings: &self.recordings,
        };
        let (story, going) = launch(scenario, extras, number, messages, Some(kept))?;
        self.going = Some(going);
        Ok(story)
    }
}
