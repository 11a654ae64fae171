//! Runs a scenario to its end without a screen.

use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crate::app::failure::{Failure, Outcome};
use crate::app::signals::Signals;
use crate::cli::args::run::Form;
use crate::cli::play;
use crate::export::text;
use crate::output;
use loopscope_protocol::reply::{Reply, Slot};
use loopscope_protocol::request::{Client, Request};
use loopscope_timeline::Timeline;
use loopscope_trace::{Answers, Batch, Nanos, Story, Trace};

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
        match self.writer.as_mut().map(|writer| writer.news(timeline)) {
            Some(news) if !news.is_empty() => output::text(&news),
            _ => Ok(()),
        }
    }
}

/// Prints what follows the last event: what it came to, or the report.
pub(crate) fn result(timeline: &Timeline, form: Form) -> Outcome {
    if form.json {
        output::json(&crate::export::build::report(timeline))
    } else {
        output::text(&text::summary(timeline))
    }
}

/// Events that are played at once.
const PIECE: usize = 10_000;

/// Plays a recording a piece at a time, so that a long one is no single text in memory.
pub(crate) fn played(trace: Trace, form: Form) -> Result<Timeline, Failure> {
    let mut lines = play::Lines::default();
    lines.begin(&trace.story, form)?;
    let mut timeline = Timeline::new(trace.story).with_answers(trace.answers);
    let mut texts = trace.texts;
    for events in trace.events.chunks(PIECE) {
        timeline.extend(Batch {
            texts: std::mem::take(&mut texts),
            events: events.to_vec(),
            upto: events.last().map_or(Nanos::ZERO, |event| event.at),
        });
        lines.add(&timeline)?;
    }
    timeline.extend(Batch {
        texts,
        events: Vec::new(),
        upto: trace.upto,
    });
    lines.add(&timeline)?;
    Ok(timeline)
}
