//! Frames: a length of four bytes, and as many bytes. They are read on a thread of their own, so that the program is not held
//! up, nor loses anything, while what it told before is worked on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use std::{io, thread};

use crate::stream::socket::Socket;

/// The longest frame, in bytes.
const LONGEST: usize = 64 << 20;
/// How much is read at once, and how much may wait to be worked on: more would only make what is shown older.
const PIECE: usize = 1 << 16;
const MOST: usize = 2 << 20;
/// How long is waited for room.
const REST: Duration = Duration::from_millis(5);

/// What has come of one connection.
#[derive(Debug)]
struct Come {
    bytes: Vec<u8>,
    is_open: bool,
}

/// The frames of one connection.
#[derive(Debug)]
pub(crate) struct Frames {
    come: Arc<Mutex<Come>>,
    is_open: bool,
    bytes: Vec<u8>,
    /// Where the next frame begins.
    next: usize,
}

impl Frames {
    pub(crate) fn new(socket: Socket) -> io::Result<Self> {
        let come = Arc::new(Mutex::new(Come {
            bytes: Vec::new(),
            is_open: true,
        }));
        let own = Arc::downgrade(&come);
        thread::Builder::new()
            .name("loopscope-stream".to_owned())
            .spawn(move || fill(socket, &own))?;
        Ok(Self {
            come,
            is_open: true,
            bytes: Vec::new(),
            next: 0,
        })
    }

    /// Whether more may come.
    pub(crate) const fn is_open(&self) -> bool {
        self.is_open
    }

    /// Ends the connection: what came was no frame.
    pub(crate) fn close(&mut self) {
        let mut come = lock(&self.come);
        (come.is_open, self.is_open) = (false, false);
        self.bytes.clear();
        self.next = 0;
    }

    /// Takes what has come.
    pub(crate) fn read(&mut self) {
        self.bytes.drain(..self.next);
        self.next = 0;
        let mut come = lock(&self.come);
        self.is_open &= come.is_open;
        if self.bytes.is_empty() {
            std::mem::swap(&mut self.bytes, &mut come.bytes);
        } else {
            self.bytes.append(&mut come.bytes);
        }
    }

    /// The next whole frame; one that is too long ends the connection.
    pub(crate) fn next(&mut self) -> Option<Vec<u8>> {
        let rest = self.bytes.get(self.next..)?;
        let length = u32::from_le_bytes(rest.first_chunk().copied()?) as usize;
        if length > LONGEST {
            self.close();
            return None;
        }
        let frame = rest.get(4..4 + length)?.to_vec();
        self.next += 4 + length;
        Some(frame)
    }
}

fn lock(come: &Mutex<Come>) -> MutexGuard<'_, Come> {
    come.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads until the connection ends, or what it brings is wanted no more.
fn fill(mut socket: Socket, come: &Weak<Mutex<Come>>) {
    let mut piece = vec![0; PIECE];
    loop {
        let read = socket.read(&mut piece);
        let Some(shared) = come.upgrade() else { return };
        let mut come = lock(&shared);
        match read {
            Some(count) => come.bytes.extend_from_slice(&piece[..count]),
            None => come.is_open = false,
        }
        if !come.is_open {
            return;
        }
        while come.bytes.len() >= MOST {
            drop(come);
            thread::sleep(REST);
            come = lock(&shared);
            if Arc::strong_count(&shared) == 1 {
                return;
            }
        }
    }
}
