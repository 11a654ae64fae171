//! 5b ON SCREEN: a timeline becomes frames, and keys become wishes.
//!
//! *In:* keys, a [`crate::port::Port`], and the batches that it sends. *Out:* frames.
//! *Invariant:* `update` does no I/O and `view` changes nothing. *Absent on purpose:* tokio, the
//! engine, files: whatever the screen wants from outside goes through the port.

pub mod change;
pub mod driver;
pub mod effect;
pub mod keys;
pub mod layout;
pub mod message;
pub mod model;
pub mod notes;
pub mod own;
pub(crate) mod panes;
pub mod port;
pub mod screens;
pub mod session;
pub mod settings;
pub mod terminal;
pub mod text;
pub mod update;
pub mod widgets;

pub use settings::settings::{AutoStop, Settings, ThemeChoice};
pub use settings::start::{Exit, Start};

use crate::driver::{Channel, Surface};
use crate::effect::Effect;
use crate::model::model::Model;
use crate::port::Port;
use crate::terminal::{palette, screen};

/// Takes over the terminal until somebody quits.
///
/// # Errors
/// Where the terminal cannot be written to or set up.
pub fn run(mut port: Box<dyn Port>, start: Start, settings: Settings) -> std::io::Result<Exit> {
    let channel = Channel::default();
    port.listen(channel.sender.clone());
    let palette = palette::palette(&settings);
    let mut model = Model::new(port.menu(), palette, &settings);
    model.instant = port.instant(None);
    for sentence in model.know(port.progress()) {
        // By the channel, so that it is said after the start's own wishes.
        drop(channel.sender.send(message::Message::Tell(sentence)));
    }
    let opened = model.begin(start);
    let first = std::iter::once(Effect::Console { open: false })
        .chain(opened)
        .collect();
    let mut screen = screen::Screen::open(&channel.sender)?;
    model.size = screen.size();
    port.offer_notes(channel.sender.clone());
    driver::drive(&mut model, &mut screen, port.as_mut(), &channel, first)
}
