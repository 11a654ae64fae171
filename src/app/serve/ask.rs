//! How a command asks and waits for the answer.

use std::path::Path;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crate::app::failure::Failure;
use crate::app::signals;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::{Closed, Half, Recorded, Reply};
use loopscope_protocol::request::{Client, Command, Request};
use loopscope_trace::{Language, Story};

/// How often signals are looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// How long one waits for what is to be completed after a signal.
const PATIENCE: Duration = Duration::from_secs(2);

/// Opens a scenario by what was typed.
pub(crate) fn open(client: &Client, name: &str) -> Result<Story, Failure> {
    let story = one(
        client,
        Request::Open(name.to_owned()),
        |reply| match reply {
            Reply::Opened(story) => Some(story),
            _ => None,
        },
    )?;
    Ok(*story)
}

/// Opens a program of the user's own, to be watched.
pub(crate) fn watch(client: &Client, command: Command) -> Result<Story, Failure> {
    let story = one(client, Request::Watch(command), |reply| match reply {
        Reply::Opened(story) => Some(story),
        _ => None,
    })?;
    Ok(*story)
}

/// The story of what is open with these values of its knobs.
pub(crate) fn turned(client: &Client, knobs: &[(String, i64)]) -> Result<Story, Failure> {
    let story = one(client, Request::Turn(knobs.to_vec()), |reply| match reply {
        Reply::Turned(story) => Some(story),
        _ => None,
    })?;
    Ok(*story)
}

/// Opens a scenario or a recording, whichever has this name.
pub(crate) fn open_either(client: &Client, name: &str) -> Result<Half, Failure> {
    let request = Request::OpenEither(name.to_owned());
    let half = one(client, request, |reply| match reply {
        Reply::OpenedEither(half) => Some(half),
        _ => None,
    })?;
    Ok(*half)
}

/// What is open as a program.
pub(crate) fn program(
    client: &Client,
    language: Language,
    knobs: &[(String, i64)],
) -> Result<String, Failure> {
    let knobs = knobs.to_vec();
    one(
        client,
        Request::Program { language, knobs },
        |reply| match reply {
            Reply::Program(text) => Some(text),
            _ => None,
        },
    )
}

/// Sets the pace of the runs from now on: scenario seconds in a wall second, their own where `None`.
pub(crate) fn pace(client: &Client, pace: Option<f64>) -> Result<(), Failure> {
    client
        .requests
        .send(Request::Pace(pace))
        .map_err(|_| gone())
}

/// Opens two that are compared.
pub(crate) fn open_pair(client: &Client, names: [String; 2]) -> Result<Box<[Half; 2]>, Failure> {
    one(client, Request::OpenPair(names), |reply| match reply {
        Reply::Paired(halves) => Some(halves),
        _ => None,
    })
}

/// Opens a recording.
pub(crate) fn open_recording(client: &Client, path: &Path) -> Result<Recorded, Failure> {
    let request = Request::OpenRecording(path.to_owned());
    let recorded = one(client, request, |reply| match reply {
        Reply::Recorded(recorded) => Some(recorded),
        _ => None,
    })?;
    Ok(*recorded)
}

/// Asks to leave, and waits until recordings and progress are whole; where a signal wants the program
/// to end, not for long: a pipe may have no reader.
pub(crate) fn leave(client: &Client) -> Option<Closed> {
    client.requests.send(Request::Close).ok()?;
    let mut signal: Option<Instant> = None;
    loop {
        match client.replies.recv_timeout(GLANCE) {
            Ok(Reply::Closed(closed)) => return Some(*closed),
            Err(RecvTimeoutError::Disconnected) => return None,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
        if signals::seen().is_some() {
            let since = *signal.get_or_insert_with(Instant::now);
            if since.elapsed() > PATIENCE {
                return None;
            }
        }
    }
}

/// Asks, and waits for the first reply that is the answer, or for a signal.
fn one<T>(
    client: &Client,
    request: Request,
    is: impl Fn(Reply) -> Option<Result<T, Problem>>,
) -> Result<T, Failure> {
    client.requests.send(request).map_err(|_| gone())?;
    loop {
        match client.replies.recv_timeout(GLANCE) {
            Ok(reply) => {
                if let Some(answer) = is(reply) {
                    return answer.map_err(Failure::from);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return Err(gone()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        // What is opened may be a pipe that nothing writes to.
        if let Some(number) = signals::seen() {
            return Err(Failure::Signal(number));
        }
    }
}

fn gone() -> Failure {
    Failure::Io("the application has ended".to_owned())
}
