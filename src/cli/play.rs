//! Runs a scenario to its end without a screen.

use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crate::app::failure::{Failure, Outcome};
use crate::app::signals::Signals;
use crate::cli::args::run::Form;
use crate::export::text;
use crate::output;
use loopscope_protocol::reply::{Reply, Slot};
use loopscope_protocol::request::{Client, Request};
use loopscope_timeline::{Spread, Timeline};
use loopscope_trace::{Answers, Story, Trace};

/// How often signals are looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// How long a stopped run may take to say its last words.
const PATIENCE: Duration = Duration::from_secs(2);

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Played {
    /// What happened.
    pub(crate) timeline: Timeline,
    /// The first thing that went wrong outside the run: a signal, stdout, the recording.
    pub(crate) failure: Option<Failure>,
}

/// Runs what the asker has open to its end. `begun` is called once it runs, `seen` after each
/// batch; when one of them fails, the run is stopped.
pub(crate) fn to_end(
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
                let story = match (result, failure.take()) {
                    (Ok(story), before) => {
                        failure = before;
                        *story
                    }
                    // What has stopped it before it began is the reason.
                    (Err(problem), before) => return Err(before.unwrap_or(problem.into())),
                };
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

/// Runs what the asker has open to its end, and tells nothing of it meanwhile.
pub(crate) fn quiet(
    client: &Client,
    knobs: Vec<(String, i64)>,
    signals: &Signals,
) -> Result<Timeline, Failure> {
    let played = to_end(client, knobs, signals, |_| Ok(()), |_| Ok(()))?;
    played.failure.map_or(Ok(played.timeline), Err)
}

/// Prints a run while it goes on, where lines were asked for.
#[derive(Default)]
pub(crate) struct Lines {
    writer: Option<text::Writer>,
}

impl Lines {
    /// Prints what is run.
    pub(crate) fn begin(&mut self, story: &Story, form: Form) -> Outcome {
        if !form.plain {
            return Ok(());
        }
        self.writer = Some(text::Writer::default());
        output::text(&text::header(story))
    }

    /// Prints what has happened since the last call.
    pub(crate) fn add(&mut self, timeline: &Timeline) -> Outcome {
        match &mut self.writer {
            Some(writer) => output::texts(writer.pieces(timeline)),
            None => Ok(()),
        }
    }
}

/// Prints what follows the last event: what it came to, or the report.
pub(crate) fn result(timeline: &Timeline, form: Form) -> Outcome {
    if form.json {
        output::json(&crate::export::build::report(timeline))
    } else {
        output::texts(text::summary(timeline))
    }
}

/// Plays a recording at once.
pub(crate) fn played(trace: Trace, form: Form) -> Result<Timeline, Failure> {
    let mut lines = Lines::default();
    lines.begin(&trace.story, form)?;
    let timeline = Timeline::from_trace(trace);
    lines.add(&timeline)?;
    Ok(timeline)
}

/// Runs what the asker has open so many times, and waits for what they came to.
pub(crate) fn many(
    client: &Client,
    knobs: &[(String, i64)],
    times: u32,
    signals: &Signals,
) -> Result<Spread, Failure> {
    let gone = || Failure::Io("the runs have ended before they were counted".to_owned());
    let request = Request::RunMany {
        number: 1,
        times,
        knobs: knobs.to_vec(),
        hurry: false,
    };
    client.requests.send(request).map_err(|_| gone())?;
    loop {
        match client.replies.recv_timeout(GLANCE) {
            Ok(Reply::Counted {
                spread, over: true, ..
            }) => return Ok(*spread),
            Err(RecvTimeoutError::Disconnected) => return Err(gone()),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(number) = signals.seen() {
            return Err(Failure::Signal(number));
        }
    }
}
