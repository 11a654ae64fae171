//! The connection to the watcher: made again and again, written to without waiting.

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::stream::address::{Address, Place};

/// How much is kept for a reader that is slow, in bytes.
pub(crate) const MOST: usize = 4 << 20;
/// How long a reader may read nothing at the end of the program.
const STILL: Duration = Duration::from_millis(150);
/// How often it is tried to connect.
const AGAIN: Duration = Duration::from_millis(200);

/// Where bytes go.
#[derive(Debug)]
enum Stream {
    Unix(UnixStream),
    Tcp(TcpStream),
}

#[derive(Debug)]
enum Listener {
    Unix(UnixListener),
    Tcp(TcpListener),
}

/// The way to the watcher.
#[derive(Debug)]
pub(crate) struct Link {
    address: Address,
    listener: Option<Listener>,
    stream: Option<Stream>,
    tried: Option<Instant>,
    /// Why it could not listen, once.
    refused: Option<String>,
    buffer: Vec<u8>,
    /// How much of the buffer was written.
    written: usize,
}

impl Link {
    pub(crate) const fn new(address: Address) -> Self {
        Self {
            address,
            listener: None,
            stream: None,
            tried: None,
            refused: None,
            buffer: Vec::new(),
            written: 0,
        }
    }

    /// Whether there is a watcher.
    pub(crate) const fn is_up(&self) -> bool {
        self.stream.is_some()
    }

    /// Whether what waits to be written is as much as may wait.
    pub(crate) fn is_full(&self) -> bool {
        self.buffer.len() - self.written >= MOST
    }

    /// Looks for a watcher where there is none; whether one has come just now.
    pub(crate) fn connect(&mut self) -> bool {
        let early = self.tried.is_some_and(|tried| tried.elapsed() < AGAIN);
        if self.is_up() || (early && self.listener.is_none()) {
            return false;
        }
        self.tried = Some(Instant::now());
        self.stream = if self.address.listens {
            self.accept()
        } else {
            dial(&self.address.place).ok()
        };
        self.buffer.clear();
        self.written = 0;
        self.is_up()
    }

    fn accept(&mut self) -> Option<Stream> {
        if self.listener.is_none() {
            match listen(&self.address.place) {
                Ok(listener) => self.listener = Some(listener),
                Err(error) => {
                    if self.refused.is_none() {
                        eprintln!("loopscope: not watched yet, nothing can listen there: {error}");
                    }
                    self.refused = Some(error.to_string());
                }
            }
        }
        match self.listener.as_ref()? {
            Listener::Unix(listener) => {
                let (stream, _) = listener.accept().ok()?;
                stream.set_nonblocking(true).ok()?;
                Some(Stream::Unix(stream))
            }
            Listener::Tcp(listener) => {
                let (stream, _) = listener.accept().ok()?;
                stream.set_nonblocking(true).ok()?;
                Some(Stream::Tcp(stream))
            }
        }
    }

    /// Adds a frame: its length and its bytes.
    pub(crate) fn add(&mut self, frame: &[u8]) {
        let length = u32::try_from(frame.len()).unwrap_or(u32::MAX);
        self.buffer.extend_from_slice(&length.to_le_bytes());
        self.buffer.extend_from_slice(frame);
    }

    /// Writes what the system takes at once.
    pub(crate) fn write(&mut self) {
        while self.written < self.buffer.len() {
            let rest = &self.buffer[self.written..];
            let done = match &mut self.stream {
                Some(Stream::Unix(stream)) => stream.write(rest),
                Some(Stream::Tcp(stream)) => stream.write(rest),
                None => return,
            };
            match done {
                Ok(0) => return self.drop_stream(),
                Ok(count) => self.written += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return self.drop_stream(),
            }
        }
        self.buffer.drain(..self.written);
        self.written = 0;
    }

    /// Writes all that is left, as long as the reader reads and the time lasts.
    pub(crate) fn flush(&mut self, most: Duration) {
        let began = Instant::now();
        let (mut left, mut moved) = (usize::MAX, began);
        loop {
            self.write();
            if self.buffer.len() < left {
                (left, moved) = (self.buffer.len(), Instant::now());
            }
            if left == 0 || moved.elapsed() > STILL || began.elapsed() > most {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn drop_stream(&mut self) {
        self.stream = None;
        self.buffer.clear();
        self.written = 0;
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if let (Some(Listener::Unix(_)), Place::Path(path)) = (&self.listener, &self.address.place)
        {
            let _ = fs::remove_file(path);
        }
    }
}

fn dial(place: &Place) -> io::Result<Stream> {
    match place {
        Place::Path(path) => {
            let stream = UnixStream::connect(path)?;
            stream.set_nonblocking(true)?;
            Ok(Stream::Unix(stream))
        }
        Place::Port(address) => {
            let stream = TcpStream::connect_timeout(address, AGAIN)?;
            stream.set_nonblocking(true)?;
            Ok(Stream::Tcp(stream))
        }
    }
}

fn listen(place: &Place) -> io::Result<Listener> {
    match place {
        Place::Path(path) => {
            remove_abandoned(path);
            let listener = UnixListener::bind(path)?;
            // For its owner only.
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
            listener.set_nonblocking(true)?;
            Ok(Listener::Unix(listener))
        }
        Place::Port(address) => {
            let listener = TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            Ok(Listener::Tcp(listener))
        }
    }
}

/// Removes the socket of a program that was killed: none listens there any more.
fn remove_abandoned(path: &Path) {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|data| data.file_type().is_socket());
    if is_socket && UnixStream::connect(path).is_err() {
        let _ = fs::remove_file(path);
    }
}
