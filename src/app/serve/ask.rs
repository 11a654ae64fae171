//! How a command asks and waits for the answer.

use std::path::Path;

use crate::app::failure::Failure;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::{Closed, Half, Recorded, Reply};
use loopscope_protocol::request::{Client, Request};
use loopscope_trace::{Language, Story};

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

/// Asks to leave, and waits until recordings and progress are whole.
pub(crate) fn leave(client: &Client) -> Option<Closed> {
    client.requests.send(Request::Close).ok()?;
    client.replies.iter().find_map(|reply| match reply {
        Reply::Closed(left) => Some(*left),
        _ => None,
    })
}

/// Asks, and waits for the first reply that is the answer.
fn one<T>(
    client: &Client,
    request: Request,
    is: impl Fn(Reply) -> Option<Result<T, Problem>>,
) -> Result<T, Failure> {
    client.requests.send(request).map_err(|_| gone())?;
    let answer = client.replies.iter().find_map(is);
    answer.ok_or_else(gone)?.map_err(Failure::from)
}

fn gone() -> Failure {
    Failure::Io("the application has ended".to_owned())
}
