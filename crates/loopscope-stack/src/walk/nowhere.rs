//! In place of `stop.rs` on machines whose threads are not stopped.

use std::fs::File;
use std::time::Duration;

use crate::arch::Registers;

/// What was read of a thread while it was stopped.
pub(crate) struct Stopped {
    pub(crate) registers: Registers,
    pub(crate) stack: Vec<u8>,
    pub(crate) length: Duration,
}

/// Threads that were seized: none.
#[derive(Debug, Default)]
pub(crate) struct Seized;

impl Seized {
    /// Stops no thread.
    pub(crate) fn read(&mut self, _tid: u32, _memory: &File, _most: usize) -> Option<Stopped> {
        None
    }

    /// Lets none go on.
    pub(crate) fn let_go(&mut self) {}
}
