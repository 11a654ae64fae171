//! How a command asks and waits for the answer.

use std::path::Path;

use crate::app::failure::Failure;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::{Half, Left, Recorded, Reply};
use loopscope_protocol::request::{Client, Request};
use loopscope_trace::Story;

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
pub(crate) fn leave(client: &Client) -> Option<Left> {
    client.requests.send(Request::Leave).ok()?;
    client.replies.iter().find_map(|reply| match reply {
        Reply::Left(left) => Some(*left),
        _ => None,
    })
}

/// Asks, and waits for the first reply that is the answer.
fn one<T>(
    client: &Client,
    request: Request,
    is: impl Fn(Reply) -> Option<Result<T, Problem>>,
) -> Result<T, Failure> {
    let gone = || Failure::Io("the application has ended".to_owned());
    client.requests.send(request).map_err(|_| gone())?;
    let answer = client.replies.iter().find_map(is);
    answer.ok_or_else(gone)?.map_err(Failure::from)
}
