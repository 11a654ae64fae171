//! Where the stream goes: `LOOPSCOPE_SOCKET`.

use std::net::SocketAddr;
use std::path::PathBuf;

/// The name of the variable that says whether the program is watched, and by whom.
pub(crate) const VARIABLE: &str = "LOOPSCOPE_SOCKET";
/// What an address begins with at which the program waits for its watcher.
const LISTEN: &str = "listen:";

/// A place on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A socket in the file system.
    Path(PathBuf),
    /// A port on loopback.
    Port(SocketAddr),
}

/// Whether the program goes to its watcher, or waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) place: Place,
    pub(crate) listens: bool,
}

impl Address {
    /// Reads `/path`, `127.0.0.1:7000`, `listen:/path` or `listen:127.0.0.1:7000`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix(LISTEN);
        let listens = rest.is_some();
        let place = rest.unwrap_or(text);
        if place.starts_with('/') {
            let place = Place::Path(place.into());
            return Ok(Self { place, listens });
        }
        let port = place.parse::<SocketAddr>().ok();
        // What a program does is for those on its machine.
        match port.filter(|address| address.ip().is_loopback()) {
            Some(address) => Ok(Self {
                place: Place::Port(address),
                listens,
            }),
            None => Err(format!(
                "{VARIABLE}={text:?} is neither a path nor a port on loopback, such as 127.0.0.1:7000; `{LISTEN}` before it waits there"
            )),
        }
    }
}
