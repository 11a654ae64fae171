//! Where tokio-console attaches: one address a process, from its first success to the end.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::Mutex;

use crate::console::shared::{ConsoleError, Shared};

/// Where tokio-console looks unless it is told otherwise.
pub const DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 6669);

/// A listener that is open until the end of the process. Clones are the same listener.
#[derive(Clone, Debug)]
pub struct Console {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// The one of this process.
static OPEN: Mutex<Option<Console>> = Mutex::new(None);

impl Console {
    /// Listens on `address`, of which port 0 is a free one. Call it before the runtimes that are to
    /// be seen are built. Where it listens already, it stays where it is.
    ///
    /// # Errors
    /// Where tokio-console cannot attach; the runtimes work as before.
    pub fn open(address: SocketAddr) -> Result<Self, ConsoleError> {
        let mut open = OPEN.lock();
        if let Some(open) = &*open {
            return if open.serves() {
                Ok(open.clone())
            } else {
                Err(ConsoleError::Ended)
            };
        }
        let first = Self::first(address)?;
        *open = Some(first.clone());
        Ok(first)
    }

    #[cfg(not(tokio_unstable))]
    fn first(_address: SocketAddr) -> Result<Self, ConsoleError> {
        Err(ConsoleError::Reduced)
    }

    #[cfg(tokio_unstable)]
    fn first(address: SocketAddr) -> Result<Self, ConsoleError> {
        // The port first: what cannot be served must not be installed.
        let refused = |error: &std::io::Error| ConsoleError::refusal(address, error);
        let listener = std::net::TcpListener::bind(address).map_err(|error| refused(&error))?;
        let real = listener.local_addr().map_err(|error| refused(&error))?;
        let shared = Arc::new(Shared::default());
        crate::console::spawns::switch_on();
        crate::console::server::start(listener, Arc::clone(&shared), refused)?;
        Ok(Self {
            address: real,
            shared,
        })
    }

    /// Where it listens, with the port that it got.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many are attached: connections on which something was said.
    pub fn attached(&self) -> usize {
        self.shared.attached.load(Ordering::Acquire)
    }

    /// Whether it still serves.
    pub fn serves(&self) -> bool {
        !self.shared.ended.load(Ordering::Acquire)
    }

    /// Whether only this machine can attach.
    pub const fn is_private(&self) -> bool {
        self.address.ip().is_loopback()
    }
}
