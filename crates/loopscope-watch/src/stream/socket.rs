//! A connection to a program: to its socket in the file system, or to a port on loopback.

use std::fmt;
use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

/// How long a program may take to accept, and a read may wait.
const PATIENCE: Duration = Duration::from_millis(200);

/// Where a program waits for its watcher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A socket in the file system.
    Path(PathBuf),
    /// A port on loopback.
    Port(SocketAddr),
}

impl Address {
    /// Reads `/path` or `127.0.0.1:7000`, also as the program's own variable has it, with `listen:` before it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("listen:").unwrap_or(text);
        if text.starts_with('/') {
            return Some(Self::Path(text.into()));
        }
        let port = text.parse::<SocketAddr>().ok();
        port.filter(|port| port.ip().is_loopback()).map(Self::Port)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            Self::Port(port) => port.fmt(f),
        }
    }
}

/// A connection; a read waits for a moment only.
#[derive(Debug)]
pub(crate) enum Socket {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Socket {
    /// Connects to a program that waits.
    pub(crate) fn connect(address: &Address) -> io::Result<Self> {
        match address {
            Address::Path(path) => Self::unix(UnixStream::connect(path)?),
            Address::Port(port) => {
                let stream = TcpStream::connect_timeout(port, PATIENCE)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                Ok(Self::Tcp(stream))
            }
        }
    }

    /// A connection that a program has made.
    pub(crate) fn unix(stream: UnixStream) -> io::Result<Self> {
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self::Unix(stream))
    }

    /// Reads what comes. `None`: the program has closed it, or has ended.
    pub(crate) fn read(&mut self, bytes: &mut [u8]) -> Option<usize> {
        let read = match self {
            Self::Unix(stream) => stream.read(bytes),
            Self::Tcp(stream) => stream.read(bytes),
        };
        match read {
            Ok(0) => None,
            Ok(count) => Some(count),
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Some(0),
                _ => None,
            },
        }
    }
}
