//! The connections of a watch: programs that come to it, and one that it goes to.

use std::io;
use std::os::unix::net::UnixListener;
use std::path::Path;

use crate::stream::frames::Frames;
use crate::stream::process::Stream;
use crate::stream::socket::{Address, Socket};
use crate::stream::told::{Frame, Hello, frame};

/// How many connections that have said nothing yet are kept.
const MOST: usize = 64;
/// How often it is tried to reach a program, in nanoseconds.
const AGAIN: u64 = 200_000_000;

/// Where programs come from.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    listener: Option<UnixListener>,
    /// The program that is gone to, whenever it is there.
    address: Option<Address>,
    tried: u64,
    /// Whether that one is connected.
    is_there: bool,
    /// Connections without a hello.
    new: Vec<(Frames, bool)>,
}

impl Streams {
    /// Programs that come to a socket in the file system.
    pub(crate) fn listen(path: &Path) -> io::Result<Self> {
        let listener = UnixListener::bind(path)?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            listener: Some(listener),
            ..Self::default()
        })
    }

    /// A program that waits for its watcher.
    pub(crate) fn connect(address: Address) -> Self {
        Self {
            address: Some(address),
            ..Self::default()
        }
    }

    /// The program that was gone to has ended: it is gone to again.
    pub(crate) const fn lost(&mut self) {
        self.is_there = false;
    }

    /// Programs that have come since: `number` is that of the first.
    pub(crate) fn join(&mut self, now: u64, number: usize, threshold: u64) -> Vec<(Stream, bool)> {
        self.accept();
        self.reach(now);
        let mut joined = Vec::new();
        for (mut frames, is_reached) in std::mem::take(&mut self.new) {
            match hello(&mut frames) {
                Some(Ok(hello)) => {
                    let number = number + joined.len();
                    if let Ok(stream) = Stream::new(hello, frames, number, threshold) {
                        joined.push((stream, is_reached));
                    }
                }
                None if frames.is_open() => self.new.push((frames, is_reached)),
                _ if is_reached => self.is_there = false,
                _ => {}
            }
        }
        joined
    }

    fn accept(&mut self) {
        while let Some(listener) = &self.listener
            && self.new.len() < MOST
        {
            let Ok((stream, _)) = listener.accept() else {
                return;
            };
            if let Ok(frames) = Socket::unix(stream).and_then(Frames::new) {
                self.new.push((frames, false));
            }
        }
    }

    fn reach(&mut self, now: u64) {
        let Some(address) = &self.address else { return };
        if self.is_there || now.saturating_sub(self.tried) < AGAIN {
            return;
        }
        self.tried = now;
        if let Ok(frames) = Socket::connect(address).and_then(Frames::new) {
            self.is_there = true;
            self.new.push((frames, true));
        }
    }
}

/// The first frame; an error where it is no hello.
fn hello(frames: &mut Frames) -> Option<Result<Hello, ()>> {
    frames.read();
    let bytes = frames.next()?;
    match frame(&bytes) {
        Some(Frame::Hello(hello)) => Some(Ok(hello)),
        _ => Some(Err(())),
    }
}
