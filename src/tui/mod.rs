//! 5b ON SCREEN: a timeline becomes frames, and keys become wishes.
//!
//! *In:* keys, a [`port::Port`], and the batches that it sends. *Out:* frames.
//! *Invariant:* `update` does no I/O and `view` changes nothing. *Absent on purpose:* tokio, the
//! engine, files: whatever the screen wants from outside goes through the port.

pub mod message;
pub mod port;
pub mod screens;
pub mod settings;
pub mod text;
pub mod theme;
pub mod view_parts;

pub use settings::{Exit, Settings, Start, ThemeChoice};

use port::Port;

/// Takes over the terminal until somebody quits.
///
/// # Errors
/// Where the terminal cannot be written to or set up.
pub fn run(_port: Box<dyn Port>, _start: Start, _settings: Settings) -> std::io::Result<Exit> {
    Ok(Exit::Quit)
}
