//! Runs a scenario to its end without a screen.

use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use super::failure::Failure;
use super::program;
use super::signals::Signals;
use loopscope_lab::engine::{self, Extras, Options};
use loopscope_lab::scenario::Scenario;
use loopscope_protocol::reply::{Reply, Slot};
use loopscope_protocol::request::{Client, Request};
use loopscope_timeline::Timeline;
use loopscope_trace::{Answers, Story};

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
}

/// Runs what the asker has open to its end. `begun` is called once it runs, `seen` after each
/// batch; when one of them fails, the run is stopped.
pub(super) fn to_end(
    client: &Client,
    knobs: Vec<(String, i64)>,
    signals: &Signals,
    begun: impl FnOnce(&Story) -> Result<(), Failure>,
    mut seen: impl FnMut(&Timeline) -> Result<(), Failure>,
) -> Result<Played, Failure> {
    let run = Request::Run {
        slot: Slot::Only,
        number: 1,
        knobs,
        answers: Answers::default(),
    };
    let ask = |request| {
        let sent = client.requests.send(request);
        sent.map_err(|_| Failure::Io("the application has ended".to_owned()))
    };
    ask(run)?;
    let mut begun = Some(begun);
    let mut timeline = Timeline::new(Story::default());
    let mut failure = None;
    let mut stopped: Option<Instant> = None;
    loop {
        match client.replies.recv_timeout(GLANCE) {
            Ok(Reply::Started { result, .. }) => {
                let story = *result?;
                if let (Some(begun), None) = (begun.take(), &failure) {
                    failure = begun(&story).err();
                }
                timeline = Timeline::new(story);
            }
            Ok(Reply::Batch { batch, .. }) => {
                timeline.extend(batch);
                if failure.is_none() {
                    failure = seen(&timeline).err();
                }
            }
            Ok(Reply::Ended { recording, .. }) => {
                failure = failure.or(recording.err().map(Failure::from));
                break;
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
        if failure.is_none() {
            failure = signals.seen().map(Failure::Signal);
        }
        match stopped {
            None if failure.is_some() => {
                ask(Request::Stop)?;
                stopped = Some(Instant::now());
            }
            Some(since) if since.elapsed() > PATIENCE * 2 => break,
            _ => {}
        }
    }
    Ok(Played { timeline, failure })
}

/// Runs a scenario that only this command knows, to its end.
pub(super) fn play(scenario: Scenario, signals: &Signals) -> Result<Timeline, Failure> {
    let options = Options {
        speed: scenario.story.speed,
        seed: scenario.story.seed,
    };
    let mut timeline = Timeline::new(scenario.story.clone());
    let extras = Extras {
        program: program::own(),
        ..Extras::default()
    };
    let run = engine::start_with(Arc::new(scenario), &options, extras)?;
    loop {
        match run.batches().recv_timeout(GLANCE) {
            Ok(batch) => timeline.extend(batch),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if let Some(number) = signals.seen() {
            run.stop();
            let since = Instant::now();
            while since.elapsed() < PATIENCE
                && !matches!(
                    run.batches().recv_timeout(GLANCE),
                    Err(RecvTimeoutError::Disconnected)
                )
            {}
            return Err(Failure::Signal(number));
        }
    }
    Ok(timeline)
}
