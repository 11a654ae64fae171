//! `--console`: opens tokio-console's door, and says how it stands.

use std::net::{SocketAddr, ToSocketAddrs};

use super::failure::say;
use loopscope_probe::console::{Console, ConsoleError};
use loopscope_protocol::console::ConsoleState;

/// Reads an address: an IP and a port, or `localhost` and a port.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let wish = "an address is an IP and a port, such as 127.0.0.1:6669";
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    // Other names could ask the network and make the start wait.
    let local = text
        .strip_prefix("localhost:")
        .and_then(|port| port.parse::<u16>().ok());
    local
        .and_then(|port| ("localhost", port).to_socket_addrs().ok()?.next())
        .ok_or_else(|| wish.to_owned())
}

/// The door as the command line and the screen see it.
#[derive(Clone, Debug, Default)]
pub(super) enum Door {
    /// Nobody has asked for it.
    #[default]
    Shut,
    /// Open.
    Open(Console),
    /// It could not be opened.
    Failed(ConsoleError),
}

impl Door {
    /// Opens it, if it was asked for. A failure is kept: the scenario runs all the same.
    pub(super) fn open(address: Option<SocketAddr>) -> Self {
        match address.map(Console::open) {
            None => Self::Shut,
            Some(Ok(console)) => Self::Open(console),
            Some(Err(error)) => Self::Failed(error),
        }
    }

    /// How it stands now.
    pub(super) fn state(&self) -> ConsoleState {
        match self {
            Self::Shut => ConsoleState::Off,
            Self::Failed(error) => ConsoleState::Failed(error.to_string()),
            Self::Open(console) if !console.serves() => {
                ConsoleState::Failed(ConsoleError::Ended.to_string())
            }
            Self::Open(console) => ConsoleState::Listening {
                address: console.address().to_string(),
                private: console.is_private(),
                attached: console.attached(),
            },
        }
    }
}

/// Opens the door for a run without a screen, and says on stderr what came of it.
pub(super) fn tell(address: Option<SocketAddr>) {
    let state = Door::open(address).state();
    match &state {
        ConsoleState::Off => {}
        ConsoleState::Failed(why) => say(format!("loopscope: {why}")),
        ConsoleState::Listening { address, .. } => {
            let line = state.line().unwrap_or_default();
            say(format!(
                "loopscope: tokio-console can attach at {address}: {line}"
            ));
        }
    }
    if let Some(warning) = state.warning() {
        say(format!("loopscope: {warning}"));
    }
}
