//! Runs a scenario to its end without a screen.

use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use super::failure::Failure;
use super::program;
use super::record::Recorder;
use super::signals::Signals;
use loopscope_lab::engine::{self, Extras, Options, Run};
use loopscope_lab::scenario::Scenario;
use loopscope_timeline::Timeline;

/// How often signals are looked at.
const GLANCE: Duration = Duration::from_millis(20);
/// How long a stopped run may take to say its last words.
const PATIENCE: Duration = Duration::from_secs(2);

/// A run that is over.
#[derive(Debug)]
pub(super) struct Played {
    /// What happened.
    pub(super) timeline: Timeline,
    /// The first thing that went wrong outside the run: a signal, stdout, the recording.
    pub(super) failure: Option<Failure>,
    /// The run, where it is held after its end.
    pub(super) held: Option<Run>,
}

/// Runs a scenario. `seen` is called after each batch; when it fails, the run is stopped.
pub(super) fn play(
    scenario: Scenario,
    extras: Extras,
    signals: &Signals,
    mut recorder: Option<Recorder>,
    mut seen: impl FnMut(&Timeline) -> Result<(), Failure>,
) -> Result<Played, Failure> {
    let options = Options {
        speed: scenario.story.speed,
        seed: scenario.story.seed,
    };
    let mut timeline = Timeline::new(scenario.story.clone());
    let hold = extras.hold;
    let extras = Extras {
        program: program::own(),
        ..extras
    };
    let run = engine::start_with(Arc::new(scenario), &options, extras)?;
    let mut failure = None;
    let mut stopped: Option<Instant> = None;
    loop {
        match run.batches().recv_timeout(GLANCE) {
            Ok(batch) => {
                if let Some(recorder) = &mut recorder {
                    recorder.batch(&batch);
                }
                timeline.extend(batch);
                if failure.is_none() {
                    failure = seen(&timeline).err();
                }
                if hold && timeline.ended().is_some() {
                    break;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if failure.is_none() {
            failure = signals.seen().map(Failure::Signal);
        }
        match stopped {
            None if failure.is_some() => {
                run.stop();
                stopped = Some(Instant::now());
            }
            Some(since) if since.elapsed() > PATIENCE => break,
            _ => {}
        }
    }
    let recorded = recorder.map_or(Ok(()), |recorder| recorder.finish().map(drop));
    let failure = failure.or(recorded.err());
    Ok(Played {
        timeline,
        held: (hold && failure.is_none()).then_some(run),
        failure,
    })
}
