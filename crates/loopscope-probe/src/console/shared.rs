//! What the listener and its connections share, and why there is no listening.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize};

/// Why tokio-console cannot attach.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsoleError {
    /// This build has no hooks.
    #[error(
        "tokio-console cannot attach: this program was built without tokio_unstable, so tokio tells it nothing; build it in the project's folder with no RUSTFLAGS set"
    )]
    Reduced,
    /// Another program listens there.
    #[error(
        "tokio-console cannot attach: {0} is in use; end the program that listens there, or take --console=127.0.0.1:0 for a free port"
    )]
    InUse(SocketAddr),
    /// The system refuses the address.
    #[error("tokio-console cannot attach: no listening on {0}: {1}")]
    Refused(SocketAddr, String),
    /// Another library of this process has installed its own default.
    #[error("tokio-console cannot attach: this process already sends its traces elsewhere")]
    Taken,
    /// The thread that serves has ended.
    #[error("tokio-console cannot attach any more: its server has ended")]
    Ended,
}

#[cfg_attr(not(tokio_unstable), expect(dead_code, reason = "nothing is bound"))]
impl ConsoleError {
    pub(crate) fn refusal(address: SocketAddr, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::AddrInUse {
            return Self::InUse(address);
        }
        let text = error.to_string();
        let reason = text.split(" (os error").next().unwrap_or_default();
        Self::Refused(address, reason.to_owned())
    }
}

/// How the server stands.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) attached: AtomicUsize,
    pub(crate) ended: AtomicBool,
}
