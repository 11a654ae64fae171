//! tokio-console's door: lets it attach to the runtimes that this process builds.
//!
//! *In:* an address. *Out:* the state of the door: where it listens, and how many are attached.
//! *Invariant:* nothing is installed before it is asked for, nothing is ever printed, and it is
//! served by a thread and a runtime of its own, so that it answers while a watched loop is blocked.
//! *Absent on purpose:* a way to close it; tracing's default is for the life of a process.

#[cfg(tokio_unstable)]
mod connection;
mod hidden;
#[cfg(tokio_unstable)]
mod server;

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

pub use self::hidden::{Hidden, hide};

/// Where tokio-console looks unless it is told otherwise.
pub const DEFAULT: SocketAddr = SocketAddr::new(
    std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
    DEFAULT_PORT,
);
const DEFAULT_PORT: u16 = 6669;

/// How long an ended task stays on the list of those who attach late: longer than a glance to
/// another terminal takes, and at 49 KiB a task not so long that hundreds of runs would add up.
pub const RETENTION: Duration = Duration::from_secs(15);
/// Between two looks that those who are attached get.
pub const PERIOD: Duration = Duration::from_millis(200);
/// Slower turns are counted as this slow; a wider histogram would cost every task more memory.
#[cfg(tokio_unstable)]
const SLOWEST: Duration = Duration::from_secs(1);
/// Spawns that wait for the server's next look. It looks early when half of it is full.
#[cfg(tokio_unstable)]
const BUFFER: usize = 16 * 1024;

/// Why tokio-console cannot attach.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsoleError {
    /// This build has no hooks.
    #[error(
        "tokio-console cannot attach: this program was built without tokio_unstable, so tokio tells it nothing; build it in the project's folder with no RUSTFLAGS set"
    )]
    Reduced,
    /// Somebody else listens there.
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

/// The door, open from its first success to the end of the process. Clones are the same door.
#[derive(Clone, Debug)]
pub struct Console {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    attached: AtomicUsize,
    ended: AtomicBool,
}

/// One door a process.
static DOOR: OnceLock<Mutex<Option<Console>>> = OnceLock::new();

impl Console {
    /// Opens the door at `address`, of which port 0 is a free one. Call it before the runtimes
    /// that are to be seen are built. Where it is open already, it stays where it is.
    ///
    /// # Errors
    /// Where nobody can attach; the runtimes work as before.
    pub fn open(address: SocketAddr) -> Result<Self, ConsoleError> {
        let door = DOOR.get_or_init(Mutex::default);
        let mut door = door.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = &*door {
            return if open.shared.ended.load(Ordering::Acquire) {
                Err(ConsoleError::Ended)
            } else {
                Ok(open.clone())
            };
        }
        let open = Self::first(address)?;
        *door = Some(open.clone());
        Ok(open)
    }

    #[cfg(not(tokio_unstable))]
    fn first(_address: SocketAddr) -> Result<Self, ConsoleError> {
        Err(ConsoleError::Reduced)
    }

    #[cfg(tokio_unstable)]
    fn first(address: SocketAddr) -> Result<Self, ConsoleError> {
        // The port first: what cannot be served must not be installed.
        let refused = |error: &io::Error| refusal(address, error);
        let listener = std::net::TcpListener::bind(address).map_err(|error| refused(&error))?;
        let real = listener.local_addr().map_err(|error| refused(&error))?;
        let shared = Arc::new(Shared::default());
        hidden::switch_on();
        server::start(listener, Arc::clone(&shared), refused)?;
        Ok(Self {
            address: real,
            shared,
        })
    }

    /// Where it listens, with the port that it got.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many are attached: connections on which somebody has spoken.
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

/// Whether tokio-console can attach to runtimes that are built from now on.
pub fn is_on() -> bool {
    hidden::is_on()
}

#[cfg_attr(not(tokio_unstable), expect(dead_code, reason = "nothing is bound"))]
fn refusal(address: SocketAddr, error: &io::Error) -> ConsoleError {
    if error.kind() == io::ErrorKind::AddrInUse {
        return ConsoleError::InUse(address);
    }
    let text = error.to_string();
    let reason = text.split(" (os error").next().unwrap_or_default();
    ConsoleError::Refused(address, reason.to_owned())
}
