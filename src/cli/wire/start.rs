//! Begins a run of what is open.

use std::sync::mpsc::Sender;

use super::forward::{Kept, Run, launch};
use super::problem::problem;
use super::{App, Opened};
use crate::cli::failure::Failure;
use crate::cli::prepare::{self, Wish};
use crate::cli::program;
use loopscope_lab::engine::Extras;
use loopscope_protocol::reply::{Reply, Slot};
use loopscope_trace::{Answers, Batch, Trace};

impl App {
    /// Runs what is open in this slot; where it cannot, that is what is told.
    pub(super) fn run(
        &mut self,
        slot: Slot,
        number: u32,
        knobs: Vec<(String, i64)>,
        answers: &Answers,
    ) {
        let begun = match slot.side() {
            Some(side) => self.run_half((slot, side), number),
            None => self.run_only(number, knobs, answers),
        };
        if let Err(failure) = begun {
            self.tell(Reply::Started {
                slot,
                run: number,
                result: Err(problem(failure)),
            });
        }
    }

    fn run_only(
        &mut self,
        number: u32,
        mut knobs: Vec<(String, i64)>,
        answers: &Answers,
    ) -> Result<(), Failure> {
        self.freshen(&mut knobs)?;
        self.let_go();
        self.start(number, &self.with(&knobs), answers)
    }

    fn start(&mut self, number: u32, wish: &Wish, answers: &Answers) -> Result<(), Failure> {
        let source = match &self.opened {
            Some(Opened::Scenario(source)) => source,
            Some(Opened::Recording(trace)) => {
                send_recorded(trace, (Slot::Only, number), &self.replies);
                return Ok(());
            }
            None => return Err(Failure::Usage("open a scenario first".to_owned())),
        };
        let run = Run {
            slot: Slot::Only,
            number,
            scenario: prepare::scenario(source, wish)?,
            extras: Extras {
                hold: self.config.watch.hold,
                metrics: self.config.watch.metrics,
                program: program::own(),
            },
        };
        let kept = Kept {
            target: self.config.record.clone(),
            answers: answers.clone(),
            recordings: self.recordings.clone(),
        };
        self.going = Some(launch(run, self.replies.clone(), Some(kept))?);
        Ok(())
    }
}

/// A recording arrives as a run does: at once.
pub(super) fn send_recorded(trace: &Trace, (slot, run): (Slot, u32), replies: &Sender<Reply>) {
    let started = Reply::Started {
        slot,
        run,
        result: Ok(Box::new(trace.story.clone())),
    };
    let batch = Batch {
        texts: trace.texts.clone(),
        events: trace.events.clone(),
        upto: trace.upto,
    };
    let ended = Reply::Ended {
        run,
        recording: Ok(()),
    };
    for reply in [started, Reply::Batch { run, batch }, ended] {
        // Fails only where the asker has gone.
        let _ = replies.send(reply);
    }
}
