//! `loopscope run --times N`: many runs of one scenario, and what they came to.

use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use super::args::Form;
use super::failure::Failure;
use super::prepare::Wish;
use super::signals::Signals;
use super::{Outcome, output};
use crate::export::spread;
use loopscope_protocol::reply::Reply;
use loopscope_protocol::request::{Client, Request};
use loopscope_timeline::Spread;
use loopscope_trace::Story;

/// How often signals are looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// Runs a scenario so many times, one after the other, and prints how the runs differ.
pub(super) fn spread(
    client: &Client,
    story: &Story,
    knobs: &[(String, i64)],
    times: u32,
    form: Form,
) -> Outcome {
    let signals = Signals::listen();
    let all = count(client, knobs, times, &signals)?;
    let report = spread::report(story, &all);
    if form.json {
        output::json(&report)
    } else {
        output::text(&spread::text(&report))
    }
}

fn count(
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

/// Each run makes random choices of its own, and the same ones whenever it is repeated.
pub(super) fn seeded(wish: &Wish, run: u32) -> Wish {
    Wish {
        seed: wish.seed.wrapping_add(u64::from(run)),
        ..wish.clone()
    }
}

/// Many runs need somebody who reads the result.
pub(super) fn demand_form(form: Form) -> Outcome {
    if form.json || form.plain {
        return Ok(());
    }
    Err(Failure::Usage(
        "--times counts many runs without a screen: add --plain for a chart or --json for a report; on the stage, R does it".to_owned(),
    ))
}
